from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.coverage import coverage
from rules.hazards import (
    COMMITMENTS,
    TRANSITIONS,
    Level,
    State,
    commitments_gate,
    is_open,
    lateness,
    may_move,
    may_recheck_by,
    notice_gate,
    refuses_to_rectify,
)
from rules.refusal import (
    RefusalNotice,
    Willingness,
    is_compliant,
    obligation_after_refusal,
    willingness_after,
)
from rules.renewal import Cooperation, RateEvidence, RectificationCounts, RiskControl, decline_options
from rules.vocabulary import choices, label

DEADLINE = date(2025, 6, 30)
RIGHT = RefusalNotice("written", "insurer", has_proof=True, is_filed=True)


@pytest.mark.parametrize(
    ("rectified_on", "today", "overdue", "late", "days"),
    [
        (None, "2025-06-30", False, False, 0),
        (None, "2025-07-01", True, True, 1),
        (None, "2025-08-01", True, True, 32),
        ("2025-06-30", "2025-08-01", False, False, 0),
        ("2025-07-03", "2025-08-01", False, True, 3),
    ],
)
def test_a_rectification_is_late_from_the_day_after_its_deadline(rectified_on, today, overdue, late, days):
    done = None if rectified_on is None else date.fromisoformat(rectified_on)
    found = lateness(DEADLINE, done, date.fromisoformat(today))
    assert (found.overdue, found.late, found.days) == (overdue, late, days)


def test_a_major_hazard_needs_all_five_commitments_and_its_clause():
    assert commitments_gate(Level.GENERAL, {}).missing == ("responsible", "measures", "time_limit")
    assert commitments_gate(Level.MAJOR, {}).missing == tuple(code for code, _ in choices("five_commitments"))
    assert set(COMMITMENTS) == set(Level)
    assert "basis_clause" in notice_gate(Level.MAJOR, {}).missing
    assert "basis_clause" not in notice_gate(Level.GENERAL, {}).missing


@pytest.mark.parametrize(
    ("level", "method", "may"),
    [
        ("general", "photo", True),
        ("major", "onsite", True),
        ("major", "photo", False),
        ("general", "tea", False),
    ],
)
def test_a_major_hazard_is_rechecked_on_site(level, method, may):
    assert may_recheck_by(Level(level), method) is may


@pytest.mark.parametrize(
    ("current", "to", "may"),
    [
        ("draft", "notified", True),
        ("notified", "closed", True),
        ("submitted", "rectifying", True),
        ("submitted", "closed", True),
        ("refused", "reported", True),
        ("reported", "rectifying", True),
        ("draft", "closed", False),
        ("closed", "rectifying", False),
        ("withdrawn", "notified", False),
    ],
)
def test_a_hazard_moves_along_its_loop(current, to, may):
    assert may_move(State(current), State(to)) is may


def test_a_hazard_that_waits_can_always_move_on_and_one_that_is_over_cannot():
    assert set(TRANSITIONS) == set(State)
    for state in State:
        assert label("hazard_state", state)
        over = state in {State.CLOSED, State.WITHDRAWN, State.UNRESOLVED}
        assert bool(TRANSITIONS[state]) is not over
        assert is_open(state) is (not over and state is not State.DRAFT)


@pytest.mark.parametrize(
    ("in_writing", "reminders", "refuses"),
    [(False, 0, False), (False, 1, False), (False, 2, True), (True, 0, True)],
)
def test_refusing_takes_a_writing_or_two_reminders(in_writing, reminders, refuses):
    assert refuses_to_rectify(DEADLINE, in_writing=in_writing, unanswered_reminders=reminders) is refuses


@pytest.mark.parametrize(
    ("level", "refused", "may_decline", "affects"),
    [
        ("major", True, True, True),
        ("major", False, False, False),
        ("general", True, False, True),
        ("general", False, False, False),
    ],
)
def test_only_a_refused_major_hazard_lets_the_insurer_decline(level, refused, may_decline, affects):
    found = decline_options(Level(level), refused_to_rectify=refused)
    assert (found.may_decline_renewal, found.affects_next_year_rate) == (may_decline, affects)
    assert found.auto_decline is False
    assert found.must_notify == ("属地行业主管部门" if may_decline else None)
    assert found.notice_fields == (("reason", "result") if may_decline else ())


