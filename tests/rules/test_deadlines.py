from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.deadlines import (
    REMIND,
    RULES,
    Reminder,
    archive_due,
    deadline,
    kinds_of,
    reminders,
    return_visit_due,
    working_days_late,
)
from rules.errors import MissingFactError, UnknownKindError
from rules.parameters import number
from rules.roles import ROLES
from rules.vocabulary import label
from rules.working_days import published_calendar

CALENDAR = published_calendar()
AGREED_ON = date(2025, 2, 1)


def due_of(kind, anchor, **facts):
    return deadline(kind, date.fromisoformat(anchor), CALENDAR, **facts).due.isoformat()


@pytest.mark.parametrize(
    ("kind", "anchor", "due"),
    [
        ("scheme", "2025-01-17", "2025-02-07"),
        ("scheme_confirm", "2025-01-17", "2025-02-07"),
        ("visit_accept", "2025-03-07", "2025-03-11"),
        ("pre_contact_confirm", "2025-03-07", "2025-03-14"),
        ("notice_major", "2025-03-08", "2025-03-08"),
        ("notice_general", "2025-03-07", "2025-03-11"),
        ("return_visit", "2025-01-17", "2025-02-07"),
        ("archive", "2025-01-17", "2025-02-20"),
        ("rectification_plan", "2025-03-07", "2025-03-14"),
        ("refusal_notice", "2025-03-07", "2025-03-12"),
        ("complaint_reply", "2025-03-03", "2025-03-17"),
        ("complaint_verify", "2025-03-03", "2025-04-15"),
        ("complaint_extension", "2025-04-15", "2025-05-15"),
        ("month_report_prepare", "2025-12-31", "2026-01-05"),
        ("month_report", "2025-05-31", "2025-06-10"),
        ("self_review", "2025-06-30", "2025-07-31"),
        ("self_review", "2025-07-01", "2026-01-31"),
        ("annual_plan", "2025-01-02", "2025-03-31"),
        ("fund_filing", "2024-12-31", "2025-03-31"),
        ("assessment_materials", "2025-01-05", "2025-03-31"),
        ("assessment", "2025-01-05", "2025-04-30"),
        ("appeal", "2025-03-07", "2025-03-14"),
        ("meeting_extra", "2025-03-07", "2025-03-14"),
    ],
)
def test_each_kind_has_its_day(kind, anchor, due):
    assert due_of(kind, anchor) == due


def test_a_recheck_is_due_sooner_for_a_major_hazard():
    assert due_of("recheck", "2025-03-07", level="major") == "2025-03-12"
    assert due_of("recheck", "2025-03-07", level="general") == "2025-03-14"


def test_an_agreed_day_is_taken_as_it_is():
    found = deadline("rectification", date(2025, 1, 1), CALENDAR, due=AGREED_ON)
    assert (found.due, found.parameter_row, found.working_days) == (AGREED_ON, "agreed", False)


def test_a_granted_extension_ends_on_its_own_day():
    assert due_of("complaint_extension", "2025-04-15", due=date(2025, 5, 1)) == "2025-05-01"


def test_only_the_three_duties_of_the_standard_are_statutory():
    assert {kind for kind, rule in RULES.items() if rule.statutory} == {
        "return_visit",
        "archive",
        "fund_filing",
    }


@pytest.mark.parametrize("fact", ["due", "level"])
def test_a_kind_that_needs_a_fact_says_which(fact):
    kind = {"due": "rectification", "level": "recheck"}[fact]
    with pytest.raises(MissingFactError, match=fact):
        deadline(kind, AGREED_ON, CALENDAR)


def test_an_unknown_kind_is_refused():
    with pytest.raises(UnknownKindError):
        deadline("tea", AGREED_ON, CALENDAR)
    with pytest.raises(UnknownKindError):
        reminders("tea", AGREED_ON, AGREED_ON, CALENDAR)


def test_a_deadline_that_reaches_into_an_unpublished_year_is_provisional():
    late = deadline("archive", date(2026, 12, 10), CALENDAR)
    assert late.provisional
    assert late.due == date(2027, 1, 8)
    assert late.calendar_version == CALENDAR.version
    assert not deadline("return_visit", date(2026, 12, 10), CALENDAR).provisional
    assert not deadline("fund_filing", date(2026, 12, 31), CALENDAR).provisional


def test_a_visit_before_the_standard_is_governed_from_its_first_day():
    assert return_visit_due(date(2020, 1, 20), CALENDAR) == date(2020, 2, 11)


def test_lateness_is_counted_in_working_days():
    due = return_visit_due(date(2025, 1, 17), CALENDAR)
    assert working_days_late(due, due, CALENDAR) == 0
    assert working_days_late(due, date(2025, 2, 8), CALENDAR) == 1
    assert working_days_late(due, date(2025, 2, 9), CALENDAR) == 1


