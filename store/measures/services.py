"""Measures of the service: visits, what policies owe, what follows a visit, trainings (第十三至十五、十九条)."""

from functools import cache, lru_cache

from sqlalchemy import CTE, ColumnElement, and_, case, exists, func, select, true
from sqlalchemy.orm import aliased

from rules.refusal import Willingness
from store.measures.insured import in_force, insured
from store.measures.model import COUNT, MEAN, OWNERS, PERCENT, Measure, Rows, Window, counted
from store.pages.visit_counts import DONE, policy_totals
from store.tables import (
    Deadline,
    GroupTraining,
    Organization,
    Policy,
    Policyholder,
    ReturnVisit,
    TrainingInvitation,
    Visit,
)

LOW = 2
"""Points of satisfaction that are low (domain.md §8)."""
_AFTER_VISITS = ("return_visit", "archive")


def visits(window: Window, part: object = 1, whole: object = None) -> Rows:
    """Give the offline visits that were completed in the window."""
    rows = counted("visit", Visit.id, Visit.number, Visit, part=part, whole=whole, day=Visit.completed_on)
    return rows.where(window.owns(Visit), Visit.state.in_(DONE), window.holds(Visit.completed_on))


def _scheduled(window: Window) -> Rows:
    done = and_(Visit.state.in_(DONE), Visit.completed_on <= window.last_day)
    rows = counted(
        "visit", Visit.id, Visit.number, Visit, part=case((done, 1), else_=0), whole=1, day=Visit.planned_on
    )
    return rows.where(window.owns(Visit), window.holds(Visit.planned_on), Visit.state != "cancelled")


def _owing(window: Window, name: str, less: str = "", whole: str = "") -> Rows:
    """Give the policies whose terms end in the window, with one of their totals, perhaps less another."""
    totals = policy_totals(window.first_day, window.last_day)
    rows = counted(
        "policy",
        Policy.id,
        Policy.number,
        Policy,
        part=totals.c[name] - totals.c[less] if less else totals.c[name],
        whole=totals.c[whole] if whole else None,
        day=Policy.term_end,
    )
    return rows.join_from(Policy, totals, totals.c.policy_id == Policy.id).where(
        window.owns(Policy),
        window.holds(Policy.term_end),
        Policy.surrender_effective.is_(None),
        Policy.voided_on.is_(None),
        Policy.out_of_scope.is_(False),
    )


def _served(window: Window, *, once: bool = False) -> Rows:
    """Give each insured unit that is to be served; it is if no policy of it lacks a visit, or if it had one."""
    units = units_to_serve(window).c
    is_served = units.had > 0 if once else units.lacking == 0
    name = select(Organization.name).where(Organization.id == units.policyholder_id).scalar_subquery()
    part = case((is_served, 1), else_=0)
    return counted("unit", units.policyholder_id, name, units, part=part, whole=1).where(true())


@lru_cache(maxsize=16)
def units_to_serve(window: Window) -> CTE:
    """Give each insured unit but those that refused on file (第十三条), and what its policies lack and had."""
    totals = policy_totals(window.first_day, window.last_day)
    told = (
        func.coalesce(totals.c.required - totals.c.met, 1).label("lacking"),
        func.coalesce(totals.c.counted, 0).label("had"),
    )
    policies = in_force(window, *told).outerjoin(totals, totals.c.policy_id == Policy.id).subquery()
    places = [policies.c[name] for name in ("policyholder_id", "org_id", "insurer_id")]
    sums = [func.sum(policies.c[name]).label(name) for name in ("lacking", "had")]
    units = select(*places, *sums).group_by(*places).subquery()
    query = select(units, Policyholder.region_code, Policyholder.industry).join(
        Policyholder, Policyholder.organization_id == units.c.policyholder_id
    )
    kind = "_apart" if window.apart else ""
    return query.where(
        window.owns(Policyholder, "region_code", "industry"),
        Policyholder.willingness != Willingness.REFUSED_FILED.value,
    ).cte(f"units_to_serve_{window.first_day:%Y%m%d}_{window.last_day:%Y%m%d}{kind}")


def _attending(window: Window) -> Rows:
    came = exists().where(
        TrainingInvitation.policyholder_id == Policy.policyholder_id,
        TrainingInvitation.people > 0,
        TrainingInvitation.training_id == GroupTraining.id,
        GroupTraining.state == "held",
        window.holds(GroupTraining.held_on),
    )
    policies = in_force(window, case((came, 1), else_=0).label("told"))
    return insured(window, policies, lambda told: case((told > 0, 1), else_=0))


def _trainings(window: Window) -> Rows:
    rows = counted(
        "training",
        GroupTraining.id,
        GroupTraining.number,
        GroupTraining,
        day=GroupTraining.held_on,
        category=GroupTraining.audience,
    )
    invites = exists().where(
        TrainingInvitation.training_id == GroupTraining.id, window.owns(TrainingInvitation)
    )
    own = GroupTraining.org_id == window.org_id if set(window.named) == {"org_id"} else invites
    held = (GroupTraining.state == "held", window.holds(GroupTraining.held_on))
    return rows.where(*held, own) if window.named else rows.where(*held)


def _on_time(kind: str, window: Window) -> Rows:
    owed = _deadlines().c
    in_time = and_(owed.met_on.is_not(None), owed.met_on <= owed.due)
    rows = counted(
        "visit", owed.visit_id, owed.number, owed, part=case((in_time, 1), else_=0), whole=1, day=owed.due
    )
    return rows.where(window.owns(owed), owed.kind == kind, window.holds(owed.due))


