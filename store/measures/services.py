"""Measures of the service: visits, coverage, what follows a visit (第十三、十四、十九条)."""

from sqlalchemy import ColumnElement, ScalarSelect, Select, and_, case, exists, func, select
from sqlalchemy.orm import aliased

from rules.refusal import Willingness
from store.measures.model import COUNT, MEAN, PERCENT, Measure, Window, counted
from store.pages.visit_counts import DONE, missing, required
from store.tables import Deadline, Organization, Policy, Policyholder, ReturnVisit, Visit

Rows = Select[*tuple[object, ...]]


def _visits(window: Window) -> Rows:
    rows = counted("visit", Visit.id, Visit.number, Visit)
    return rows.where(window.owns(Visit.org_id), Visit.state.in_(DONE), window.holds(Visit.completed_on))


def _owed(window: Window) -> Rows:
    owed, lacking = _or_none(required()), _or_none(missing())
    rows = counted("policy", Policy.id, Policy.number, Policy, part=owed - lacking, whole=owed)
    return rows.where(
        window.owns(Policy.org_id),
        window.holds(Policy.term_end),
        Policy.surrender_effective.is_(None),
        Policy.voided_on.is_(None),
        Policy.out_of_scope.is_(False),
        required().is_not(None),
    )


def _covered(window: Window) -> Rows:
    """Give each unit with a policy in force on the last day; it is covered if none of its policies lacks a visit."""
    policy = (
        select(Policy.policyholder_id, case((required().is_(None), 1), else_=missing()).label("lacking"))
        .where(
            window.owns(Policy.org_id),
            Policy.term_start <= window.last_day,
            Policy.term_end >= window.last_day,
            Policy.surrender_effective.is_(None) | (Policy.surrender_effective > window.last_day),
            Policy.voided_on.is_(None),
            Policy.out_of_scope.is_(False),
        )
        .subquery()
    )
    unit = select(policy.c.policyholder_id, func.sum(policy.c.lacking).label("lacking"))
    units = unit.group_by(policy.c.policyholder_id).subquery()
    is_covered = case((units.c.lacking == 0, 1), else_=0)
    rows = counted("unit", Organization.id, Organization.name, Policyholder, part=is_covered, whole=1)
    refused = Policyholder.willingness == Willingness.REFUSED_FILED.value
    joined = rows.join_from(units, Organization, Organization.id == units.c.policyholder_id)
    return joined.join(Policyholder, Policyholder.organization_id == Organization.id).where(~refused)


def _on_time(kind: str, window: Window) -> Rows:
    in_time = and_(Deadline.met_on.is_not(None), Deadline.met_on <= Deadline.due)
    rows = counted("visit", Visit.id, Visit.number, Visit, part=case((in_time, 1), else_=0), whole=1)
    return rows.join_from(Deadline, Visit, Visit.id == Deadline.visit_id).where(
        window.owns(Deadline.org_id),
        Deadline.kind == kind,
        window.holds(Deadline.due),
        ~is_set_again(),
    )


def is_set_again() -> ColumnElement[bool]:
    """Return the condition that a deadline of its kind was set again later in its case."""
    newer = aliased(Deadline)
    return exists().where(
        newer.case_id == Deadline.case_id, newer.kind == Deadline.kind, newer.set_at > Deadline.set_at
    )


def _scores(window: Window) -> Rows:
    last = aliased(ReturnVisit)
    latest = select(func.max(last.attempt)).where(
        last.visit_id == ReturnVisit.visit_id, last.reached, window.holds_moment(last.contacted_at)
    )
    rows = counted("visit", Visit.id, Visit.number, Visit, part=ReturnVisit.satisfaction, whole=1)
    return rows.join_from(ReturnVisit, Visit, Visit.id == ReturnVisit.visit_id).where(
        window.owns(ReturnVisit.org_id),
        ReturnVisit.satisfaction.is_not(None),
        ReturnVisit.attempt == latest.correlate(ReturnVisit).scalar_subquery(),
    )


def _or_none(count: ScalarSelect[int]) -> ColumnElement[int]:
    return func.coalesce(count, 0)


SERVICES = (
    Measure(
        "visits_done",
        "完成服务",
        "期内完成的线下服务，按完成日计；线上推送和集中培训不算。",
        COUNT,
        "次",
        _visits,
    ),
    Measure(
        "completion_rate",
        "服务完成率",
        "保险止期在期内的保单：做满的次数（每个保单年度最多计到应服务次数）占应服务次数多少；退保的、次数还没有算出来的不算。",
        PERCENT,
        "%",
        _owed,
    ),
    Measure(
        "coverage_rate",
        "服务覆盖率",
        "期末在保的单位里，已做满应服务次数的占多少；次数还没有算出来的算没做满，书面告知并留档的拒绝户不算在内。",
        PERCENT,
        "%",
        _covered,
    ),
    Measure(
        "return_visit_on_time",
        "回访及时率",
        "回访期限在期内的服务里，期限内完成回访的占多少；没有做的算不及时。",
        PERCENT,
        "%",
        lambda window: _on_time("return_visit", window),
    ),
    Measure(
        "archive_on_time",
        "归档及时率",
        "归档期限在期内的服务里，期限内归档的占多少；没有做的算不及时。",
        PERCENT,
        "%",
        lambda window: _on_time("archive", window),
    ),
    Measure(
        "satisfaction_mean",
        "平均满意度",
        "期内回访到的服务，每次服务取最后一次有效回访的评分（1 至 5 分），求平均。",
        MEAN,
        "分",
        _scores,
    ),
)
