"""When timers are due: on the command's instant, by our own arithmetic, within bounds."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.workflows.engine.walking import NOW, RememberingHost
from workflows.engine.environment import FeelEngine
from workflows.engine.errors import ExpressionError
from workflows.engine.timing import SHANGHAI, Due, due, next_round

ROOT = Path(__file__).parents[3]
JANUARY_31 = datetime(2026, 1, 31, 2, 0, tzinfo=UTC)
APRIL_1 = datetime(2026, 3, 31, 21, 0, tzinfo=UTC)
"""In Shanghai; further west it is still March, and a month has another last day."""


def at(form, text, now=NOW, **scope):
    return due(form, text, scope, FeelEngine(RememberingHost(), now), "t")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("P2D", NOW + timedelta(days=2)),
        ("PT90M", NOW + timedelta(minutes=90)),
        ('duration("P2D")', NOW + timedelta(days=2)),
        ("duration(span)", NOW + timedelta(hours=5)),
        ("workdays(3)", datetime(2026, 3, 6, 0, 0, tzinfo=SHANGHAI)),
        ("-P1D", NOW - timedelta(days=1)),
    ],
)
def test_a_duration_counts_from_the_command(text, expected):
    if text.startswith("-P"):
        text = 'duration("-P1D")'
    assert at("duration", text, span="PT5H").at == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-05-01T09:00:00+08:00", datetime(2026, 5, 1, 1, 0, tzinfo=UTC)),
        ('date and time("2026-05-01T09:00:00@Asia/Shanghai")', datetime(2026, 5, 1, 1, 0, tzinfo=UTC)),
        ("end of day(day)", datetime(2026, 5, 1, 16, 0, tzinfo=UTC)),
        ("start of day(day)", datetime(2026, 4, 30, 16, 0, tzinfo=UTC)),
        ("end of day(add workdays(day, 2))", datetime(2026, 5, 3, 16, 0, tzinfo=UTC)),
        ('end of day(day + duration("P7D"))', datetime(2026, 5, 8, 16, 0, tzinfo=UTC)),
    ],
)
def test_a_moment_has_a_zone(text, expected):
    assert at("date", text, day=date(2026, 5, 1)).at == expected


@pytest.mark.parametrize(
    ("form", "text", "reason"),
    [
        ("date", "2026-05-01T09:00:00", "zone"),
        ("date", "day", "zone"),
        ("date", '"tomorrow"', "timer"),
        ("date", "5", "timer"),
        ("date", "nothing", "horizon"),
        ("date", "2046-05-01T09:00:00Z", "horizon"),
        ("duration", "P11Y", "horizon"),
        ("duration", "P4000D", "horizon"),
        ("duration", "P4000000M", "horizon"),
        ("duration", "P999999999M", "horizon"),
        ("duration", "PT999999999999999S", "horizon"),
        ("cycle", "R/P1D", "cycle"),
        ("cycle", "R0/P1D", "cycle"),
        ("cycle", "R101/P1D", "cycle"),
        ("cycle", "R3/PX", "cycle"),
        ("cycle", '"R3"', "cycle"),
        ("cycle", "5", "cycle"),
        ("cycle", "R3/PT59S", "period"),
        ("cycle", "R3/P11Y", "horizon"),
    ],
)
def test_trap_09_a_time_that_cannot_be_meant_is_refused_at_once(form, text, reason):
    with pytest.raises(ExpressionError) as told:
        at(form, text, day=date(2026, 5, 1))
    assert told.value.facts["reason"] == reason


@pytest.mark.parametrize(
    ("months", "expected"),
    [(1, (2026, 2, 28)), (2, (2026, 3, 31)), (3, (2026, 4, 30)), (25, (2028, 2, 29)), (-2, (2025, 11, 30))],
)
def test_trap_09_months_end_on_the_last_day_of_a_shorter_month(months, expected):
    sign = "-" if months < 0 else ""
    found = at("duration", f'duration("{sign}P{abs(months)}M")', JANUARY_31).at.astimezone(SHANGHAI)
    assert (found.year, found.month, found.day, found.hour) == (*expected, 10)


def test_a_cycle_counts_down():
    first = at("cycle", "R3/P1M", JANUARY_31)
    assert (first.rounds, first.at) == (3, datetime(2026, 2, 28, 2, 0, tzinfo=UTC))
    second = next_round(first, "t")
    assert (second.rounds, second.at) == (2, datetime(2026, 3, 28, 2, 0, tzinfo=UTC))
    assert next_round(next_round(second, "t"), "t") is None
    assert at("cycle", '"R2/" + span', span="P1D").rounds == 2
    assert next_round(Due(NOW), "t") is None


def told_here():
    """Return due times whose months and days depend on the zone that they are counted in."""
    first = at("cycle", "R3/P1M", APRIL_1)
    moments = [at("date", "end of day(day)", day=date(2026, 5, 1)), at("duration", "P1M", JANUARY_31)]
    moments += [at("date", "2026-05-01T09:00:00+08:00"), first, next_round(first, "t")]
    return " ".join(moment.at.astimezone(UTC).isoformat() for moment in moments)


TOLD = (
    "2026-05-01T16:00:00+00:00 2026-02-28T02:00:00+00:00 2026-05-01T01:00:00+00:00"
    " 2026-04-30T21:00:00+00:00 2026-05-31T21:00:00+00:00"
)


PROGRAM = "from tests.workflows.engine.test_timing import told_here; print(told_here())"


@pytest.mark.parametrize("zone", ["UTC", "Asia/Shanghai", "America/New_York"])
def test_trap_09_the_zone_of_the_server_changes_nothing(zone):
    told = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        cwd=ROOT,
        env={**os.environ, "TZ": zone},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert told.strip() == TOLD


def test_summer_time_of_another_zone_is_its_own_affair():
    now = datetime(2026, 3, 28, 12, 0, tzinfo=ZoneInfo("Europe/Berlin"))
    assert at("duration", "P1D", now).at - now == timedelta(days=1)