@given(st.dates(date(2020, 6, 1), date(2027, 12, 31)))
def test_archiving_is_due_after_the_return_visit_by_what_their_numbers_differ(completed):
    first, second = return_visit_due(completed, CALENDAR), archive_due(completed, CALENDAR)
    assert completed < first < second
    days = [number(name, completed).value for name in ("return_visit_days", "archive_days")]
    assert CALENDAR.between(first, second) == days[1] - days[0]


@pytest.mark.parametrize(
    ("kind", "anchor", "due", "days"),
    [
        ("return_visit", "2025-03-03", "2025-03-17", ["03-10", "03-13", "03-17", "03-18", "03-24"]),
        ("archive", "2025-03-03", "2025-03-31", ["03-24", "03-27", "03-31", "04-01", "04-08"]),
        ("annual_plan", "2025-01-02", "2025-03-31", ["02-15", "03-01", "03-15", "04-01"]),
        ("annual_plan", "2025-03-02", "2025-03-31", ["03-15", "04-01"]),
        ("fund_filing", "2023-12-31", "2024-03-31", ["03-01", "03-15", "03-25", "03-29", "04-01"]),
        ("self_review", "2025-06-30", "2025-07-31", ["07-01", "07-15", "07-25", "08-01"]),
        ("self_review", "2025-12-31", "2026-01-31", ["01-01", "01-15", "01-25", "02-01"]),
        ("rectification", "2025-03-01", "2025-03-20", ["03-13", "03-17", "03-19", "03-21", "03-27"]),
        ("complaint_reply", "2025-03-03", "2025-03-17", ["03-10", "03-13", "03-18"]),
        ("visit", "2025-03-01", "2025-03-20", ["03-19"]),
        ("shortfall", "2025-01-01", "2025-12-31", ["10-02", "11-01", "12-01"]),
        ("rate_evidence", "2025-01-01", "2025-12-31", ["11-16"]),
        ("expiry", "2025-01-01", "2025-12-31", ["11-01", "12-01", "12-24"]),
        ("quarter", "2025-01-01", "2025-03-31", ["03-16"]),
        ("visit_accept", "2025-03-07", "2025-03-11", ["03-11", "03-12"]),
    ],
)
def test_reminders_fall_on_their_days(kind, anchor, due, days):
    found = reminders(kind, date.fromisoformat(anchor), date.fromisoformat(due), CALENDAR)
    assert [item.on.isoformat()[5:] for item in found] == days


def test_a_missed_return_visit_is_told_to_the_manager_and_then_to_the_insurer():
    found = reminders("return_visit", date(2025, 3, 3), date(2025, 3, 17), CALENDAR)
    assert found[2:] == (
        Reminder(date(2025, 3, 17), None, "due_today"),
        Reminder(date(2025, 3, 18), "provider_manager", "overdue"),
        Reminder(date(2025, 3, 24), "insurer", "overdue"),
    )


def test_a_missed_refusal_notice_is_told_to_both():
    found = reminders("refusal_notice", date(2025, 3, 3), date(2025, 3, 6), CALENDAR)
    assert [item.escalate_to for item in found] == [None, "insurer", "provider_manager"]


@given(
    st.sampled_from(sorted({*RULES, *REMIND})),
    st.dates(date(2020, 6, 1), date(2026, 12, 31)),
    st.integers(0, 400),
)
def test_nobody_is_told_of_lateness_before_the_day_is_over(kind, anchor, days):
    due = anchor + timedelta(days=days)
    found = reminders(kind, anchor, due, CALENDAR)
    assert list(found) == sorted(found, key=lambda item: (item.on, item.escalate_to or ""))
    for item in found:
        assert item.on >= anchor
        assert (item.on > due) == (item.escalate_to is not None) == (item.label == "overdue")


@pytest.mark.parametrize(
    ("name", "kinds"),
    [
        ("notice", ("notice_major", "notice_general")),
        ("rectification", ("rectification",)),
        ("scheme", ("scheme",)),
        ("visit", ("visit",)),
    ],
)
def test_a_steps_deadline_is_of_its_own_kind_or_of_its_family(name, kinds):
    assert kinds_of(name) == kinds


def test_every_kind_has_a_word_and_known_roles():
    for kind in {*RULES, *REMIND}:
        assert label("deadline_kind", kind)
    assert {role for rule in RULES.values() for role in rule.escalate_to} <= set(ROLES)


@pytest.mark.parametrize(
    ("day", "due", "provisional"),
    [
        (None, "2027-03-12", True),
        (date(2027, 3, 31), "2027-03-12", True),
        (date(2027, 3, 9), "2027-03-09", False),
        (date(2027, 3, 1), "2027-03-05", False),
    ],
)
def test_what_prepares_a_visit_ends_with_it_and_never_before_it_began(day, due, provisional):
    computed = deadline("pre_contact_confirm", date(2027, 3, 5), CALENDAR).no_later_than(day)
    assert (computed.due.isoformat(), computed.provisional) == (due, provisional)
