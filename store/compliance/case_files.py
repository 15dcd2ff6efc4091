"""Every service has its sealed file, kept for the years that the standard says (第七条)."""

from sqlalchemy import ColumnElement, exists, func, literal, select
from sqlalchemy.orm import Session

from rules.parameters import number
from store.compliance.catalogue import Asked, Duty, Finding
from store.compliance.tracing import traced
from store.tables import CaseFile, Organization, Visit


def _judge(session: Session, asked: Asked) -> Finding:
    sealed = exists().where(
        CaseFile.visit_id == Visit.id, CaseFile.sealed_at < asked.over, CaseFile.retain_until.is_not(None)
    )
    query = (
        select(
            Visit.case_id.label("id"),
            Organization.name.label("title"),
            (literal("服务单 ") + Visit.number + literal("，归档了却没有封存的档案")).label("detail"),
            Visit.completed_on.label("day"),
        )
        .join(Organization, Organization.id == Visit.policyholder_id)
        .where(*_archived(asked), ~sealed)
        .order_by(Visit.completed_on, Visit.number)
    )
    broken = traced(session, asked, "case", query)
    total = session.scalar(select(func.count()).select_from(Visit).where(*_archived(asked))) or 0
    years = number("retention_years", asked.day).value
    return Finding(
        total=total,
        met=total - broken.count,
        told=f"归档的服务 {total} 次，每次的档案都封存并至少保管 {years} 年；缺档案 {broken.count} 次",
        broken=broken,
    )


def _archived(asked: Asked) -> tuple[ColumnElement[bool], ...]:
    return (Visit.archived_at.is_not(None), Visit.archived_at < asked.over, *asked.of(Visit))


DUTIES = (
    Duty(
        key="case_files",
        article="7",
        title="服务档案完整封存、按年限保管",
        unit="次",
        remedy="请系统管理员查这几件的封存任务；补齐以后本条即恢复。",
        judge=_judge,
    ),
)