def test_the_ground_for_the_rate_says_what_speaks_for_a_higher_one():
    good = RateEvidence(
        Cooperation(4, 0, 0, 2), RectificationCounts(0, 0, 0, 0), RiskControl("blue", "blue", 0, 0, 0)
    )
    bad = RateEvidence(
        Cooperation(4, 3, 1, 9), RectificationCounts(8, 5, 2, 1), RiskControl("blue", "red", 1, 7, 1)
    )
    assert good.points() == ()
    assert (good.rectification.closed_percent, good.risk_control.baseline_percent) == (None, None)
    assert [label("rate_point", code) for code in bad.points()] == [word for _, word in choices("rate_point")]
    assert (bad.rectification.closed_percent, bad.risk_control.baseline_percent) == (
        Decimal("62.5"),
        Decimal("87.5"),
    )


@pytest.mark.parametrize(
    ("notice", "compliant"),
    [
        (None, False),
        (RefusalNotice(None), False),
        (RefusalNotice("phone"), False),
        (RefusalNotice("wechat"), False),
        (RefusalNotice("written"), True),
        (RefusalNotice("email"), True),
        (RIGHT, True),
        (RefusalNotice("email", "provider"), False),
        (RefusalNotice("email", has_proof=False), False),
        (RefusalNotice("email", is_filed=False), False),
    ],
)
def test_a_refusal_is_answered_by_the_insurer_in_writing(notice, compliant):
    assert is_compliant(notice) is compliant


@pytest.mark.parametrize(
    ("notice", "standing"),
    [
        (RIGHT, Willingness.REFUSED_FILED),
        (RefusalNotice("written"), Willingness.REFUSED),
        (RefusalNotice("phone", "insurer", has_proof=True, is_filed=True), Willingness.REFUSED),
        (RefusalNotice("written", "insurer", has_proof=None, is_filed=True), Willingness.REFUSED),
    ],
)
def test_a_unit_leaves_the_count_only_when_all_is_known_to_be_right(notice, standing):
    assert willingness_after(notice) is standing
    assert label("willingness", standing)


@pytest.mark.parametrize(
    ("withdrawn_on", "completed", "status", "remaining"),
    [
        (None, 0, "refused", 0),
        ("2025-05-10", 0, "willing", 2),
        ("2025-05-10", 1, "willing", 1),
        ("2025-05-10", 3, "willing", 0),
        ("2025-12-31", 0, "willing", 2),
        ("2026-01-01", 0, "refused", 0),
    ],
)
def test_taking_a_refusal_back_restores_what_was_left(withdrawn_on, completed, status, remaining):
    day = None if withdrawn_on is None else date.fromisoformat(withdrawn_on)
    found = obligation_after_refusal(day, date(2025, 12, 31), 2, completed)
    assert (found.status, found.remaining_required) == (status, remaining)


@pytest.mark.parametrize(
    ("insured", "refused", "served", "denominator", "rate"),
    [(100, 5, 90, 95, "94.7"), (100, 0, 100, 100, "100.0"), (5, 5, 0, 0, None), (8, 0, 1, 8, "12.5")],
)
def test_only_refusals_on_file_leave_the_denominator(insured, refused, served, denominator, rate):
    found = coverage(insured, refused, served)
    assert found.denominator == denominator
    assert found.rate == (None if rate is None else Decimal(rate))


@given(st.integers(1, 500), st.integers(1, 500), st.integers(0, 500))
def test_filing_one_more_refusal_never_lowers_the_coverage(served, unserved, refused):
    insured, refused = served + unserved, min(refused, unserved - 1)
    assert coverage(insured, refused, served).rate <= coverage(insured, refused + 1, served).rate
