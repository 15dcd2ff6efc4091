"""Before and after the visit: permission to enter, and the written notice of what was found (第十八条)."""

from datetime import datetime, time

from sqlalchemy import ColumnElement, and_, exists, func, literal, or_, select
from sqlalchemy.orm import Session

from rules.working_days import LEGAL_ZONE
from store.compliance.catalogue import Asked, Duty, Finding
from store.compliance.tracing import traced
from store.tables import Case, Deadline, EntryCheck, Organization, PreContact, Visit

NOTICE_KINDS = ("notice_major", "notice_general")


def _judge_entry(session: Session, asked: Asked) -> Finding:
    permitted = exists().where(
        PreContact.visit_id == Visit.id, PreContact.permission_granted, PreContact.grant_method.is_not(None)
    )
    total = (
        session.scalar(select(func.count()).select_from(EntryCheck).join(Visit).where(*_entered(asked))) or 0
    )
    query = (
        select(
            Visit.case_id.label("id"),
            Organization.name.label("title"),
            (literal("服务单 ") + Visit.number + literal("，没有进场允许的凭证")).label("detail"),
            Visit.planned_on.label("day"),
        )
        .select_from(EntryCheck)
        .join(Visit)
        .join(Organization, Organization.id == Visit.policyholder_id)
        .where(*_entered(asked), ~permitted)
        .order_by(Visit.planned_on, Visit.number)
    )
    broken = traced(session, asked, "case", query)
    return Finding(
        total=total,
        met=total - broken.count,
        told=f"今年进场 {total} 次，没有允许凭证而进场 {broken.count} 次",
        broken=broken,
    )


def _entered(asked: Asked) -> tuple[ColumnElement[bool], ...]:
    since = datetime.combine(asked.year[0], time(), LEGAL_ZONE)
    within = and_(EntryCheck.arrived_at >= since, EntryCheck.arrived_at < asked.over)
    return (EntryCheck.entry_admitted.is_(True), within, *asked.of(Visit))


def _judge_notices(session: Session, asked: Asked) -> Finding:
    """Count notices by the days that the product sets: the article says 及时 and no number, so late is a risk (D11)."""
    kinds = Deadline.kind.in_(NOTICE_KINDS)
    done = and_(Deadline.met_on.is_not(None), Deadline.met_on <= asked.day)
    conditions = (kinds, Deadline.anchor.between(*asked.year), *asked.of(Deadline))
    total, told = session.execute(
        select(func.count(), func.count().filter(done)).select_from(Deadline).where(*conditions)
    ).one()
    open_yet = or_(Deadline.met_on.is_(None), Deadline.met_on > asked.day)
    query = (
        select(
            Case.id.label("id"),
            Organization.name.label("title"),
            (literal("服务单 ") + Case.number + literal("，告知书还没有送达")).label("detail"),
            Deadline.due.label("day"),
        )
        .select_from(Deadline)
        .join(Case, Case.id == Deadline.case_id)
        .join(Organization, Organization.id == Deadline.policyholder_id)
        .where(*conditions, open_yet, Case.status != "cancelled")
        .order_by(Deadline.due, Case.number)
    )
    at_risk = traced(session, asked, "case", query)
    return Finding(
        total=total,
        met=told,
        told=f"今年发现隐患、应书面告知 {total} 次，已送达 {told} 次，还没有送达 {at_risk.count} 次",
        at_risk=at_risk,
    )


DUTIES = (
    Duty(
        key="entry",
        article="18",
        title="进场前取得单位允许",
        unit="次",
        remedy="没有允许的不能签到；已经发生的，由负责人向联席办说明。",
        judge=_judge_entry,
    ),
    Duty(
        key="hazard_notices",
        article="18",
        title="发现隐患及时书面告知",
        unit="次",
        remedy="在待办里审签并送达告知书，写明签收人或见证人。",
        judge=_judge_notices,
    ),
)