@cache
def _deadlines() -> CTE:
    """Give what was owed after visits, each as it was set last: found out once for both kinds and every window."""
    columns = (Deadline.kind, Deadline.due, Deadline.met_on, Deadline.visit_id, Deadline.policyholder_id)
    owners = (getattr(Deadline, name) for name in OWNERS)
    query = select(*columns, *owners, Visit.number).join_from(Deadline, Visit, Visit.id == Deadline.visit_id)
    return query.where(Deadline.kind.in_(_AFTER_VISITS), ~is_set_again()).cte("deadlines_after_visits")


def is_set_again() -> ColumnElement[bool]:
    """Return the condition that a deadline of its kind was set again later in its case."""
    newer = aliased(Deadline)
    return exists().where(
        newer.case_id == Deadline.case_id, newer.kind == Deadline.kind, newer.set_at > Deadline.set_at
    )


def _scores(window: Window, part: object = ReturnVisit.satisfaction, whole: object = 1) -> Rows:
    last = aliased(ReturnVisit)
    later = exists().where(
        last.visit_id == ReturnVisit.visit_id,
        last.attempt > ReturnVisit.attempt,
        last.reached,
        window.holds_moment(last.contacted_at),
    )
    rows = counted("visit", Visit.id, Visit.number, Visit, part=part, whole=whole, day=Visit.completed_on)
    return rows.join_from(ReturnVisit, Visit, Visit.id == ReturnVisit.visit_id).where(
        window.owns(ReturnVisit),
        window.holds_moment(ReturnVisit.contacted_at),
        ReturnVisit.reached,
        ReturnVisit.satisfaction.is_not(None),
        ~later,
    )


def _low(window: Window) -> Rows:
    return _scores(window, 1, None).where(ReturnVisit.satisfaction <= LOW)


_ENDING = "保险止期在期内的保单，每个保单年度各算各的；退保的、次数还没有算出来的不算。"
SERVICES = (
    Measure(
        "visits_done",
        "完成服务",
        "期内完成的线下服务，按完成日计；线上推送和集中培训不算。",
        COUNT,
        "次",
        visits,
        source="visit",
    ),
    Measure(
        "on_schedule_rate",
        "按计划完成率",
        "计划日在期内、没有取消的服务里，到期末已完成的占多少。",
        PERCENT,
        "%",
        _scheduled,
        source="visit",
    ),
    Measure(
        "visits_owed",
        "应服务次数",
        f"应服务次数之和。{_ENDING}",
        COUNT,
        "次",
        lambda window: _owing(window, "required"),
    ),
    Measure(
        "visits_counted",
        "已计次数",
        f"期末前完成、计入的次数之和，同一天的只计一次。{_ENDING}",
        COUNT,
        "次",
        lambda window: _owing(window, "counted"),
    ),
    Measure(
        "visits_short",
        "欠次",
        f"应服务而没有做的次数之和，多做的不抵别的年度和别的单位。{_ENDING}",
        COUNT,
        "次",
        lambda window: _owing(window, "required", less="met"),
    ),
    Measure(
        "completion_rate",
        "服务完成率",
        "保险止期在期内的保单：做满的次数（每个保单年度最多计到应服务次数）占应服务次数多少；退保的、次数还没有算出来的不算。",
        PERCENT,
        "%",
        lambda window: _owing(window, "met", whole="required"),
    ),
    Measure(
        "coverage_rate",
        "服务覆盖率",
        "期末在保的单位里，已做满应服务次数的占多少；次数还没有算出来的算没做满，书面告知并留档的拒绝户不算在内。",
        PERCENT,
        "%",
        _served,
        by_month=False,
    ),
    Measure(
        "first_touch_rate",
        "首次服务率",
        "期末在保的单位里，至少服务过一次的占多少；书面告知并留档的拒绝户不算在内。",
        PERCENT,
        "%",
        lambda window: _served(window, once=True),
        by_month=False,
    ),
    Measure(
        "return_visit_on_time",
        "回访及时率",
        "回访期限在期内的服务里，期限内完成回访的占多少；没有做的算不及时。",
        PERCENT,
        "%",
        lambda window: _on_time("return_visit", window),
        source="deadline",
    ),
    Measure(
        "archive_on_time",
        "归档及时率",
        "归档期限在期内的服务里，期限内归档的占多少；没有做的算不及时。",
        PERCENT,
        "%",
        lambda window: _on_time("archive", window),
        source="deadline",
    ),
    Measure(
        "satisfaction_mean",
        "平均满意度",
        "期内回访到的服务，每次服务取最后一次有效回访的评分（1 至 5 分），求平均。",
        MEAN,
        "分",
        _scores,
    ),
    Measure(
        "satisfaction_low",
        "低分服务",
        "期内回访到的服务里，最后一次有效回访评 2 分以下（含 2 分）的。",
        COUNT,
        "次",
        _low,
    ),
    Measure(
        "group_trainings",
        "集中培训",
        "期内已举办的集中培训，按举办日计；没有签到表和课件的不算举办。看某一区域、行业、保险机构的，数邀请过那里单位的。",
        COUNT,
        "次",
        _trainings,
        category="training_audience",
    ),
    Measure(
        "attending_rate",
        "到训率",
        "期末在保的单位里，期内到过集中培训的占多少；到几次都算一家。",
        PERCENT,
        "%",
        _attending,
        by_month=False,
    ),
)
