"""What was said and done about a hazard, round by round: plans, checks, extensions, objections, reminders."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from msgspec import Struct
from sqlalchemy import select
from sqlalchemy.orm import Session

from store.tables import Case, Chase, Dispute, Extension, Person, Recheck, Rectification

MOST = 100


class RoundLine(Struct, frozen=True):
    """One round: what was planned, what was done."""

    round: int
    answer: str | None
    responsible: str
    measures: str
    finish_by: date | None
    funds: Decimal | None
    interim_measures: str
    contingency_plan: str
    planned_at: datetime | None
    finished_on: date | None
    measures_done: str
    cost: Decimal | None
    photos: tuple[str, ...]
    note: str
    submitted_at: datetime | None


class RecheckLine(Struct, frozen=True):
    """One check of what was done."""

    round: int
    checker: str
    method: str
    checked_at: datetime
    result: str
    opinion: str
    photos: tuple[str, ...]
    new_deadline: date | None


class ExtensionLine(Struct, frozen=True):
    """A request for a later day and the decision."""

    requested_at: datetime
    request: str
    old_deadline: date
    decision: str | None
    new_deadline: date | None
    reason: str


class DisputeLine(Struct, frozen=True):
    """An objection and what became of it."""

    raised_at: datetime
    reason: str
    result: str | None
    basis: str
    new_level: str | None


class ChaseLine(Struct, frozen=True):
    """A reminder that was given, with its number."""

    number: int
    at: datetime
    channel: str
    person: str
    content: str


def rounds_of(session: Session, hazard_id: UUID) -> tuple[RoundLine, ...]:
    """Return the rounds of plan and rectification."""
    query = select(Rectification).where(Rectification.hazard_id == hazard_id).order_by(Rectification.round)
    names = [name for name in RoundLine.__struct_fields__ if name != "photos"]
    return tuple(
        RoundLine(
            **{name: getattr(row, name) for name in names}, photos=tuple(str(each) for each in row.photos)
        )
        for row in session.scalars(query.limit(MOST))
    )


def rechecks_of(session: Session, hazard_id: UUID) -> tuple[RecheckLine, ...]:
    """Return the checks, oldest first."""
    rows = session.execute(
        select(Recheck, Person.name)
        .outerjoin(Person, Person.id == Recheck.checker_id)
        .where(Recheck.hazard_id == hazard_id)
        .order_by(Recheck.checked_at, Recheck.id)
        .limit(MOST)
    )
    return tuple(
        RecheckLine(
            row.round,
            name or "",
            row.method,
            row.checked_at,
            row.result,
            row.opinion,
            tuple(str(each) for each in row.photos),
            row.new_deadline,
        )
        for row, name in rows
    )


def extensions_of(session: Session, hazard_id: UUID) -> tuple[ExtensionLine, ...]:
    """Return the requests for a later day."""
    query = select(Extension).where(Extension.hazard_id == hazard_id).order_by(Extension.requested_at)
    names = ExtensionLine.__struct_fields__
    return tuple(
        ExtensionLine(**{name: getattr(row, name) for name in names})
        for row in session.scalars(query.limit(MOST))
    )


def disputes_of(session: Session, hazard_id: UUID) -> tuple[DisputeLine, ...]:
    """Return the objections."""
    query = select(Dispute).where(Dispute.hazard_id == hazard_id).order_by(Dispute.raised_at)
    return tuple(
        DisputeLine(row.raised_at, row.dispute_reason, row.dispute_result, row.basis, row.new_level)
        for row in session.scalars(query.limit(MOST))
    )


def chases_of(session: Session, hazard_id: UUID) -> tuple[ChaseLine, ...]:
    """Return the reminders that were given."""
    own = select(Case.id).where(Case.hazard_id == hazard_id)
    query = select(Chase).where(Chase.case_id.in_(own), Chase.subject_id == hazard_id)
    names = ChaseLine.__struct_fields__
    return tuple(
        ChaseLine(**{name: getattr(row, name) for name in names})
        for row in session.scalars(query.order_by(Chase.at, Chase.id).limit(MOST))
    )
