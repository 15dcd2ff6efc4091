"""The list of policies: term, premium, state, visits."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from msgspec import Struct
from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from store.pages.register_lists import (
    PAGE,
    Asked,
    Cursor,
    ListPage,
    before_day,
    begins,
    cut,
    district_name,
    named,
    names_of,
    of_insurers,
)
from store.pages.visit_counts import VisitCounts, has_begun, in_force, is_short, visit_counts
from store.tables import Policy

STATES = ("active", "pending", "expired", "surrendered", "short", "not_begun")


class PolicyRow(Struct, frozen=True):
    """A policy as the list shows it."""

    id: UUID
    number: str
    unit_id: UUID | None
    unit: str
    district: str
    premium: Decimal
    term_start: date
    term_end: date
    state: str
    counts: VisitCounts | None


def policy_list(session: Session, asked: Asked, today: date) -> ListPage[PolicyRow]:
    """Return one page of policies, the latest end first."""
    query = select(Policy).where(*_conditions(asked, today))
    if asked.after is not None:
        query = query.where(before_day(Policy.term_end, Policy.id, asked.after))
    query = query.order_by(Policy.term_end.desc(), Policy.id.desc()).limit(PAGE + 1)
    found = session.scalars(query).all()
    counts = visit_counts(session, [policy.id for policy in found])
    units = names_of(session, [policy.policyholder_id for policy in found])
    rows = [
        PolicyRow(
            id=policy.id,
            number=policy.number,
            unit_id=policy.policyholder_id,
            unit=units.get(policy.policyholder_id, ""),
            district=district_name(policy.region_code),
            premium=policy.written_premium,
            term_start=policy.term_start,
            term_end=policy.term_end,
            state=policy_state(policy, today),
            counts=counts.get(policy.id),
        )
        for policy in found
    ]
    return cut(rows, [Cursor(policy.term_end.isoformat(), policy.id) for policy in found])


def policy_state(policy: Policy, today: date) -> str:
    """Return the word of policy_state that a policy's days give."""
    if policy.voided_on is not None:
        return "void"
    if policy.surrender_effective is not None and policy.surrender_effective <= today:
        return "surrendered"
    if policy.term_end < today:
        return "expired"
    return "pending" if policy.term_start > today else "active"


def _conditions(asked: Asked, today: date) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if asked.query:
        by_number = and_(of_insurers(), begins(Policy.number, asked.query))
        conditions.append(or_(named(Policy.policyholder_id, asked.query), by_number))
    if asked.region:
        conditions.append(Policy.region_code == asked.region)
    if asked.kind:
        conditions.append(Policy.industry == asked.kind)
    if asked.state in STATES:
        conditions.append(_state(asked.state, today))
    return conditions


def _state(state: str, today: date) -> ColumnElement[bool]:
    match state:
        case "active":
            return in_force(today)
        case "pending":
            return Policy.term_start > today
        case "expired":
            return and_(Policy.term_end < today, Policy.surrender_effective.is_(None))
        case "surrendered":
            return Policy.surrender_effective.is_not(None)
        case "short":
            return and_(in_force(today), is_short())
        case _:
            return and_(in_force(today), ~has_begun())
