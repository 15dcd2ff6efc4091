"""Why a row of the daily work is seen: whose it is, who was sent to do it (architecture.md §12)."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any  # Any: a FROM clause has columns by name

from sqlalchemy import ColumnElement, FromClause, and_, false, or_, select, true

from store import tables as t
from store.assignments import engaged, hired, still
from store.grants import in_force
from store.scope import Scope
from store.tables.base import Base, Business

Clause = ColumnElement[bool]
Columns = Any  # Any: `table.c`, whose attributes are the columns

PROVIDER = frozenset({"coordinator", "provider_manager", "return_visitor"})
INSURER = frozenset({"insurer", "insurer_finance"})


def any_of(clauses: Iterable[Clause]) -> Clause:
    """Join with OR; one that is always true makes the rest superfluous."""
    kept = [clause for clause in clauses if clause is not NOTHING]
    if any(clause is EVERYTHING for clause in kept):
        return EVERYTHING
    return or_(*kept) if kept else NOTHING


def only_if(holds: object) -> Clause:
    """Return a clause that holds for every row or for none."""
    return EVERYTHING if holds else NOTHING


EVERYTHING: Clause = true()
NOTHING: Clause = false()


def business(rule: Business, c: Columns, scope: Scope, unit: str = "policyholder_id") -> list[Clause]:
    """Return one clause per reason to see a row of the daily work."""
    roles, org = scope.roles, scope.org_id
    clauses = [only_if("joint_office" in roles)]
    if roles & PROVIDER or ("provider_finance" in roles and rule.finance):
        clauses.append(_of_provider(c, scope))
    if roles & INSURER or ("complaint_officer" in roles and rule.complaints):
        clauses.append(c.insurer_id == org)
    if "policyholder" in roles:
        clauses.append(c[unit] == org)
    clauses += _of_overseers(c, scope, unit)
    if rule.assigned is not None:
        clauses += _by_assignment(rule.assigned, c, scope)
    if rule.own is not None and scope.person_id is not None:
        clauses.append(c[rule.own] == scope.person_id)
    return clauses


def _of_overseers(c: Columns, scope: Scope, unit: str) -> list[Clause]:
    """Rows of the own region, of the own industry, and of whom an auditor was granted to look into."""
    clauses = []
    if "district_office" in scope.roles:
        clauses.append(c.region_code.in_(sorted(scope.region_codes)))
    if "industry_authority" in scope.roles:
        clauses.append(c.industry == scope.industry)
    if "auditor" in scope.roles and scope.now is not None:
        clauses.append(_by_grant(c, scope.now, unit))
    return clauses


def _of_provider(c: Columns, scope: Scope) -> Clause:
    """Rows of the own provider; a person with regions sees those of these regions alone."""
    own: Clause = c.org_id == scope.org_id
    regions = scope.narrowed_to
    return own if regions is None else and_(own, c.region_code.in_(sorted(regions)))


def _by_grant(c: Columns, now: datetime, unit: str) -> Clause:
    """Rows of the office or unit that a grant in force names; an insurer grants no more than its own business."""
    grant = alias(t.OfficeRecord)
    named = or_(c.org_id == grant.c.party_id, c.insurer_id == grant.c.party_id, c[unit] == grant.c.party_id)
    whose = or_(grant.c.insurer_id.is_(None), grant.c.insurer_id == c.insurer_id)
    return select(grant.c.id).where(*in_force(grant.c, now), named, whose).exists()


def _by_assignment(assigned: tuple[str, str], c: Columns, scope: Scope) -> list[Clause]:
    """Rows of visits that the person, or the person's agency, was sent on."""
    here, there = assigned
    clauses: list[Clause] = []
    visit, member, item = alias(t.Visit), alias(t.VisitMember), alias(t.WorkItem)
    if "expert" in scope.roles and scope.person_id is not None:
        sent = select(member.c.visit_id).where(
            member.c.person_id == scope.person_id, member.c.removed_at.is_(None)
        )
        busy = select(item.c.visit_id).where(item.c.assignee_id == scope.person_id, item.c.status < 2)
        given = or_(and_(visit.c.id.in_(sent), still(visit.c, scope)), visit.c.id.in_(busy))
        mine = and_(given, *hired(scope))
        clauses.append(c[here].in_(select(visit.c[there]).where(mine)))
    if "agency_manager" in scope.roles:
        given = and_(visit.c.agency_id == scope.org_id, still(visit.c, scope), *engaged(visit.c, scope))
        clauses.append(c[here].in_(select(visit.c[there]).where(given)))
    return clauses


def alias(model: type[Base]) -> FromClause:
    """Return the table under a name of its own, so that the statement around it never captures it."""
    return model.__table__.alias()
