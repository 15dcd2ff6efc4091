from datetime import UTC, date, datetime, timedelta

import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.errors import CalendarFileError, NegativeDaysError
from rules.working_days import (
    CALENDARS,
    Calendar,
    DayKind,
    legal_day,
    published_calendar,
    read_calendars,
    render_year,
)

CALENDAR = published_calendar()
PUBLISHED = st.dates(date(2020, 1, 1), date(2026, 12, 31))
ANY_DAY = st.dates(date(2015, 1, 1), date(2035, 12, 31))


@pytest.mark.parametrize(
    ("day", "works"),
    [
        ("2025-01-26", True),  # a Sunday worked for the Spring Festival
        ("2025-01-28", False),  # a Tuesday off
        ("2025-02-08", True),  # a Saturday worked
        ("2025-03-08", False),  # a plain Saturday
        ("2025-03-10", True),  # a plain Monday
        ("2020-01-31", False),  # the Spring Festival prolonged by the epidemic
        ("2024-09-29", True),  # a Sunday worked for National Day
        ("2027-01-01", False),  # not published yet, but of fixed date
        ("2027-05-02", False),
        ("2027-01-04", True),
        ("2027-02-08", True),  # the Spring Festival of 2027 is not known yet
        ("2019-10-01", False),  # before the first file
    ],
)
def test_a_day_is_worked_as_the_calendar_says(day, works):
    assert CALENDAR.is_working_day(date.fromisoformat(day)) is works


@pytest.mark.parametrize("year", range(2020, 2027))
def test_every_year_agrees_with_an_independent_calendar(year):
    other = holidays.country_holidays("CN", years=year)
    for n in range(366 if year % 4 == 0 else 365):
        day = date(year, 1, 1) + timedelta(days=n)
        assert CALENDAR.is_working_day(day) == other.is_working_day(day), day


@pytest.mark.parametrize(
    ("day", "days", "expected"),
    [
        ("2025-01-17", 0, "2025-01-17"),
        ("2025-01-17", 1, "2025-01-20"),
        ("2025-01-17", 10, "2025-02-07"),
        ("2025-01-17", 11, "2025-02-08"),
        ("2025-09-30", 1, "2025-10-09"),
        ("2026-12-31", 1, "2027-01-04"),
    ],
)
def test_the_day_itself_never_counts(day, days, expected):
    assert CALENDAR.add(date.fromisoformat(day), days) == date.fromisoformat(expected)


def test_working_days_are_not_counted_backwards():
    with pytest.raises(NegativeDaysError, match="days=-1"):
        CALENDAR.add(date(2025, 1, 1), -1)


@given(ANY_DAY, st.integers(1, 40))
def test_the_nth_working_day_lies_n_working_days_on(day, days):
    due = CALENDAR.add(day, days)
    assert CALENDAR.is_working_day(due)
    assert CALENDAR.between(day, due) == days
    assert CALENDAR.between(day, due - timedelta(days=1)) == days - 1


@given(ANY_DAY, st.integers(0, 20), st.integers(0, 20))
def test_adding_in_two_steps_is_adding_at_once(day, a, b):
    assert CALENDAR.add(CALENDAR.add(day, a), b) == CALENDAR.add(day, a + b)


@given(ANY_DAY, ANY_DAY)
def test_nothing_lies_between_a_day_and_one_not_after_it(a, b):
    assert CALENDAR.between(max(a, b), min(a, b)) == 0


@given(PUBLISHED)
def test_the_last_working_day_by_a_day_has_none_after_it(day):
    last = CALENDAR.last_working_day_on_or_before(day)
    assert last <= day
    assert CALENDAR.is_working_day(last)
    assert CALENDAR.between(last, day) == 0


def test_days_of_unpublished_years_are_provisional_and_never_an_error():
    assert not CALENDAR.is_provisional(date(2026, 12, 31))
    assert CALENDAR.is_provisional(date(2027, 1, 1))
    assert CALENDAR.is_provisional(date(2019, 12, 31))
    assert CALENDAR.add(date(2026, 12, 28), 10) == date(2027, 1, 12)


def test_a_calendar_can_be_taken_back_to_what_was_known():
    earlier = CALENDAR.known_through(date(2024, 12, 31))
    assert earlier.is_provisional(date(2025, 1, 1))
    assert earlier.is_working_day(date(2025, 1, 28))
    assert earlier.version != CALENDAR.version
    assert CALENDAR.known_through(date(2030, 1, 1)).published_through == CALENDAR.published_through


def test_a_legal_day_is_taken_in_beijing():
    evening = datetime(2025, 3, 10, 16, 30, tzinfo=UTC)
    assert legal_day(evening) == date(2025, 3, 11)


def test_a_rendered_year_reads_back(tmp_path):
    text = render_year(2031, "通知", {date(2031, 1, 1): "元旦"}, {date(2031, 1, 4): "元旦"})
    file = tmp_path / "2031.toml"
    file.write_text(text, encoding="utf-8")
    calendar = read_calendars([file])
    assert calendar.days == {date(2031, 1, 1): DayKind.REST, date(2031, 1, 4): DayKind.MAKE_UP}
    assert calendar.is_working_day(date(2031, 1, 4))


def test_the_shipped_years_follow_each_other_and_render_as_they_are():
    assert published_calendar() == read_calendars(sorted(CALENDARS.glob("*.toml")))
    assert CALENDAR.published_from == date(2020, 1, 1)
    assert CALENDAR.published_through >= date(2026, 12, 31)


@pytest.mark.parametrize(
    ("texts", "problem"),
    [
        ([], "no calendar file"),
        (['year = 2031\nsource = ""\n[rest]\n2030-01-01 = ""\n[make_up]\n'], "another year"),
        (['year = 2031\nsource = ""\n[rest]\n2031-01-01 = ""\n[make_up]\n2031-01-01 = ""\n'], "both"),
        (["year = 2031\n[rest]\n[make_up]\n", "year = 2033\n[rest]\n[make_up]\n"], "does not follow"),
    ],
)
def test_a_calendar_that_contradicts_itself_is_refused(tmp_path, texts, problem):
    files = []
    for number, text in enumerate(texts):
        files.append(tmp_path / f"{number}.toml")
        files[-1].write_text(text, encoding="utf-8")
    with pytest.raises(CalendarFileError, match=problem):
        read_calendars(files)


def test_a_calendar_without_exceptions_knows_weekdays():
    plain = Calendar({}, date(2030, 12, 31), "plain")
    assert plain.is_working_day(date(2025, 1, 1))
    assert not plain.is_working_day(date(2025, 1, 4))
