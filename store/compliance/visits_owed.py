"""Visits owed and done, policy by policy (第十四条), and the scheme that says how (第十七条)."""

from typing import Any  # Any: the columns of a traced question

from sqlalchemy import ColumnElement, Select, String, and_, cast, exists, func, literal, or_, select
from sqlalchemy.orm import Session

from rules.refusal import Willingness
from store.compliance.catalogue import Asked, Duty, Finding
from store.compliance.tracing import traced
from store.pages.visit_counts import counted, has_begun, in_force, is_short, missing, required
from store.tables import Organization, Policy, Policyholder, ServiceScheme


def _judge_visits(session: Session, asked: Asked) -> Finding:
    lacking = func.coalesce(missing(asked.day), 0)
    ended = and_(Policy.term_end < asked.day, Policy.term_end >= asked.year[0])
    near = and_(Policy.term_end <= asked.soon, lacking > 0)
    owed, done, policies = session.execute(
        select(
            func.coalesce(func.sum(required()), 0),
            func.coalesce(func.sum(counted(asked.day)), 0),
            func.count(),
        ).where(*_served(asked), or_(ended, in_force(asked.day)))
    ).one()
    broken = traced(session, asked, "policy", _short(asked, lacking, and_(ended, lacking > 0)))
    at_risk = traced(
        session, asked, "policy", _short(asked, lacking, and_(in_force(asked.day), or_(is_short(), near)))
    )
    return Finding(
        total=policies,
        met=policies - broken.count - at_risk.count,
        told=f"今年到期和在保的保单共应服务 {owed} 次，已完成 {done} 次；到期仍欠次 {broken.count} 张保单，"
        f"按现有安排会欠次 {at_risk.count} 张",
        broken=broken,
        at_risk=at_risk,
    )


def _judge_schemes(session: Session, asked: Asked) -> Finding:
    agreed = exists().where(
        ServiceScheme.policy_id == Policy.id,
        ServiceScheme.answer == "accept",
        ServiceScheme.confirmed_at < asked.over,
    )
    ended = and_(Policy.term_end < asked.day, Policy.term_end >= asked.year[0])
    total = session.scalar(
        select(func.count()).select_from(Policy).where(*_served(asked), or_(ended, in_force(asked.day)))
    )
    text = literal("没有单位确认过的工作方案")
    broken = traced(session, asked, "policy", _policies(asked, text, and_(ended, ~agreed)))
    at_risk = traced(session, asked, "policy", _policies(asked, text, and_(in_force(asked.day), ~agreed)))
    return Finding(
        total=total or 0,
        met=(total or 0) - broken.count - at_risk.count,
        told=f"服务周期已开始的保单 {total or 0} 张；在保而单位还没有确认工作方案 {at_risk.count} 张，"
        f"到期也没有的 {broken.count} 张",
        broken=broken,
        at_risk=at_risk,
    )


def _served(asked: Asked) -> tuple[ColumnElement[bool], ...]:
    """Return what holds for policies whose units are to be visited: begun, and not refused in writing (第十三条)."""
    refused = exists().where(
        Policyholder.organization_id == Policy.policyholder_id,
        Policyholder.willingness == Willingness.REFUSED_FILED.value,
    )
    return (
        Policy.out_of_scope.is_(False),
        Policy.voided_on.is_(None),
        Policy.surrender_effective.is_(None),
        has_begun(),
        ~refused,
        *asked.of(Policy),
    )


def _short(
    asked: Asked, lacking: ColumnElement[int], condition: ColumnElement[bool]
) -> Select[*tuple[Any, ...]]:
    text = (
        literal("应服务 ")
        + cast(required(), String)
        + literal(" 次，欠 ")
        + cast(lacking, String)
        + literal(" 次")
    )
    return _policies(asked, text, condition)


def _policies(
    asked: Asked, text: ColumnElement[str], condition: ColumnElement[bool]
) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Policy.id.label("id"),
            Organization.name.label("title"),
            (literal("保单 ") + Policy.number + literal("，") + text).label("detail"),
            Policy.term_end.label("day"),
        )
        .select_from(Policy)
        .join(Organization, Organization.id == Policy.policyholder_id)
        .where(*_served(asked), condition)
        .order_by(Policy.term_end, Policy.number)
    )


DUTIES = (
    Duty(
        key="visits_owed",
        article="14",
        title="线下服务次数按三档取大，不少于下限",
        unit="张保单",
        remedy="给欠次的单位补排服务；保单已到期的补不回来，由负责人向联席办说明。",
        judge=_judge_visits,
    ),
    Duty(
        key="scheme",
        article="17",
        title="每户有单位确认的事故预防工作方案",
        unit="张保单",
        remedy="编好方案送单位确认；单位没有回音的，在待办里催办。",
        judge=_judge_schemes,
    ),
)
