"""Units that refuse the service are told so in writing, with proof (第十三条)."""

from typing import Any  # Any: the columns of a traced question

from sqlalchemy import ColumnElement, Select, and_, func, literal, or_, select
from sqlalchemy.orm import Session

from store.compliance.catalogue import Asked, Duty, Finding
from store.compliance.tracing import traced
from store.tables import Case, Deadline, Organization, RefusalNotice

KIND = "refusal_notice"


def _judge(session: Session, asked: Asked) -> Finding:
    filed = and_(RefusalNotice.filed_on.is_not(None), RefusalNotice.filed_on <= asked.day)
    total, done = session.execute(
        select(func.count(), func.count().filter(filed)).select_from(RefusalNotice).where(*_registered(asked))
    ).one()
    open_since = or_(RefusalNotice.filed_on.is_(None), RefusalNotice.filed_on > asked.day)
    broken = traced(session, asked, "case", _named(asked, and_(open_since, Deadline.due < asked.day)))
    at_risk = traced(session, asked, "case", _named(asked, and_(open_since, Deadline.due >= asked.day)))
    return Finding(
        total=total,
        met=done,
        told=f"登记拒绝 {total} 件，已告知并留档 {done} 件；过了告知期限仍没有送达凭证 {broken.count} 件，"
        f"正在办 {at_risk.count} 件。没有留档的单位不从覆盖率里剔除",
        broken=broken,
        at_risk=at_risk,
    )


def _registered(asked: Asked) -> tuple[ColumnElement[bool], ...]:
    return (
        RefusalNotice.kind == "service_refusal",
        RefusalNotice.refused_on.is_not(None),
        RefusalNotice.refused_on <= asked.day,
        or_(RefusalNotice.withdrawn_on.is_(None), RefusalNotice.withdrawn_on > asked.day),
        *asked.of(RefusalNotice),
    )


def _named(asked: Asked, condition: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Case.id.label("id"),
            Organization.name.label("title"),
            (literal("办件 ") + Case.number + literal("，") + RefusalNotice.reason).label("detail"),
            Deadline.due.label("day"),
        )
        .select_from(RefusalNotice)
        .join(Case, Case.id == RefusalNotice.case_id)
        .join(Deadline, and_(Deadline.case_id == Case.id, Deadline.kind == KIND))
        .join(Organization, Organization.id == RefusalNotice.policyholder_id)
        .where(*_registered(asked), condition)
        .order_by(Deadline.due, Case.number)
    )


DUTIES = (
    Duty(
        key="refusal_notices",
        article="13",
        title="拒绝服务的，书面或邮件告知并留档",
        unit="件",
        remedy="请保险机构在待办里发函，上传签收或送达凭证；留档以后本条即恢复。",
        judge=_judge,
    ),
)
