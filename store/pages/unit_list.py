"""The list of units, each with the policy in force and how its visits stand."""

from collections.abc import Collection
from datetime import date
from uuid import UUID

from msgspec import Struct
from sqlalchemy import ColumnElement, Select, exists, or_, select
from sqlalchemy.orm import Session

from store.pages.register_lists import (
    PAGE,
    Asked,
    Cursor,
    ListPage,
    after_key,
    begins,
    cut,
    district_name,
    of_insurers,
)
from store.pages.visit_counts import VisitCounts, has_begun, in_force, is_short, visit_counts
from store.search import matches
from store.tables import Organization, Policy, Policyholder

STATES = ("short", "not_begun", "no_policy", "refused")


class UnitRow(Struct, frozen=True):
    """A unit as the list shows it; policy and counts are those in force today."""

    id: UUID
    name: str
    uscc: str
    district: str
    high_risk_kind: str
    is_key: bool
    willingness: str
    policy_number: str
    term_end: date | None
    counts: VisitCounts | None


def unit_list(session: Session, asked: Asked, today: date) -> ListPage[UnitRow]:
    """Return one page of units by name."""
    found = session.execute(_query(asked, today)).all()
    policies = _policies_in_force(session, [unit.id for unit, _ in found], today)
    counts = visit_counts(session, [policy.id for policy in policies.values()])
    rows = [_row(unit, holder, policies, counts) for unit, holder in found]
    return cut(rows, [Cursor(unit.name, unit.id) for unit, _ in found])


def _query(asked: Asked, today: date) -> Select[Organization, Policyholder]:
    query = select(Organization, Policyholder).join(
        Policyholder, Policyholder.organization_id == Organization.id
    )
    query = query.where(Organization.kind == "policyholder", *_conditions(asked, today))
    if asked.after is not None:
        query = query.where(after_key(Organization.name, Organization.id, asked.after))
    return query.order_by(Organization.name, Organization.id).limit(PAGE + 1)


def _conditions(asked: Asked, today: date) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if asked.query:
        of_policy = select(Policy.policyholder_id).where(of_insurers(), begins(Policy.number, asked.query))
        conditions.append(or_(matches(Organization.bigrams, asked.query), Organization.id.in_(of_policy)))
    if asked.region:
        conditions.append(Policyholder.region_code == asked.region)
    if asked.kind:
        conditions.append(Policyholder.high_risk_kind == asked.kind)
    if asked.state in STATES:
        conditions.append(_state(asked.state, today))
    return conditions


def _state(state: str, today: date) -> ColumnElement[bool]:
    mine = (Policy.policyholder_id == Organization.id, in_force(today))
    match state:
        case "short":
            return exists().where(*mine, is_short())
        case "not_begun":
            return exists().where(*mine, ~has_begun())
        case "no_policy":
            return ~exists().where(*mine)
        case _:
            return Policyholder.willingness != "willing"


def _policies_in_force(session: Session, ids: Collection[UUID], today: date) -> dict[UUID | None, Policy]:
    """Return the policy in force of each unit; of several the one that began last."""
    query = select(Policy).where(Policy.policyholder_id.in_(ids), in_force(today))
    rows = session.scalars(query.order_by(Policy.term_start, Policy.id))
    return {row.policyholder_id: row for row in rows}


def _row(
    unit: Organization,
    holder: Policyholder,
    policies: dict[UUID | None, Policy],
    counts: dict[UUID, VisitCounts],
) -> UnitRow:
    policy = policies.get(unit.id)
    return UnitRow(
        id=unit.id,
        name=unit.name,
        uscc=unit.uscc or "",
        district=district_name(holder.region_code),
        high_risk_kind=holder.high_risk_kind,
        is_key=holder.is_key,
        willingness=holder.willingness,
        policy_number=policy.number if policy is not None else "",
        term_end=policy.term_end if policy is not None else None,
        counts=counts.get(policy.id) if policy is not None else None,
    )
