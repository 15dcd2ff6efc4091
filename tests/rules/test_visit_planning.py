from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.visit_planning import checkpoints, opening_day, plan_visits, unseen_checkpoints
from rules.working_days import published_calendar

CALENDAR = published_calendar()
START, END = date(2025, 1, 1), date(2025, 12, 31)


@pytest.mark.parametrize(
    ("visits", "days"),
    [
        (0, []),
        (1, ["2025-07-02"]),
        (2, ["2025-04-02", "2025-09-30"]),
        (4, ["2025-02-15", "2025-05-17", "2025-08-16", "2025-11-15"]),
    ],
)
def test_visits_lie_near_the_middle_of_their_parts(visits, days):
    planned = plan_visits(START, END, visits, CALENDAR)
    assert len(planned) == visits
    for day, wished in zip(planned, days, strict=True):
        assert abs((day - date.fromisoformat(wished)).days) <= 5
        assert CALENDAR.is_working_day(day)


def test_days_to_avoid_are_avoided():
    closed = {date(2025, 7, 1) + timedelta(days=n) for n in range(14)}
    assert plan_visits(START, END, 1, CALENDAR, avoid=closed)[0] not in closed


def test_a_term_without_a_working_day_still_has_its_visit():
    assert plan_visits(date(2025, 1, 4), date(2025, 1, 5), 1, CALENDAR) == (date(2025, 1, 5),)


@given(st.dates(date(2020, 6, 1), date(2026, 1, 1)), st.integers(40, 1200), st.integers(1, 12))
def test_plans_lie_within_the_term_in_order_and_apart(start, days, visits):
    end = start + timedelta(days=days)
    planned = plan_visits(start, end, visits, CALENDAR)
    assert list(planned) == sorted(planned)
    assert start <= planned[0]
    assert planned[-1] <= end - timedelta(days=30)
    if visits <= 4 and days >= 300:
        assert len(set(planned)) == visits


@pytest.mark.parametrize(
    ("planned_on", "opened_on"), [("2025-03-10", "2025-02-18"), ("2025-01-10", "2025-01-01")]
)
def test_a_case_is_opened_ahead_but_never_before_the_term(planned_on, opened_on):
    assert opening_day(date.fromisoformat(planned_on), START) == date.fromisoformat(opened_on)


def test_a_cycle_looks_at_itself_before_its_end():
    assert [(item.on.isoformat(), item.kind) for item in checkpoints(END)] == [
        ("2025-10-02", "shortfall"),
        ("2025-11-01", "shortfall"),
        ("2025-11-16", "rate_evidence"),
        ("2025-12-01", "shortfall"),
    ]


@pytest.mark.parametrize(
    ("since", "today", "unseen"),
    [
        ("2025-10-02", "2025-10-01", []),
        ("2025-10-02", "2025-10-02", ["10-02"]),
        ("2025-10-02", "2025-11-15", ["11-01"]),
        ("2025-11-16", "2025-11-30", ["11-16"]),
        ("2025-10-02", "2025-12-20", ["11-16", "12-01"]),
        ("2025-12-02", "2025-12-20", []),
    ],
)
def test_a_checkpoint_that_passed_unseen_is_looked_at_later(since, today, unseen):
    found = unseen_checkpoints(END, date.fromisoformat(since), date.fromisoformat(today))
    assert [checkpoint.on.isoformat()[5:] for checkpoint in found] == unseen
