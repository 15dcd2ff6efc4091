"""Hazards: levels, commitments, deadlines, rechecks (第十八条、第十九条、第二十一条; D17)."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum

from msgspec import Struct

from rules.gates import Gate, gate
from rules.parameters import number, standard_day


class Level(StrEnum):
    """The two levels of a hazard (附件1 and domain rules): there is no third."""

    GENERAL = "general"
    MAJOR = "major"


class State(StrEnum):
    """Where a hazard stands between its discovery and its closing."""

    DRAFT = "draft"
    NOTIFIED = "notified"
    RECTIFYING = "rectifying"
    SUBMITTED = "submitted"
    CLOSED = "closed"
    REFUSED = "refused"
    REPORTED = "reported"
    WITHDRAWN = "withdrawn"
    UNRESOLVED = "unresolved_at_term_end"


class Lateness(Struct, frozen=True):
    """`overdue` = still open after its day; `late` = not done by its day; natural days in both cases."""

    overdue: bool
    late: bool
    days: int


COMMITMENTS: Mapping[Level, tuple[str, ...]] = {
    Level.GENERAL: ("responsible", "measures", "time_limit"),
    Level.MAJOR: ("responsible", "measures", "funds", "time_limit", "plan"),
}
NOTICE_ELEMENTS: Mapping[Level, tuple[str, ...]] = {
    Level.GENERAL: ("place", "description", "hazard_class", "cause", "suggestion", "deadline"),
    Level.MAJOR: ("place", "description", "hazard_class", "cause", "basis_clause", "suggestion", "deadline"),
}
RECHECK_METHODS: Mapping[Level, tuple[str, ...]] = {
    Level.GENERAL: ("photo", "phone", "onsite"),
    Level.MAJOR: ("onsite",),
}
_OPEN = (State.NOTIFIED, State.RECTIFYING, State.SUBMITTED, State.REFUSED, State.REPORTED)
_BACK = frozenset({State.RECTIFYING, State.UNRESOLVED})
TRANSITIONS: Mapping[State, frozenset[State]] = {
    State.DRAFT: frozenset({State.NOTIFIED}),
    State.NOTIFIED: frozenset(
        {State.RECTIFYING, State.CLOSED, State.WITHDRAWN, State.REFUSED, State.UNRESOLVED}
    ),
    State.RECTIFYING: frozenset({State.SUBMITTED, State.REFUSED, State.WITHDRAWN, State.UNRESOLVED}),
    State.SUBMITTED: frozenset({State.CLOSED, *_BACK}),
    State.REFUSED: frozenset({State.REPORTED, *_BACK}),
    State.REPORTED: _BACK,
    State.CLOSED: frozenset(),
    State.WITHDRAWN: frozenset(),
    State.UNRESOLVED: frozenset(),
}


def lateness(deadline: date, rectified_on: date | None, today: date) -> Lateness:
    """Return how late a rectification is (第十八条, D17): from the day after its deadline, natural days."""
    days = max(0, ((rectified_on or today) - deadline).days)
    return Lateness(overdue=rectified_on is None and days > 0, late=days > 0, days=days)


def commitments_gate(level: Level, given: Mapping[str, object]) -> Gate:
    """Return which of the five commitments (五落实) a plan lacks (第十八条); a major hazard needs all."""
    return gate(COMMITMENTS[level], given)


def notice_gate(level: Level, given: Mapping[str, object]) -> Gate:
    """Return what a hazard lacks to be put on a notice (第十八条): a major one needs its clause."""
    return gate(NOTICE_ELEMENTS[level], given)


def may_recheck_by(level: Level, method: str) -> bool:
    """Tell whether that way of rechecking will do (第十九条): a major hazard is rechecked on site."""
    return method in RECHECK_METHODS[level]


def may_move(current: State, to: State) -> bool:
    """Tell whether a hazard may pass from one state to the other (第十八条、第二十一条: a closed loop)."""
    return to in TRANSITIONS[current]


def is_open(state: State) -> bool:
    """Tell whether the hazard still waits for its closing (第二十一条)."""
    return state in _OPEN


def outlives_surrender(level: Level) -> bool:
    """Tell whether a hazard is followed to its end after its policy was surrendered (第十九条): a major one is."""
    return level is Level.MAJOR


def refuses_to_rectify(on: date, *, in_writing: bool, unanswered_reminders: int) -> bool:
    """Tell whether a person may find that the unit refuses (第十九条): in writing, or silent when reminded."""
    return in_writing or unanswered_reminders >= number("reminders_before_refusal", standard_day(on)).value
