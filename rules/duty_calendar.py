"""The yearly calendar of duties: which process begins by itself on which day, for whom, about which period.

The entries stand in duty_calendar.toml, one line each; this is their only reader.
"""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from msgspec import Struct

from rules.parameters import offsets, standard_day
from rules.periods import period_before, period_key, period_name, period_of, periods_of_year
from rules.reporting import Period
from rules.roles import Party

DUTIES = Path(__file__).parent / "duty_calendar.toml"
LAST = "last"
_DAY_OF_MONTH = 2
_DAY_OF_YEAR = 5


class Duty(Struct, frozen=True):
    """A process that begins by itself: once for each organization of the kinds `objects` and each period."""

    process: str
    objects: tuple[Party, ...]
    period: str
    covers: str
    on: tuple[str, ...]
    at: time
    number: str
    article: str
    source: str


class Start(Struct, frozen=True):
    """One beginning of a duty, at the duty's time of that day in Wenzhou, and the period that it is about."""

    duty: Duty
    on: date
    period: Period

    @property
    def key(self) -> str:
        """What tells this start from every other one, whenever it is carried out."""
        return f"{self.duty.process}:{self.period_key}"

    @property
    def period_key(self) -> str:
        """The period in short, such as 2026-06."""
        return period_key(self.duty.period, self.period)

    @property
    def period_name(self) -> str:
        """The period as people call it."""
        return period_name(self.duty.period, self.period)


@cache
def duties() -> tuple[Duty, ...]:
    """Return every duty, in the order of the file (第十二条至第二十四条)."""
    return parse_duties(DUTIES.read_text(encoding="utf-8"))


def parse_duties(text: str) -> tuple[Duty, ...]:
    """Return the entries of a calendar of duties."""
    return tuple(_parse(row) for row in tomllib.loads(text)["duty"])


def _parse(row: Mapping[str, Any]) -> Duty:  # Any: TOML, whose shape the struct holds
    objects = tuple(Party(kind) for kind in row["objects"])
    return Duty(**{**row, "objects": objects, "on": tuple(row["on"])})


def starts_between(first: date, last: date, listed: Iterable[Duty] | None = None) -> tuple[Start, ...]:
    """Return what begins from the first day to the last, both inclusive, in order."""
    found = (
        start
        for duty in (duties() if listed is None else listed)
        for year in range(first.year, last.year + 2)
        for start in _starts_of(duty, year)
        if first <= start.on <= last
    )
    return tuple(sorted(found, key=lambda start: (start.on, start.duty.at, start.key)))


def next_start(duty: Duty, after: datetime) -> Start:
    """Return the first start of a duty later than this moment of Wenzhou's clock."""
    now = (after.date(), after.time())
    coming = (start for year in (after.year, after.year + 1) for start in _starts_of(duty, year))
    return min((start for start in coming if (start.on, duty.at) > now), key=lambda start: start.on)


def _starts_of(duty: Duty, year: int) -> Iterator[Start]:
    """Yield the starts of a year; what is counted back from the end of a period belongs to that end's year."""
    for rule in duty.on:
        for day in _days(duty, rule, year):
            period = (period_before if duty.covers == LAST else period_of)(duty.period, day)
            yield Start(duty, day, period)


def _days(duty: Duty, rule: str, year: int) -> Iterator[date]:
    if len(rule) == _DAY_OF_MONTH:
        yield from (date(year, month, int(rule)) for month in range(1, 13))
    elif len(rule) == _DAY_OF_YEAR:
        yield date.fromisoformat(f"{year}-{rule}")
    else:
        for period in periods_of_year(duty.period, year):
            for days in offsets(rule, standard_day(period.last_day)).value:
                yield period.last_day - timedelta(days=days)
