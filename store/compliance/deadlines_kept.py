"""Duties with a last day: visits (第十九条), meetings (第二十条), reports and assessments (第二十一至二十六条)."""

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any  # Any: the columns of a traced question

from msgspec import Struct
from sqlalchemy import ColumnElement, Select, and_, func, literal, or_, select
from sqlalchemy.orm import Session

from rules.parameters import number
from rules.periods import period_of
from store.compliance.catalogue import Asked, Duty, Finding
from store.compliance.tracing import traced
from store.measures.services import is_set_again
from store.tables import Case, Deadline, Organization

CANCELLED = "cancelled"


class Kept(Struct, frozen=True):
    """A kind of deadline: the verb for what it asks, what its case is called, how the article puts it.

    `broken_before` gives, for a day, the day from which on what was due and is not done is no breach yet: the day
    itself where the article sets the last day, the beginning of the period where it says how often (D11).
    """

    kind: str
    verb: str
    noun: str
    says: Callable[[date], str]
    broken_before: Callable[[date], date]


def _judge(kept: Kept, session: Session, asked: Asked) -> Finding:
    in_year = Deadline.due.between(*asked.year)
    late = and_(_met(asked), Deadline.met_on > Deadline.due)
    total, overdue, late_count = (
        session.scalar(_counted(kept, asked, condition)) or 0
        for condition in (in_year, and_(in_year, _is_overdue(asked)), and_(in_year, late))
    )
    bound = kept.broken_before(asked.day)
    broken = traced(session, asked, "case", _named(kept, asked, and_(~_met(asked), Deadline.due < bound)))
    near = and_(~_met(asked), Deadline.due >= bound, Deadline.due <= asked.soon)
    at_risk = traced(session, asked, "case", _named(kept, asked, near))
    return Finding(
        total=total,
        met=total - overdue - late_count,
        told=f"{kept.says(asked.day)}。今年到期 {total} {kept.noun}，逾期未{kept.verb} {overdue} {kept.noun}，"
        f"已{kept.verb}但晚了 {late_count} {kept.noun}；要抓紧的 {at_risk.count} {kept.noun}",
        broken=broken,
        at_risk=at_risk,
    )


def _met(asked: Asked) -> ColumnElement[bool]:
    return and_(Deadline.met_on.is_not(None), Deadline.met_on <= asked.day)


def _is_overdue(asked: Asked) -> ColumnElement[bool]:
    not_met = or_(Deadline.met_on.is_(None), Deadline.met_on > asked.day)
    return and_(not_met, Deadline.due < asked.day)


def _conditions(kept: Kept, asked: Asked) -> tuple[ColumnElement[bool], ...]:
    """Return what holds for the deadlines of a kind that count: the last one set of each case that goes its way."""
    return (
        Deadline.kind == kept.kind,
        Deadline.anchor <= asked.day,
        ~is_set_again(),
        Case.status != CANCELLED,
        *asked.of(Deadline),
    )


def _counted(kept: Kept, asked: Asked, condition: ColumnElement[bool]) -> Select[int]:
    query = select(func.count()).select_from(Deadline).join(Case, Case.id == Deadline.case_id)
    return query.where(*_conditions(kept, asked), condition)


def _named(kept: Kept, asked: Asked, condition: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Case.id.label("id"),
            Organization.name.label("title"),
            (literal("办件 ") + Case.number).label("detail"),
            Deadline.due.label("day"),
        )
        .select_from(Deadline)
        .join(Case, Case.id == Deadline.case_id)
        .join(Organization, Organization.id == func.coalesce(Deadline.policyholder_id, Deadline.org_id))
        .where(*_conditions(kept, asked), condition)
        .order_by(Deadline.due, Case.number)
    )


def _working_days(parameter: str, verb: str, day: date) -> str:
    return f"服务完成后 {number(parameter, day).value} 个工作日内{verb}"


def _that_day(day: date) -> date:
    return day


def _begin_of(period: str, day: date) -> date:
    return period_of(period, day).first_day


def _in_turn(text: str, _day: date) -> str:
    return text


