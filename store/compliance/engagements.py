"""Who serves is filed and under contract (第五条)."""

from typing import Any  # Any: the columns of a traced question

from sqlalchemy import ColumnElement, Select, String, and_, distinct, exists, func, literal, or_, select
from sqlalchemy.orm import Session, aliased

from store.compliance.catalogue import Asked, Duty, Finding
from store.compliance.tracing import traced
from store.pages.visit_counts import in_force
from store.tables import Engagement, Organization, Policy, ProviderProfile

_INSURER = aliased(Organization)


def _judge_filing(session: Session, asked: Asked) -> Finding:
    expired = and_(
        ProviderProfile.filing_valid_until.is_not(None), ProviderProfile.filing_valid_until < asked.day
    )
    unfiled = or_(ProviderProfile.filing_number.is_(None), ProviderProfile.filing_number == "", expired)
    ending = and_(~unfiled, ProviderProfile.filing_valid_until.between(asked.day, asked.soon))
    broken = traced(session, asked, "organization", _providers(asked, unfiled))
    at_risk = traced(session, asked, "organization", _providers(asked, ending))
    total = session.scalar(select(func.count(distinct(Policy.org_id))).where(*_in_force(asked))) or 0
    return Finding(
        total=total,
        met=total - broken.count - at_risk.count,
        told=f"在保保单由 {total} 家第三方服务；没有备案或备案过期 {broken.count} 家，"
        f"备案快到期 {at_risk.count} 家",
        broken=broken,
        at_risk=at_risk,
    )


def _judge_contracts(session: Session, asked: Asked) -> Finding:
    def under_contract(day: object) -> ColumnElement[bool]:
        return exists().where(
            Engagement.party_a_id == Policy.insurer_id,
            Engagement.party_b_id == Policy.org_id,
            Engagement.start <= day,
            Engagement.end >= day,
        )

    now, then = under_contract(asked.day), under_contract(asked.soon)
    broken = traced(session, asked, "organization", _pairs(asked, ~now, "没有有效的委托合同"))
    at_risk = traced(session, asked, "organization", _pairs(asked, and_(now, ~then), "委托合同快到期"))
    pairs = select(Policy.insurer_id, Policy.org_id).where(*_in_force(asked)).distinct().subquery()
    total = session.scalar(select(func.count()).select_from(pairs)) or 0
    return Finding(
        total=total,
        met=total - broken.count - at_risk.count,
        told=f"在保保单的保险机构与第三方共 {total} 对；没有有效委托 {broken.count} 对，快到期 {at_risk.count} 对",
        broken=broken,
        at_risk=at_risk,
    )


def _in_force(asked: Asked) -> tuple[ColumnElement[bool], ...]:
    return (in_force(asked.day), Policy.out_of_scope.is_(False), *asked.of(Policy))


def _providers(asked: Asked, condition: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    served = exists().where(Policy.org_id == Organization.id, *_in_force(asked))
    return (
        select(
            Organization.id.label("id"),
            Organization.name.label("title"),
            (literal("备案号 ") + func.coalesce(ProviderProfile.filing_number, literal("无"))).label(
                "detail"
            ),
            ProviderProfile.filing_valid_until.label("day"),
        )
        .select_from(ProviderProfile)
        .join(Organization, Organization.id == ProviderProfile.organization_id)
        .where(served, condition)
        .order_by(Organization.name)
    )


def _pairs(asked: Asked, condition: ColumnElement[bool], text: str) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Organization.id.label("id"),
            (_INSURER.name + literal("、") + Organization.name).label("title"),
            (literal(text + "，在保保单 ") + func.count().cast(String) + literal(" 张")).label("detail"),
            func.min(Policy.term_start).label("day"),
        )
        .select_from(Policy)
        .join(Organization, Organization.id == Policy.org_id)
        .join(_INSURER, _INSURER.id == Policy.insurer_id)
        .where(*_in_force(asked), condition)
        .group_by(Organization.id, Organization.name, _INSURER.name)
        .order_by(_INSURER.name, Organization.name)
    )


DUTIES = (
    Duty(
        key="provider_filing",
        article="5",
        title="第三方服务机构已备案登记",
        unit="家",
        remedy="到联席会议办公室办好备案，登记备案号和有效期。",
        judge=_judge_filing,
    ),
    Duty(
        key="engagements",
        article="5",
        title="保险机构与第三方签有委托合同",
        unit="对",
        remedy="续签委托合同，登记起止日期。",
        judge=_judge_contracts,
    ),
)
