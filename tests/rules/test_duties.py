from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.assessment import (
    Breach,
    Indicator,
    IndicatorGroup,
    are_weights_valid,
    base_points,
    deduction,
    missing_evidence,
    total_score,
)
from rules.complaints import (
    can_extend,
    channel_gate,
    complaint_clock,
    is_extension_valid,
    latest_extension,
    reply_gate,
)
from rules.exchange import (
    Severity,
    missing_quarters,
    needs_extra_meeting,
    quarter_of,
    severity_of_issue,
    severity_of_missing,
)
from rules.reporting import (
    HAZARD_DIMENSIONS,
    annual_plan_gate,
    half_years,
    month_period,
    self_review_gate,
    self_review_sections,
)
from rules.training import Training, is_behind, judge_trainings, uninvited
from rules.vocabulary import label
from rules.working_days import published_calendar

POINTS = st.decimals("0", "100", places=2)


def held_on(*days):
    return [Training(date.fromisoformat(day), held=True) for day in days]


def test_only_trainings_held_in_the_year_count():
    trainings = [
        *held_on("2024-12-31", "2025-01-01", "2025-12-31", "2026-01-01"),
        Training(date(2025, 6, 1), held=False),
    ]
    found = judge_trainings(2025, trainings)
    assert (found.held, found.required, found.shortfall) == (2, 4, 2)
    assert judge_trainings(2025, held_on(*["2025-03-01"] * 5)).shortfall == 0


@pytest.mark.parametrize(
    ("trainings", "on", "behind"),
    [
        ([], "2025-03-31", False),
        ([], "2025-04-01", True),
        (held_on("2025-02-01"), "2025-04-01", False),
        (held_on("2025-02-01", "2025-05-01"), "2025-10-30", True),
        (held_on("2025-02-01", "2025-05-01", "2025-08-01"), "2025-10-31", False),
        (held_on("2025-02-01", "2025-05-01", "2025-12-01"), "2025-10-31", True),
        (held_on("2024-02-01"), "2025-04-01", True),
    ],
)
def test_a_year_is_behind_when_a_quarter_went_without_its_training(trainings, on, behind):
    assert is_behind(trainings, date.fromisoformat(on)) is behind


def test_trainings_are_for_every_unit():
    assert uninvited(["甲", "乙", "丙"], ["乙"]) == ("甲", "丙")


@pytest.mark.parametrize(
    ("meetings", "missing", "severity"),
    [
        ([], (1, 2, 3, 4), Severity.WARNING),
        (["2025-03-31", "2025-04-01", "2025-09-30"], (4,), Severity.WARNING),
        (["2025-01-01", "2025-05-01", "2025-08-01", "2025-12-31"], (), None),
        (["2024-12-31", "2025-05-01", "2025-08-01", "2026-01-01"], (1, 4), Severity.WARNING),
    ],
)
def test_a_quarter_without_a_meeting_is_a_warning(meetings, missing, severity):
    days = [date.fromisoformat(day) for day in meetings]
    assert missing_quarters(2025, days) == missing
    assert severity_of_missing(missing) is severity


@pytest.mark.parametrize(
    ("meetings", "needed"),
    [([], True), (["2025-05-05"], True), (["2025-05-06"], False), (["2025-05-05", "2025-05-12"], False)],
)
def test_a_major_issue_needs_a_meeting_of_its_own(meetings, needed):
    found = needs_extra_meeting(date(2025, 5, 6), [date.fromisoformat(day) for day in meetings])
    assert found is needed
    assert severity_of_issue(needs_meeting=found) is (Severity.VIOLATION if needed else None)


@given(st.dates())
def test_a_quarter_has_three_months(day):
    assert (quarter_of(day) - 1) * 3 < day.month <= quarter_of(day) * 3


def test_reports_have_their_periods_and_parts():
    first, second = half_years(2025)
    assert (first.first_day, first.last_day) == (date(2025, 1, 1), date(2025, 6, 30))
    assert (second.first_day, second.last_day) == (date(2025, 7, 1), date(2025, 12, 31))
    assert month_period(2024, 2).last_day == date(2024, 2, 29)
    assert len(self_review_sections()) == 4
    assert self_review_gate({"problems": "无"}).missing == ("scheme_results", "competence", "improvements")
    assert "trainings" in annual_plan_gate({}).missing
    assert all(label("report_dimension", dimension) for dimension in HAZARD_DIMENSIONS)