RETURN_VISIT = Kept(
    "return_visit", "回访", "次", partial(_working_days, "return_visit_days", "回访"), _that_day
)
ARCHIVE = Kept("archive", "归档", "次", partial(_working_days, "archive_days", "归档"), _that_day)
MONTH_REPORT = Kept(
    "month_report", "报送", "份", partial(_in_turn, "每月统计分析并报送"), partial(_begin_of, "month")
)
SELF_REVIEW = Kept(
    "self_review", "报送", "份", partial(_in_turn, "每半年自评并报送"), partial(_begin_of, "half_year")
)
EXTRA_MEETING = Kept(
    "meeting_extra",
    "开会",
    "次",
    lambda day: f"遇到重大问题随时协商，{number('extra_meeting_days', day).value} 个工作日内",
    _that_day,
)
ANNUAL_PLAN = Kept(
    "annual_plan", "备案", "份", partial(_in_turn, "每年制定工作计划并报备案"), partial(_begin_of, "year")
)
FUND_FILING = Kept("fund_filing", "备案", "份", partial(_in_turn, "每年第一季度备案上年费用"), _that_day)
MATERIALS = Kept(
    "assessment_materials",
    "提交",
    "份",
    partial(_in_turn, "配合考核、提交佐证材料"),
    partial(_begin_of, "year"),
)
ASSESSMENT = Kept(
    "assessment", "签发", "份", partial(_in_turn, "考核结果签发通报并存档"), partial(_begin_of, "year")
)

DUTIES = (
    Duty(
        key="fund_filings",
        article="6",
        title="第一季度备案上年费用",
        unit="份",
        remedy="保险机构财务在待办里填完备案表、审核并报送；逾期的仍须报，报送以后本条即恢复。",
        judge=partial(_judge, FUND_FILING),
    ),
    Duty(
        key="annual_plans",
        article="16",
        title="制定年度工作计划并报备案",
        unit="份",
        remedy="协调员在待办里编完计划，各方确认、批准以后报送；报送以后本条即恢复。",
        judge=partial(_judge, ANNUAL_PLAN),
    ),
    Duty(
        key="return_visit",
        article="19",
        title="服务完成后按期回访",
        unit="次",
        remedy="给这些单位回访并在待办里提交回访记录；逾期的仍须做，做完本条即恢复。",
        judge=partial(_judge, RETURN_VISIT),
    ),
    Duty(
        key="archive",
        article="19",
        title="服务完成后按期归档",
        unit="次",
        remedy="在待办里补齐材料、请单位确认并签字；归档以后本条即恢复。",
        judge=partial(_judge, ARCHIVE),
    ),
    Duty(
        key="extra_meetings",
        article="20",
        title="遇到重大问题及时协商",
        unit="次",
        remedy="请第三方的协调员在待办里安排会议、记会议；开了会本条即恢复，问题发生以前的会不算。",
        judge=partial(_judge, EXTRA_MEETING),
    ),
    Duty(
        key="monthly_reports",
        article="21",
        title="每月统计分析隐患并报送",
        unit="份",
        remedy="在待办里写完分析、审核并报送；报送以后本条即恢复，没有隐患的月份也要报。",
        judge=partial(_judge, MONTH_REPORT),
    ),
    Duty(
        key="self_reviews",
        article="23",
        title="每半年自评并报送",
        unit="份",
        remedy="在待办里写齐四个部分、审核并报送；报送以后本条即恢复。",
        judge=partial(_judge, SELF_REVIEW),
    ),
    Duty(
        key="assessment_materials",
        article="25",
        title="配合考核并提交佐证材料",
        unit="份",
        remedy="被考核的机构在待办里逐项写明并附佐证，提交以后本条即恢复；没有佐证的指标不得分。",
        judge=partial(_judge, MATERIALS),
        of_units=False,
    ),
    Duty(
        key="assessment_results",
        article="26",
        title="考核结果签发通报，作为依据存档",
        unit="份",
        remedy="联席会议办公室在待办里打分、核定、公布初步结果，听完异议后签发；签发以后本条即恢复。",
        judge=partial(_judge, ASSESSMENT),
        of_units=False,
    ),
)
