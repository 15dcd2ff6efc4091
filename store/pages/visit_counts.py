"""Visits owed, counted and arranged of many policies at once, as their cycles have computed them."""

from collections.abc import Collection
from datetime import date
from functools import lru_cache
from uuid import UUID

from msgspec import Struct
from sqlalchemy import (
    CTE,
    ColumnElement,
    CompoundSelect,
    Integer,
    ScalarSelect,
    Subquery,
    and_,
    case,
    distinct,
    exists,
    extract,
    func,
    literal,
    null,
    select,
)
from sqlalchemy import cast as sql_cast
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from store.tables import PlannedVisit, Policy, QuotaSnapshot, Visit

DONE = ("completed", "archived")
OVER = ("archived", "cancelled", "entry_refused", "completed")


class VisitCounts(Struct, frozen=True):
    """Visits of one policy; `required` is None before its cycle has computed it.

    `missing`: owed and not done, each policy year for itself.
    """

    required: int | None
    counted: int
    missing: int
    arranged: int

    @property
    def unplanned(self) -> int:
        """Owed, not done and not arranged."""
        return max(0, self.missing - self.arranged)


def visit_counts(session: Session, policy_ids: Collection[UUID]) -> dict[UUID, VisitCounts]:
    """Return the counts of these policies, in one statement."""
    if not policy_ids:
        return {}
    counts = (required(), counted(), missing(), _planned(), _open())
    query = select(Policy.id, *counts).where(Policy.id.in_(policy_ids))
    return {
        policy_id: VisitCounts(owed, done or 0, lacking or 0, (planned or 0) + (opened or 0))
        for policy_id, owed, done, lacking, planned, opened in session.execute(query)
    }


def is_short() -> ColumnElement[bool]:
    """Return the condition that a policy owes visits that are neither done nor arranged (第三、十四条)."""
    return and_(Policy.out_of_scope.is_(False), missing() > _planned() + _open())


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


def required() -> ScalarSelect[int]:
    """Return what a policy owes over its whole term; nothing before its cycle has computed it."""
    owed = _owed_by_year()
    return select(func.sum(owed.c.visits)).scalar_subquery()


def missing(until: date | None = None) -> ScalarSelect[int]:
    """Return what is owed and not done, by that day if one is given, each policy year for itself (第十四条)."""
    owed = _owed_by_year()
    done = select(_days_done()).where(*_done(until), _policy_year(Visit.completed_on) == owed.c.year)
    lacking = owed.c.visits - done.correlate(Policy, owed).scalar_subquery()
    return select(func.sum(case((lacking > 0, lacking), else_=0))).scalar_subquery()


def counted(until: date | None = None) -> ScalarSelect[int]:
    """Return how many visits count: completed within the term, by that day if one is given, one a day (D18)."""
    return select(_days_done()).where(*_done(until)).correlate(Policy).scalar_subquery()


@lru_cache(maxsize=16)
def policy_totals(since: date, until: date) -> CTE:
    """Give what policies owe and have had by the last day: `required`, `counted`, and `met`, which no year exceeds.

    The same as `required`, `counted` and `required` less `missing`, in one pass of all policies whose terms reach
    into these days. The year of a visit is asked for only where a policy has several, and sums are made whole numbers
    again: dates taken apart and sums of sums are decimals on PostgreSQL, which take longer than all else.
    """
    each = _owed_or_done(and_(Policy.term_end >= since, Policy.term_start <= until), until).subquery().c
    owed, done = func.max(each.owed), sql_cast(func.sum(each.done), Integer)
    years = (
        select(each.policy_id, owed.label("owed"), done.label("done"))
        .group_by(each.policy_id, each.year)
        .having(owed.is_not(None))
        .subquery()
        .c
    )
    met = case((years.done > years.owed, years.owed), else_=years.done)
    totals = {"required": years.owed, "counted": years.done, "met": met}
    return (
        select(
            years.policy_id, *(sql_cast(func.sum(told), Integer).label(name) for name, told in totals.items())
        )
        .group_by(years.policy_id)
        .cte(f"policy_totals_{since:%Y%m%d}_{until:%Y%m%d}")
    )


def _owed_or_done(there: ColumnElement[bool], until: date) -> CompoundSelect[UUID, int, int | None, int]:
    """Give what each policy year was ever owed, and each day on which a visit of it was done."""
    several = aliased(QuotaSnapshot)
    has_several = Policy.id.in_(select(several.policy_id).where(several.policy_year > 1))
    owed = (
        select(
            QuotaSnapshot.policy_id,
            QuotaSnapshot.policy_year.label("year"),
            QuotaSnapshot.required.label("owed"),
            literal(0).label("done"),
        )
        .join(Policy, Policy.id == QuotaSnapshot.policy_id)
        .where(there)
    )
    happened = (Visit.state.in_(DONE), Visit.completed_on <= until)
    days = select(Visit.policy_id, Visit.completed_on.label("day")).where(*happened).distinct().subquery().c
    year = case((has_several, sql_cast(_policy_year(days.day), Integer)), else_=1)
    done = (
        select(days.policy_id, year, sql_cast(null(), Integer), literal(1))
        .join(Policy, Policy.id == days.policy_id)
        .where(there, days.day.between(Policy.term_start, Policy.term_end))
    )
    return owed.union_all(done)


def _owed_by_year() -> Subquery:
    """Give the most that each policy year was ever owed; what was kept never falls (D6)."""
    query = select(
        QuotaSnapshot.policy_year.label("year"), func.max(QuotaSnapshot.required).label("visits")
    ).where(QuotaSnapshot.policy_id == Policy.id)
    return query.group_by(QuotaSnapshot.policy_year).correlate(Policy).subquery()


def _days_done() -> ColumnElement[int]:
    return func.count(distinct(Visit.completed_on))


def _done(until: date | None) -> tuple[ColumnElement[bool], ...]:
    within = and_(Visit.completed_on >= Policy.term_start, Visit.completed_on <= Policy.term_end)
    by_then = [Visit.completed_on <= until] if until is not None else []
    return (Visit.policy_id == Policy.id, Visit.state.in_(DONE), within, *by_then)


def _policy_year(day: InstrumentedAttribute[date | None] | ColumnElement[date]) -> ColumnElement[int]:
    """Give the index of the policy year of a day in the term, as `rules.policy_years` counts them."""
    first = Policy.term_start
    not_yet = _day_of_year(day) < _day_of_year(first)
    return extract("year", day) - extract("year", first) + case((not_yet, 0), else_=1)


def _day_of_year(
    day: InstrumentedAttribute[date] | InstrumentedAttribute[date | None] | ColumnElement[date],
) -> ColumnElement[int]:
    return extract("month", day) * 100 + extract("day", day)


def _planned() -> ScalarSelect[int]:
    query = select(func.count()).where(PlannedVisit.policy_id == Policy.id, PlannedVisit.state == "planned")
    return query.correlate(Policy).scalar_subquery()


def _open() -> ScalarSelect[int]:
    query = select(func.count()).where(Visit.policy_id == Policy.id, Visit.state.not_in(OVER))
    return query.correlate(Policy).scalar_subquery()
