"""Each office is assessed every year (第二十四条), and what it broke is decided upon (第二十七条)."""

from datetime import date
from typing import Any  # Any: the columns of a traced question

from sqlalchemy import ColumnElement, Select, and_, func, literal, or_, select
from sqlalchemy.orm import Session

from rules.parameters import month_days, standard_day
from store.compliance.catalogue import Asked, Duty, Finding, Traces
from store.compliance.tracing import traced
from store.tables import Assessment, Breach, Organization, Policy

Traced = Select[*tuple[Any, ...]]
_ASSESSED = ("insurer", "provider")


def _judge_every_year(session: Session, asked: Asked) -> Finding:
    """Count the offices that served in the year before: this year they are assessed for it.

    What nobody began when materials would be due is a risk (that day is the product's own, D11); what was not begun
    by the end of its year is a breach, until it is made good.
    """
    last, missed = asked.day.year - 1, asked.day.year - 2
    total = session.scalar(select(func.count()).select_from(Organization).where(_served(asked, last))) or 0
    none_yet = and_(_served(asked, last), ~_is_assessed(asked, last))
    left = session.scalar(select(func.count()).select_from(Organization).where(none_yet)) or 0
    is_late = asked.day > _day_of("assessment_materials_due", asked.day)
    at_risk = traced(session, asked, "organization", _offices(last, none_yet)) if is_late else Traces()
    overdue = and_(_served(asked, missed), ~_is_assessed(asked, missed))
    broken = traced(session, asked, "organization", _offices(missed, overdue))
    return Finding(
        total=total,
        met=total - left,
        told=f"每年考核一次。{last} 年有保单的机构 {total} 家，还没有开考核 {left} 家；"
        f"{missed} 年漏考核 {broken.count} 家",
        broken=broken,
        at_risk=at_risk,
    )


def _served(asked: Asked, year: int) -> ColumnElement[bool]:
    """Return the condition that an office had policies of the business that was asked for in a year."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    policies = select(Policy.id).where(
        or_(Policy.org_id == Organization.id, Policy.insurer_id == Organization.id),
        Policy.term_start <= last,
        Policy.term_end >= first,
        Policy.voided_on.is_(None),
        Policy.out_of_scope.is_(False),
        *asked.of(Policy),
    )
    return and_(Organization.kind.in_(_ASSESSED), policies.exists())


def _is_assessed(asked: Asked, year: int) -> ColumnElement[bool]:
    begun = select(Assessment.id).where(
        Assessment.object_id == Organization.id, Assessment.year == year, Assessment.created_at < asked.over
    )
    return begun.exists()


def _offices(year: int, condition: ColumnElement[bool]) -> Traced:
    return (
        select(
            Organization.id.label("id"),
            Organization.name.label("title"),
            literal(f"{year} 年没有开考核").label("detail"),
            literal(None).label("day"),
        )
        .select_from(Organization)
        .where(condition)
        .order_by(Organization.name, Organization.id)
    )


def _judge_breaches(session: Session, asked: Asked) -> Finding:
    """Count the grounds for a deduction: each is to be decided in the year in which it was recorded."""
    known = (Breach.recorded_at < asked.over, *asked.of(Breach))
    total = session.scalar(select(func.count()).select_from(Breach).where(*known)) or 0
    open_ = or_(Breach.decided_at.is_(None), Breach.decided_at >= asked.over)
    first = asked.year[0]
    earlier = Assessment.year < first.year - 1
    query = _grounds().where(*known, open_)
    broken = traced(session, asked, "case", query.where(earlier))
    is_late = asked.day > _day_of("assessment_result_due", asked.day)
    at_risk = traced(session, asked, "case", query.where(~earlier)) if is_late else Traces()
    left = session.scalar(select(func.count()).select_from(Breach).where(*known, open_)) or 0
    return Finding(
        total=total,
        met=total - left,
        told=f"登记的失诺、重大负面影响 {total} 项，还没有认定 {left} 项，其中以前年度的 {broken.count} 项",
        broken=broken,
        at_risk=at_risk,
    )


def _grounds() -> Traced:
    return (
        select(
            Assessment.case_id.label("id"),
            Organization.name.label("title"),
            Breach.description.label("detail"),
            literal(None).label("day"),
        )
        .select_from(Breach)
        .join(Assessment, Assessment.id == Breach.assessment_id)
        .join(Organization, Organization.id == Assessment.object_id)
        .order_by(Breach.recorded_at, Breach.id)
    )


def _day_of(parameter: str, day: date) -> date:
    """Return the day of the year that the product sets."""
    (found,) = month_days(parameter, standard_day(day)).value
    return date(day.year, found.month, found.day)


DUTIES = (
    Duty(
        key="assessed_every_year",
        article="24",
        title="每家保险机构、第三方服务机构每年考核一次",
        unit="家",
        remedy="联席会议办公室在“考核”页发布那一年的指标集，点“开始考核”；开了考核本条即恢复。",
        judge=_judge_every_year,
        of_units=False,
    ),
    Duty(
        key="breaches_decided",
        article="27",
        title="失诺和重大负面影响当年认定、扣分",
        unit="项",
        remedy="联席会议办公室在待办里听申辩、写明认定和理由；认定以后本条即恢复。",
        judge=_judge_breaches,
        of_units=False,
    ),
)
