"""Each category of online service is pushed at least once a year: a recommendation of the product (第十二条)."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from rules.online_push import is_behind, missing_categories
from rules.vocabulary import choices, label
from store.compliance.catalogue import Asked, Duty, Finding, Force, Trace, Traces
from store.pages.visit_counts import in_force
from store.tables import Organization, Policy, PushContent


def _judge(session: Session, asked: Asked) -> Finding:
    categories = len(choices("push_category"))
    providers = _serving(session, asked)
    missing = [
        (provider, name, missing_categories(_published(session, asked, provider)))
        for provider, name in providers
    ]
    behind = tuple(
        Trace("organization", provider, name, f"今年还没有推送：{label('push_category', code)}", None)
        for provider, name, codes in missing
        if is_behind(len(codes), asked.day)
        for code in codes
    )
    total, lacking = categories * len(providers), sum(len(codes) for _, _, codes in missing)
    return Finding(
        total=total,
        met=total - lacking,
        told=f"线上服务 {categories} 类，每年各至少推送一次。今年已推送 {total - lacking} 类，还没有推送 {lacking} 类，"
        f"剩下的月份每月一次已来不及的 {len(behind)} 类",
        at_risk=Traces(len(behind), behind[: asked.most]),
    )


def _serving(session: Session, asked: Asked) -> list[tuple[UUID, str]]:
    rows = session.execute(
        select(Organization.id, Organization.name)
        .join(Policy, Policy.org_id == Organization.id)
        .where(in_force(asked.day), Policy.out_of_scope.is_(False), *asked.of(Policy))
        .distinct()
        .order_by(Organization.name, Organization.id)
    )
    return [(row.id, row.name) for row in rows]


def _published(session: Session, asked: Asked, provider: UUID) -> list[str]:
    """Return the categories that the provider has published in the year, up to the day."""
    query = select(PushContent.category).where(
        PushContent.org_id == provider, PushContent.published_on.between(*asked.year)
    )
    return list(session.scalars(query.distinct()))


DUTIES = (
    Duty(
        key="push_categories",
        article="12",
        title="七类线上服务每年各至少推送一次",
        unit="类",
        remedy="在“培训”页的“推送”里点“推送”，补上还没有推送的类别；发布以后本条即恢复。",
        judge=_judge,
        force=Force.SHOULD,
    ),
)
