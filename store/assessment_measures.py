"""Figures that the system brings along for an assessment: one organization's work in one period.

Each stands under its name in the vocabulary, its definition under the same name in `assessment_measure_about`.
The session must see all rows of the organization; a figure without a denominator says nothing.
"""

from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, func, select
from sqlalchemy.orm import Session, aliased

from rules.amounts import percent
from rules.coverage import coverage
from rules.reporting import Period
from rules.roles import Party
from store.pages.visit_counts import DONE
from store.reports.visits_by_insurer import count_units, policies_ending
from store.tables import Case, Deadline, FundEntry, Hazard, ReturnVisit, Visit
from store.tables.base import Owned

NOT_COUNTED = "withdrawn"
_TENTH = Decimal("0.1")


def measures_of(session: Session, org_id: UUID, kind: str, period: Period) -> dict[str, str]:
    """Return the figures that there are, in words, by their names (第二十四条)."""
    found = (*_visits(session, org_id, kind, period), *_policies(session, org_id, kind, period))
    found = (*found, *_deadlines(session, org_id, kind, period), *_hazards(session, org_id, kind, period))
    found = (*found, *_satisfaction(session, org_id, kind, period), *_fund(session, org_id, kind, period))
    return dict(found)


def _own(model: type[Owned], org_id: UUID, kind: str) -> ColumnElement[bool]:
    return model.insurer_id == org_id if kind == Party.INSURER else model.org_id == org_id


def _visits(session: Session, org_id: UUID, kind: str, period: Period) -> Iterator[tuple[str, str]]:
    own, span = _own(Visit, org_id, kind), (period.first_day, period.last_day)
    done = Visit.state.in_(DONE)
    completed = select(func.count()).where(own, done, Visit.completed_on.between(*span))
    yield "visits_done", f"{session.scalar(completed) or 0} 次"
    planned = select(func.count(), func.sum(case((done, 1), else_=0))).where(
        own, Visit.planned_on.between(*span), Visit.state != "cancelled"
    )
    whole, part = session.execute(planned).one()
    yield from _rate("on_schedule_rate", part, whole)


def _policies(session: Session, org_id: UUID, kind: str, period: Period) -> Iterator[tuple[str, str]]:
    policy = policies_ending(period)
    owner = policy.c.insurer_id if kind == Party.INSURER else policy.c.org_id
    row = session.execute(
        select(
            func.sum(policy.c.required).label("required"),
            func.sum(policy.c.missing).label("missing"),
            count_units(policy).label("units"),
            count_units(policy, policy.c.refused).label("refused"),
            count_units(policy, ~policy.c.refused & (policy.c.missing > 0)).label("short"),
        ).where(owner == org_id)
    ).one()
    required = int(row.required or 0)
    yield from _rate("completion_rate", required - int(row.missing or 0), required)
    found = coverage(row.units, row.refused, row.units - row.refused - row.short)
    if found.rate is not None:
        yield "coverage_rate", f"{found.rate} %"


def _deadlines(session: Session, org_id: UUID, kind: str, period: Period) -> Iterator[tuple[str, str]]:
    """Yield how many of the deadlines that fell into the period were met in time (第十九条)."""
    in_time = and_(Deadline.met_on.is_not(None), Deadline.met_on <= Deadline.due)
    query = (
        select(Deadline.kind, func.count(), func.sum(case((in_time, 1), else_=0)))
        .join(Case, Case.id == Deadline.case_id)
        .where(
            _own(Case, org_id, kind),
            Deadline.kind.in_(("return_visit", "archive")),
            Deadline.due.between(period.first_day, period.last_day),
            Case.status != "cancelled",
        )
        .group_by(Deadline.kind)
    )
    for name, whole, part in session.execute(query.order_by(Deadline.kind.desc())):
        yield from _rate(f"{name}_on_time", part, whole)


def _hazards(session: Session, org_id: UUID, kind: str, period: Period) -> Iterator[tuple[str, str]]:
    own, span = _own(Hazard, org_id, kind), (period.first_day, period.last_day)
    told = select(func.count()).where(own, Hazard.notified_on.between(*span))
    yield "hazards_found", f"{session.scalar(told) or 0} 项"
    due = select(func.count(), func.sum(case((Hazard.state == "closed", 1), else_=0))).where(
        own, Hazard.deadline.between(*span), Hazard.state != NOT_COUNTED
    )
    whole, part = session.execute(due).one()
    yield from _rate("rectification_rate", part, whole)


def _satisfaction(session: Session, org_id: UUID, kind: str, period: Period) -> Iterator[tuple[str, str]]:
    """Yield the mean of what each visit's last return visit heard."""
    last = select(ReturnVisit.visit_id, func.max(ReturnVisit.attempt).label("attempt")).where(
        ReturnVisit.satisfaction.is_not(None)
    )
    heard = last.group_by(ReturnVisit.visit_id).subquery()
    of_last = and_(heard.c.visit_id == ReturnVisit.visit_id, heard.c.attempt == ReturnVisit.attempt)
    query = (
        select(func.count(), func.sum(ReturnVisit.satisfaction))
        .join(heard, of_last)
        .join(Visit, Visit.id == ReturnVisit.visit_id)
        .where(_own(Visit, org_id, kind), Visit.completed_on.between(period.first_day, period.last_day))
    )
    count, points = session.execute(query).one()
    if count:
        yield "satisfaction_mean", f"{(Decimal(points or 0) / count).quantize(_TENTH, ROUND_HALF_UP)} 分"


def _fund(session: Session, org_id: UUID, kind: str, period: Period) -> Iterator[tuple[str, str]]:
    """Yield what was spent; a reversal takes back the expense that it names (第六条)."""
    own, before = _own(FundEntry, org_id, kind), aliased(FundEntry)
    dated = FundEntry.entry_date.between(period.first_day, period.last_day)
    paid = session.scalar(select(func.sum(FundEntry.amount)).where(own, dated, FundEntry.kind == "expense"))
    back = session.scalar(
        select(func.sum(FundEntry.amount))
        .join(before, before.id == FundEntry.reverses_id)
        .where(own, dated, FundEntry.kind == "reversal", before.kind == "expense")
    )
    yield "fund_spent", f"{(paid or Decimal(0)) - (back or Decimal(0)):,.2f} 元"


def _rate(name: str, part: int | None, whole: int) -> Iterator[tuple[str, str]]:
    if (found := percent(int(part or 0), whole)) is not None:
        yield name, f"{found} %"
