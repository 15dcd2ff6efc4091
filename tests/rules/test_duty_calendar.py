"""The calendar of duties: what begins on which day, about which period; every entry stands on an article."""

from datetime import UTC, date, datetime

import pytest

from rules.articles import articles
from rules.duty_calendar import duties, next_start, parse_duties, starts_between
from rules.errors import UnknownKindError
from rules.periods import period_before, period_key, period_name, period_of

KINDS = ("month", "quarter", "half_year", "year")
QUARTERLY = """
duty = [
    { process = "meeting", objects = ["insurer", "provider"], period = "quarter", covers = "this", \
on = ["remind_quarter"], at = 06:00:00, number = "XS", article = "20", source = "test" },
]
"""


@pytest.mark.parametrize("duty", duties(), ids=lambda duty: duty.process)
def test_every_duty_names_its_article_its_source_and_a_period(duty):
    assert duty.article in {entry.key for entry in articles()}
    assert duty.source
    assert duty.period in KINDS
    assert duty.covers in {"last", "this"}


def test_no_two_duties_of_a_process_are_about_the_same_kind_of_period():
    told = [(duty.process, duty.period) for duty in duties()]
    assert len(told) == len(set(told))


def test_a_month_is_reported_on_the_first_day_of_the_next():
    begun = [
        start for start in starts_between(date(2026, 1, 1), date(2026, 12, 31)) if start.duty.article == "21"
    ]
    assert [start.on for start in begun] == [date(2026, month, 1) for month in range(1, 13)]
    assert [start.period_key for start in begun] == [
        "2025-12",
        *(f"2026-{month:02}" for month in range(1, 12)),
    ]


def test_a_half_year_is_reviewed_after_it_is_over():
    begun = [
        start for start in starts_between(date(2026, 1, 1), date(2026, 12, 31)) if start.duty.article == "23"
    ]
    assert [(start.on, start.period_name) for start in begun] == [
        (date(2026, 1, 1), "2025年下半年"),
        (date(2026, 7, 1), "2026年上半年"),
    ]


def test_a_day_may_be_counted_back_from_the_end_of_a_period_by_its_parameter():
    begun = starts_between(date(2026, 1, 1), date(2026, 12, 31), parse_duties(QUARTERLY))
    assert [(start.on, start.period_key) for start in begun] == [
        (date(2026, 3, 16), "2026-Q1"),
        (date(2026, 6, 15), "2026-Q2"),
        (date(2026, 9, 15), "2026-Q3"),
        (date(2026, 12, 16), "2026-Q4"),
    ]


def test_both_ends_of_the_days_that_are_asked_about_count():
    begun = starts_between(date(2026, 2, 1), date(2026, 2, 1))
    assert [(start.duty.process, start.period_key) for start in begun] == [
        ("monthly_report", "2026-01"),
        ("online_push", "2026-02"),
    ]
    assert starts_between(date(2026, 2, 2), date(2026, 2, 28)) == ()


@pytest.mark.parametrize("duty", duties(), ids=lambda duty: duty.process)
def test_one_start_after_the_other_is_the_whole_calendar(duty):
    at, found = datetime(2025, 12, 31, 23, 59, tzinfo=UTC), []
    while (start := next_start(duty, at)).on.year == 2026:
        at = datetime.combine(start.on, duty.at, UTC)
        found.append(start)
    assert tuple(found) == starts_between(date(2026, 1, 1), date(2026, 12, 31), [duty])


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("day", [date(2026, 1, 1), date(2026, 6, 30), date(2026, 7, 1), date(2024, 2, 29)])
def test_the_periods_of_a_kind_follow_each_other_without_a_gap(kind, day):
    now, before = period_of(kind, day), period_before(kind, day)
    assert now.first_day <= day <= now.last_day
    assert (now.first_day - before.last_day).days == 1
    assert period_key(kind, before) < period_key(kind, now)


def test_periods_are_called_as_people_call_them():
    day = date(2026, 5, 20)
    assert [period_name(kind, period_of(kind, day)) for kind in KINDS] == [
        "2026年5月",
        "2026年第二季度",
        "2026年上半年",
        "2026年",
    ]


def test_an_unknown_kind_of_period_is_refused():
    with pytest.raises(UnknownKindError):
        period_of("week", date(2026, 5, 20))