@pytest.mark.parametrize(
    ("base", "bonus", "deducted", "total"),
    [
        ("87.25", "0", "0", "87.3"),
        ("87.24", "0", "0", "87.2"),
        ("89.92", "0.04", "0", "90.0"),
        ("100", "10", "0", "110.0"),
        ("100", "12", "0", "110.0"),
        ("100", "-3", "0", "100.0"),
        ("100", "10", "5", "105.0"),
        ("4", "0", "5", "0.0"),
        ("120", "10", "0", "110.0"),
        ("0.05", "0", "0", "0.1"),
    ],
)
def test_the_total_is_rounded_once_and_half_up(base, bonus, deducted, total):
    assert str(total_score(Decimal(base), Decimal(bonus), Decimal(deducted)).total) == total


def test_without_evidence_nothing_is_earned():
    items = [
        Indicator(Decimal(15), satisfied=True, evidence_count=0),
        Indicator(Decimal(20), satisfied=True, evidence_count=1),
        Indicator(Decimal(25), satisfied=True),
        Indicator(Decimal(30), satisfied=False, evidence_count=0),
        IndicatorGroup(Decimal(10), Decimal("12.5")),
        IndicatorGroup(Decimal(10), Decimal(-1)),
    ]
    assert base_points(items) == 55
    assert missing_evidence(items) == 1


def test_a_breach_without_evidence_deducts_nothing():
    assert deduction([Breach(Decimal(3), 1), Breach(Decimal(9), 0)]) == 3


@given(st.lists(POINTS, max_size=30), POINTS, POINTS)
def test_a_total_stays_between_nothing_and_110(points, bonus, deducted):
    found = total_score(base_points(IndicatorGroup(Decimal(100), item) for item in points), bonus, deducted)
    assert 0 <= found.total <= 110
    assert found.bonus_counted <= 10
    assert abs(found.total - min(110, max(0, found.base + found.bonus_counted - deducted))) <= Decimal("0.05")


@pytest.mark.parametrize(
    ("weights", "bonus_max", "valid"),
    [
        (["60", "40"], "10", True),
        (["60", "40"], None, True),
        (["60", "40"], "10.01", False),
        (["60", "40"], "-1", False),
        (["60", "40.01"], "10", False),
        (["110", "-10"], "10", False),
        (["33.33", "33.33", "33.34"], "0", True),
        ([], None, False),
    ],
)
def test_weights_make_exactly_100(weights, bonus_max, valid):
    known = None if bonus_max is None else Decimal(bonus_max)
    assert are_weights_valid(map(Decimal, weights), known) is valid


def test_both_terms_of_a_complaint_count_from_its_receipt():
    clock = complaint_clock(date(2025, 3, 3), published_calendar())
    assert (clock.reply_due, clock.verify_due) == (date(2025, 3, 17), date(2025, 4, 15))
    assert not clock.provisional
    assert complaint_clock(date(2026, 12, 1), published_calendar()).provisional


@pytest.mark.parametrize(
    ("is_complex", "approved_by", "may"),
    [(True, "王某", True), (True, None, False), (True, " ", False), (False, "王某", False)],
)
def test_a_term_is_extended_only_if_complex_and_approved(is_complex, approved_by, may):
    assert can_extend(is_complex=is_complex, approved_by=approved_by) is may


@pytest.mark.parametrize(
    ("until", "valid"),
    [("2025-04-15", False), ("2025-04-16", True), ("2025-05-15", True), ("2025-05-16", False)],
)
def test_an_extension_is_at_most_thirty_natural_days(until, valid):
    due = date(2025, 4, 15)
    assert latest_extension(due) == date(2025, 5, 15)
    assert is_extension_valid(due, date.fromisoformat(until)) is valid


def test_an_insurer_publishes_three_things_and_answers_with_five():
    assert channel_gate({"complaint_channel": "0577"}).missing == ("complaint_procedure", "mediation_method")
    assert reply_gate({}).missing == ("request", "findings", "basis", "measures", "remedy")
