from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.visit_counting import (
    Activity,
    ActivityKind,
    ActivityStatus,
    NextAction,
    after_surrender,
    count_by_policy_year,
    count_visits,
    last_effective_day,
    missing_visits,
)
from rules.visit_quota import QuotaFacts, visits_owed

START, END = date(2025, 1, 1), date(2025, 12, 31)


def visit(day, status="completed", kind="offline_visit"):
    return Activity(ActivityKind(kind), date.fromisoformat(day), ActivityStatus(status))


@pytest.mark.parametrize(
    ("activities", "counted"),
    [
        ([], 0),
        ([visit("2025-03-10")], 1),
        ([visit("2025-01-01"), visit("2025-12-31")], 2),
        ([visit("2024-12-31"), visit("2026-01-01")], 0),
        ([visit("2025-03-10"), visit("2025-03-10")], 1),
        ([visit("2025-03-10", "cancelled"), visit("2025-03-11", "planned")], 0),
        ([visit("2025-03-10", "entry_refused")], 0),
        ([visit("2025-03-10", kind="online_push"), visit("2025-03-11", kind="central_training")], 0),
    ],
)
def test_only_completed_offline_visits_within_the_term_count(activities, counted):
    assert count_visits(activities, 4, START, END).counted == counted


def test_two_visits_on_one_day_count_twice_only_if_the_office_says_so():
    twice = [visit("2025-03-10"), visit("2025-03-10")]
    assert count_visits(twice, 4, START, END, one_per_day=False).counted == 2


@pytest.mark.parametrize(
    ("activities", "required", "action"),
    [
        ([], 0, NextAction.NONE),
        ([], 1, NextAction.SCHEDULE_VISIT),
        ([visit("2025-03-10")], 1, NextAction.NONE),
        ([visit("2025-03-10", "entry_refused")], 1, NextAction.RECORD_REFUSAL),
        ([visit("2025-03-10"), visit("2025-04-10", "entry_refused")], 1, NextAction.RECORD_REFUSAL),
        ([visit("2025-03-10", "entry_refused"), visit("2025-04-10")], 2, NextAction.SCHEDULE_VISIT),
        ([visit("2025-03-10", "entry_refused"), visit("2025-03-10")], 1, NextAction.NONE),
    ],
)
def test_a_refused_entry_asks_for_its_notice_until_a_visit_follows(activities, required, action):
    assert count_visits(activities, required, START, END).next_action is action


def test_each_policy_year_is_counted_by_itself():
    quota = visits_owed(QuotaFacts(Decimal(30000), date(2025, 1, 1), date(2027, 12, 31), is_high_risk=False))
    done = [visit("2025-03-10"), visit("2025-04-10"), visit("2025-05-10"), visit("2026-02-01")]
    progress = count_by_policy_year(quota, done, date(2026, 6, 30))
    assert [(item.counted, item.shortfall) for item in progress] == [(3, 0), (1, 1)]


def test_what_one_policy_year_has_too_many_of_is_still_missing_in_another():
    quota = visits_owed(QuotaFacts(Decimal(30000), date(2025, 1, 1), date(2026, 12, 31), is_high_risk=False))
    done = [visit(f"2025-0{month}-10") for month in range(1, 5)]
    years = count_by_policy_year(quota, done, date(2026, 12, 31))
    assert sum(year.counted for year in years) == quota.required == 4
    assert missing_visits(years, None) == 2
    assert missing_visits(years, date(2026, 6, 1)) == 0


@pytest.mark.parametrize(
    ("surrendered", "last"),
    [(None, "2025-12-31"), ("2025-07-01", "2025-06-30"), ("2026-05-01", "2025-12-31")],
)
def test_the_day_before_a_surrender_is_the_last_one_in_force(surrendered, last):
    effective = None if surrendered is None else date.fromisoformat(surrendered)
    assert last_effective_day(END, effective) == date.fromisoformat(last)


def test_a_surrender_cancels_what_has_not_started_and_leaves_nothing_owed():
    ended = after_surrender(END, date(2025, 7, 1), [date(2025, 11, 10), date(2025, 9, 10)])
    assert ended.effective_end == date(2025, 6, 30)
    assert ended.cancelled == (date(2025, 9, 10), date(2025, 11, 10))
    assert (ended.shortfall, ended.status) == (0, "terminated_by_surrender")


ACTIVITIES = st.lists(
    st.builds(
        Activity,
        st.sampled_from(ActivityKind),
        st.dates(START - timedelta(days=40), END + timedelta(days=40)),
        st.sampled_from(ActivityStatus),
    ),
    max_size=12,
)


@given(ACTIVITIES, st.integers(0, 5), st.dates(START, END))
def test_progress_is_bounded_and_a_longer_term_never_counts_fewer(activities, required, earlier):
    short, long = (count_visits(activities, required, START, end) for end in (earlier, END))
    assert short.counted <= long.counted <= len(activities)
    assert long.shortfall == max(0, required - long.counted)
    assert len(set(long.days)) == long.counted
