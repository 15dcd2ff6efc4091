"""Told each night: a fund that is nearly spent (第六条), trainings that lag behind their quarters (第十五条)."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from rules.exchange import quarter_of
from rules.fund_ledger import is_balance_low
from rules.training import Training, is_behind, judge_trainings
from store.fund_year import fund_years
from store.pages.visit_counts import in_force
from store.scope import Scope
from store.tables import GroupTraining, Notice, Organization, Policy
from workflows.runtime import Runtime

_SCOPE: Final = Scope.everything("those who answer for it are told of what runs short")
_OFFICE: Final = "joint_office"


def tell_of_shortage(runtime: Runtime, day: date) -> int:
    """Tell once of each fund that is nearly spent, and once a quarter of each provider whose trainings lag behind."""
    now = runtime.now()
    with runtime.database.write(_SCOPE, now=now) as session:
        found = {
            notice.key: notice for notice in (*_funds(session, day, now), *_trainings(session, day, now))
        }
        known = set(session.scalars(select(Notice.key).where(Notice.key.in_(found))))
        session.add_all(notice for key, notice in found.items() if key not in known)
    return len(found.keys() - known)


def _funds(session: Session, day: date, now: datetime) -> Iterator[Notice]:
    for fund in fund_years(session, day.year):
        plan, spent = fund.plan, fund.spent_in_all
        if plan is None or fund.insurer_id is None or not is_balance_low(plan.total, spent, day):
            continue
        title = f"{day.year} 年费用计划 {plan.total:,.2f} 元，只剩 {plan.total - spent:,.2f} 元"
        for role, holder in (("provider_finance", fund.org_id), ("insurer_finance", fund.insurer_id)):
            yield Notice(
                key=f"fund-low-{plan.id}-{role}",
                role=role,
                holder_id=holder,
                kind="notice",
                title=title,
                body="超计划的支出记不了账：还要用钱的，先修订年度计划里的费用。",
                link=f"/fund/?year={day.year}",
                at=now,
            )


def _trainings(session: Session, day: date, now: datetime) -> Iterator[Notice]:
    quarter = quarter_of(day)
    serving = select(Organization.id, Organization.name).where(
        Organization.id.in_(select(Policy.org_id).where(in_force(day), Policy.out_of_scope.is_(False)))
    )
    offices = session.scalars(select(Organization.id).where(Organization.kind == _OFFICE)).all()
    for provider, name in session.execute(serving.order_by(Organization.name, Organization.id)):
        held = _held(session, provider, day)
        if not is_behind(held, day):
            continue
        verdict = judge_trainings(day.year, held)
        title = f"{name} {day.year} 年集中培训 {verdict.held} 次，进度落后，还差 {verdict.shortfall} 次"
        for role, holder in (("provider_manager", provider), *((_OFFICE, office) for office in offices)):
            yield Notice(
                key=f"training-{provider}-{day.year}-{quarter}-{holder}",
                role=role,
                holder_id=holder,
                kind="notice",
                title=title,
                body=f"每年不少于 {verdict.required} 次，跨年不累计（第十五条）。",
                link="/gatherings/",
                at=now,
            )


def _held(session: Session, provider: UUID, day: date) -> list[Training]:
    """Return the trainings of the year that a provider has held."""
    query = select(GroupTraining.held_on).where(
        GroupTraining.org_id == provider,
        GroupTraining.held_on.between(date(day.year, 1, 1), day),
    )
    return [Training(on, held=True) for on in session.scalars(query) if on is not None]
