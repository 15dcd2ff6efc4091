"""Visits owed, counted and arranged of many policies at once, as their cycles have computed them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, ScalarSelect, and_, distinct, exists, func, select
from sqlalchemy.orm import Session

from store.tables import PlannedVisit, Policy, QuotaSnapshot, Visit

DONE = ("completed", "archived")
OVER = ("archived", "cancelled", "entry_refused", "completed")


@dataclass(frozen=True, slots=True)
class VisitCounts:
    """Visits of one policy; `required` is None before its cycle has computed it."""

    required: int | None
    counted: int
    arranged: int

    @property
    def unplanned(self) -> int:
        """Owed, not done and not arranged."""
        return max(0, (self.required or 0) - self.counted - self.arranged)


def visit_counts(session: Session, policy_ids: Collection[UUID]) -> dict[UUID, VisitCounts]:
    """Return the counts of these policies, in one statement."""
    if not policy_ids:
        return {}
    query = select(Policy.id, _required(), _counted(), _planned(), _open()).where(Policy.id.in_(policy_ids))
    return {
        policy_id: VisitCounts(required, counted or 0, (planned or 0) + (opened or 0))
        for policy_id, required, counted, planned, opened in session.execute(query)
    }


def is_short() -> ColumnElement[bool]:
    """Return the condition that a policy owes visits that are neither done nor arranged (第十四条)."""
    return _required() > _counted() + _planned() + _open()


def has_begun() -> ColumnElement[bool]:
    """Return the condition that a policy's cycle has computed what is owed."""
    return exists().where(QuotaSnapshot.policy_id == Policy.id)


def in_force(today: date) -> ColumnElement[bool]:
    """Return the condition that a policy is in force on a day."""
    return and_(
        Policy.term_start <= today,
        Policy.term_end >= today,
        Policy.surrender_effective.is_(None),
        Policy.voided_on.is_(None),
    )


def _required() -> ScalarSelect[int]:
    query = select(func.max(QuotaSnapshot.required)).where(QuotaSnapshot.policy_id == Policy.id)
    return query.correlate(Policy).scalar_subquery()


def _counted() -> ScalarSelect[int]:
    within = and_(Visit.completed_on >= Policy.term_start, Visit.completed_on <= Policy.term_end)
    query = select(func.count(distinct(Visit.completed_on))).where(
        Visit.policy_id == Policy.id, Visit.state.in_(DONE), within
    )
    return query.correlate(Policy).scalar_subquery()


def _planned() -> ScalarSelect[int]:
    query = select(func.count()).where(PlannedVisit.policy_id == Policy.id, PlannedVisit.state == "planned")
    return query.correlate(Policy).scalar_subquery()


def _open() -> ScalarSelect[int]:
    query = select(func.count()).where(Visit.policy_id == Policy.id, Visit.state.not_in(OVER))
    return query.correlate(Policy).scalar_subquery()
