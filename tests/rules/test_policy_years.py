from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.errors import TermOrderError
from rules.policy_years import anniversary, days_of_term, policy_years


@pytest.mark.parametrize(
    ("first_day", "last_day", "days"),
    [
        ("2025-01-01", "2025-12-31", [365]),
        ("2024-01-01", "2024-12-31", [366]),
        ("2024-03-01", "2025-02-28", [365]),
        ("2023-03-01", "2024-02-29", [366]),
        ("2024-02-29", "2025-02-28", [366]),
        ("2025-03-01", "2027-02-28", [365, 365]),
        ("2025-01-01", "2026-06-30", [365, 181]),
        ("2025-01-01", "2025-01-01", [1]),
        ("2025-01-01", "2026-01-01", [365, 1]),
    ],
)
def test_a_term_falls_into_policy_years(first_day, last_day, days):
    years = policy_years(date.fromisoformat(first_day), date.fromisoformat(last_day))
    assert [year.days for year in years] == days
    assert [year.index for year in years] == list(range(1, len(days) + 1))


@pytest.mark.parametrize(
    ("last_day", "complete"), [("2024-12-30", False), ("2024-12-31", True), ("2025-01-01", False)]
)
def test_a_year_is_complete_up_to_the_day_before_its_anniversary(last_day, complete):
    assert policy_years(date(2024, 1, 1), date.fromisoformat(last_day))[-1].complete is complete


def test_a_term_must_not_end_before_it_starts():
    with pytest.raises(TermOrderError):
        policy_years(date(2025, 1, 2), date(2025, 1, 1))


def test_the_anniversary_of_a_leap_day_is_the_first_of_march():
    assert anniversary(date(2024, 2, 29), 1) == date(2025, 3, 1)
    assert anniversary(date(2024, 2, 29), 4) == date(2028, 2, 29)


@given(st.dates(date(2000, 1, 1), date(2030, 12, 31)), st.integers(0, 3000))
def test_policy_years_cover_the_term_without_gap_or_overlap(first_day, more):
    last_day = first_day + timedelta(days=more)
    years = policy_years(first_day, last_day)
    assert years[0].first_day == first_day
    assert years[-1].last_day == last_day
    assert sum(year.days for year in years) == days_of_term(first_day, last_day)
    for earlier, later in pairwise(years):
        assert later.first_day == earlier.last_day + timedelta(days=1)
        assert earlier.complete
        assert earlier.days in {365, 366}
