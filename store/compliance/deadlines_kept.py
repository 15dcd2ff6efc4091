"""Duties with a last day that the standard sets: the return visit and the archive (第十九条)."""

from functools import partial
from typing import Any  # Any: the columns of a traced question

from sqlalchemy import ColumnElement, Select, and_, exists, func, literal, or_, select
from sqlalchemy.orm import Session, aliased

from rules.parameters import number
from store.compliance.catalogue import Asked, Duty, Finding
from store.compliance.tracing import traced
from store.tables import Case, Deadline, Organization

CANCELLED = "cancelled"
_NEWER = aliased(Deadline)


def _judge(kind: str, parameter: str, verb: str, session: Session, asked: Asked) -> Finding:
    in_year = Deadline.due.between(*asked.year)
    late = and_(_met(asked), Deadline.met_on > Deadline.due)
    total, overdue, late_count = (
        session.scalar(_counted(kind, asked, condition)) or 0
        for condition in (in_year, and_(in_year, _is_overdue(asked)), and_(in_year, late))
    )
    days = number(parameter, asked.day).value
    broken = traced(session, asked, "case", _named(kind, asked, _is_overdue(asked)))
    near = and_(~_met(asked), Deadline.due.between(asked.day, asked.soon))
    at_risk = traced(session, asked, "case", _named(kind, asked, near))
    return Finding(
        total=total,
        met=total - overdue - late_count,
        told=f"服务完成后 {days} 个工作日内{verb}。今年到期 {total} 次，逾期未{verb} {overdue} 次，"
        f"已{verb}但晚了 {late_count} 次；临期 {at_risk.count} 次",
        broken=broken,
        at_risk=at_risk,
    )


def _met(asked: Asked) -> ColumnElement[bool]:
    return and_(Deadline.met_on.is_not(None), Deadline.met_on <= asked.day)


def _is_overdue(asked: Asked) -> ColumnElement[bool]:
    not_met = or_(Deadline.met_on.is_(None), Deadline.met_on > asked.day)
    return and_(not_met, Deadline.due < asked.day)


def _conditions(kind: str, asked: Asked) -> tuple[ColumnElement[bool], ...]:
    """Return what holds for the deadlines of a kind that count: the last one set of each case that goes its way."""
    newer = exists().where(
        _NEWER.case_id == Deadline.case_id, _NEWER.kind == Deadline.kind, _NEWER.set_at > Deadline.set_at
    )
    return (
        Deadline.kind == kind,
        Deadline.anchor <= asked.day,
        ~newer,
        Case.status != CANCELLED,
        *asked.of(Deadline),
    )


def _counted(kind: str, asked: Asked, condition: ColumnElement[bool]) -> Select[int]:
    query = select(func.count()).select_from(Deadline).join(Case, Case.id == Deadline.case_id)
    return query.where(*_conditions(kind, asked), condition)


def _named(kind: str, asked: Asked, condition: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Case.id.label("id"),
            Organization.name.label("title"),
            (literal("服务单 ") + Case.number).label("detail"),
            Deadline.due.label("day"),
        )
        .select_from(Deadline)
        .join(Case, Case.id == Deadline.case_id)
        .join(Organization, Organization.id == Deadline.policyholder_id)
        .where(*_conditions(kind, asked), condition)
        .order_by(Deadline.due, Case.number)
    )


DUTIES = (
    Duty(
        key="return_visit",
        article="19",
        title="服务完成后按期回访",
        unit="次",
        remedy="给这些单位回访并在待办里提交回访记录；逾期的仍须做，做完本条即恢复。",
        judge=partial(_judge, "return_visit", "return_visit_days", "回访"),
    ),
    Duty(
        key="archive",
        article="19",
        title="服务完成后按期归档",
        unit="次",
        remedy="在待办里补齐材料、请单位确认并签字；归档以后本条即恢复。",
        judge=partial(_judge, "archive", "archive_days", "归档"),
    ),
)
