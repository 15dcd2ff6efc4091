"""Insurers train and publish how to complain, agencies are qualified, experts certified (第五、九、十、二十二条)."""

from typing import Any  # Any: the columns of a traced question

from sqlalchemy import ColumnElement, Select, and_, exists, false, func, literal, or_, select
from sqlalchemy.orm import Session

from rules.parameters import number
from store.compliance.catalogue import Asked, Duty, Finding, Force
from store.compliance.tracing import traced
from store.pages.visit_counts import in_force
from store.tables import (
    AgencyProfile,
    Engagement,
    Expert,
    InsurerProfile,
    OfficeRecord,
    Organization,
    Person,
    Policy,
)

Traced = Select[*tuple[Any, ...]]


def _insuring(asked: Asked) -> ColumnElement[bool]:
    return exists().where(
        Policy.insurer_id == Organization.id,
        in_force(asked.day),
        Policy.out_of_scope.is_(False),
        *asked.of(Policy),
    )


def _insurers(asked: Asked, detail: str) -> Traced:
    return (
        select(
            Organization.id.label("id"),
            Organization.name.label("title"),
            literal(detail).label("detail"),
            literal(None).label("day"),
        )
        .select_from(Organization)
        .where(Organization.kind == "insurer", _insuring(asked))
        .order_by(Organization.name)
    )


def _how_many_insurers(session: Session, asked: Asked) -> int:
    counted = select(func.count()).select_from(Organization)
    return session.scalar(counted.where(Organization.kind == "insurer", _insuring(asked))) or 0


def _judge_channels(session: Session, asked: Asked) -> Finding:
    said = (
        InsurerProfile.complaint_phone,
        InsurerProfile.complaint_procedure,
        InsurerProfile.mediation_method,
    )
    silent = or_(InsurerProfile.organization_id.is_(None), *(column == "" for column in said))
    query = _insurers(asked, "投诉电话、处理程序、调处方式没有公示齐全")
    profiled = query.outerjoin(InsurerProfile, InsurerProfile.organization_id == Organization.id)
    broken = traced(session, asked, "insurer", profiled.where(silent))
    total = _how_many_insurers(session, asked)
    told = f"有在保保单的保险机构 {total} 家；投诉渠道、程序、调处方式没有公示齐全 {broken.count} 家"
    return Finding(total, total - broken.count, told, broken)


def _judge_skills(session: Session, asked: Asked) -> Finding:
    needed = number("insurer_training_per_year", asked.day, "aq-9010-2019").value
    held = (
        select(func.count())
        .where(
            OfficeRecord.kind == "skill_training",
            OfficeRecord.org_id == Organization.id,
            OfficeRecord.day.between(*asked.year),
        )
        .scalar_subquery()
    )
    query = _insurers(asked, f"{asked.day.year} 年还没有满 {needed} 次技能培训")
    at_risk = traced(session, asked, "insurer", query.where(held < needed))
    total = _how_many_insurers(session, asked)
    told = f"有在保保单的保险机构 {total} 家；今年专职人员技能培训不满 {needed} 次 {at_risk.count} 家"
    return Finding(total, total - at_risk.count, told, at_risk=at_risk)


def _judge_agencies(session: Session, asked: Asked) -> Finding:
    engaged = exists().where(
        Engagement.party_b_id == Organization.id,
        Engagement.kind == "provider_agency",
        Engagement.start <= asked.day,
        Engagement.end >= asked.day,
        *_of_provider(asked, Engagement.org_id),
    )
    until = AgencyProfile.valid_until
    bad = or_(
        AgencyProfile.organization_id.is_(None), AgencyProfile.kind == "", until.is_(None), until < asked.day
    )
    query = _agencies(engaged)
    broken = traced(session, asked, "agency", query.where(bad))
    at_risk = traced(session, asked, "agency", query.where(until.between(asked.day, asked.soon)))
    total = session.scalar(select(func.count()).select_from(Organization).where(engaged)) or 0
    told = f"在聘的技术服务机构 {total} 家；没有类别或资质到期 {broken.count} 家，快到期 {at_risk.count} 家"
    return Finding(total, total - broken.count - at_risk.count, told, broken, at_risk)


def _agencies(engaged: ColumnElement[bool]) -> Traced:
    return (
        select(
            Organization.id.label("id"),
            Organization.name.label("title"),
            literal("资质有效期").label("detail"),
            AgencyProfile.valid_until.label("day"),
        )
        .select_from(Organization)
        .outerjoin(AgencyProfile, AgencyProfile.organization_id == Organization.id)
        .where(Organization.kind == "agency", engaged)
        .order_by(Organization.name)
    )


def _judge_experts(session: Session, asked: Asked) -> Finding:
    pool = and_(Expert.status == "active", Person.active, *_of_provider(asked, Expert.org_id))
    lacks = or_(Expert.qualification == "", Expert.background == "", Expert.years.is_(None))
    ended = or_(Expert.valid_until.is_(None), Expert.valid_until < asked.day)
    query: Traced = (
        select(
            Expert.person_id.label("id"),
            Person.name.label("title"),
            literal("三项不全或证书到期，不能派单").label("detail"),
            Expert.valid_until.label("day"),
        )
        .select_from(Expert)
        .join(Person, Person.id == Expert.person_id)
        .where(pool)
        .order_by(Person.name)
    )
    broken = traced(session, asked, "person", query.where(or_(lacks, ended)))
    near = Expert.valid_until.between(asked.day, asked.soon)
    at_risk = traced(session, asked, "person", query.where(near, ~lacks))
    counted = select(func.count()).select_from(Expert).join(Person, Person.id == Expert.person_id)
    total = session.scalar(counted.where(pool)) or 0
    told = f"在库专业技术人员 {total} 名；三项不全或证书到期 {broken.count} 名，快到期 {at_risk.count} 名"
    return Finding(total, total - broken.count - at_risk.count, told, broken, at_risk)


def _of_provider(asked: Asked, column: Any) -> list[ColumnElement[bool]]:  # noqa: ANN401  # Any: a column
    """Return the condition that a row is the provider's; a unit or an insurer alone has none."""
    if asked.policyholder_id is not None or asked.insurer_id is not None:
        return [false()]
    return [column == asked.provider_id] if asked.provider_id is not None else []


DUTIES = (
    Duty(
        key="skill_trainings",
        article="5",
        title="保险机构专职人员每年参加技能培训",
        unit="家",
        remedy="办好培训后在“专职人员技能培训”里登记日期和人数。",
        judge=_judge_skills,
        force=Force.SHOULD,
    ),
    Duty(
        key="agencies",
        article="9",
        title="在聘的技术服务机构类别明确、资质有效",
        unit="家",
        remedy="换发资质后在“技术服务机构”里登记新的有效期，或终止合同。",
        judge=_judge_agencies,
        of_units=False,
    ),
    Duty(
        key="experts",
        article="10",
        title="专业技术人员三项齐全、证书有效",
        unit="名",
        remedy="在“人员与资质”里登记新的证书和有效期；不能派单的移出人员库。",
        judge=_judge_experts,
        force=Force.SHOULD,
        of_units=False,
    ),
    Duty(
        key="complaint_channels",
        article="22",
        title="保险机构公示投诉渠道、程序和调处方式",
        unit="家",
        remedy="保险机构在“保险机构”里登记投诉电话、处理程序和调处方式。",
        judge=_judge_channels,
    ),
)
