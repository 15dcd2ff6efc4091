"""Measures of hazards and of what visits find (第十四、十八、二十一条)."""

from calendar import timegm
from collections.abc import Callable

from sqlalchemy import ColumnElement, and_, case, exists, extract, or_

from store.measures.model import COUNT, MEAN, PERCENT, Condition, Measure, Rows, Window, counted
from store.measures.services import visits
from store.pages.hazards import RUNNING
from store.tables import Anomaly, ChecklistResult, Hazard, Visit

_DAY = 86_400
_IS_MAJOR = Hazard.level == "major"


def _notified(window: Window, *such: Condition) -> Rows:
    return _hazards(window, window.holds(Hazard.notified_on), Hazard.state != "withdrawn", *such)


def _hazards(
    window: Window, *such: Condition, part: object = 1, whole: object = None, day: object = Hazard.notified_on
) -> Rows:
    rows = counted(
        "hazard",
        Hazard.id,
        Hazard.number,
        Hazard,
        part=part,
        whole=whole,
        day=day,
        category=Hazard.hazard_class,
    )
    return rows.where(window.owns(Hazard), *such)


def _is_closed(window: Window) -> Condition:
    return and_(Hazard.state == "closed", Hazard.closed_on <= window.last_day)


def _due(window: Window, done: Condition, *such: Condition) -> Rows:
    return _hazards(
        window,
        window.holds(Hazard.deadline),
        Hazard.notified_on.is_not(None),
        Hazard.state != "withdrawn",
        *such,
        part=case((done, 1), else_=0),
        whole=1,
        day=Hazard.deadline,
    )


def _overdue(window: Window, part: object = 1, whole: object = None) -> Rows:
    is_open = or_(Hazard.state.in_(RUNNING), Hazard.closed_on > window.last_day)
    late = (Hazard.notified_on <= window.last_day, Hazard.deadline < window.last_day, is_open)
    return _hazards(window, *late, part=part, whole=whole)


def _days_late(window: Window) -> Rows:
    last = timegm(window.last_day.timetuple()) // _DAY
    return _overdue(window, last - extract("epoch", Hazard.deadline) / _DAY, 1)


def _in_time(window: Window) -> Condition:
    return and_(_is_closed(window), Hazard.finished_on <= Hazard.original_deadline)


def _checked(window: Window) -> Rows:
    """Give each item of a checklist that was answered with yes or no."""
    rows = counted(
        "visit",
        Visit.id,
        Visit.number,
        ChecklistResult,
        part=case((ChecklistResult.answer == "met", 1), else_=0),
        whole=1,
        day=Visit.completed_on,
        category=ChecklistResult.item,
    )
    return rows.join_from(ChecklistResult, Visit, Visit.id == ChecklistResult.visit_id).where(
        window.owns(ChecklistResult),
        ChecklistResult.answer != "not_applicable",
        window.holds(Visit.completed_on),
    )


def _odd(window: Window) -> Rows:
    unexplained = exists().where(Anomaly.visit_id == Visit.id, Anomaly.decision.is_distinct_from("accept"))
    return visits(window, part=case((unexplained, 1), else_=0), whole=1)


def _measure(
    name: str, title: str, about: str, rows: Callable[[Window], Rows], unit: str = COUNT, word: str = "项"
) -> Measure:
    return Measure(name, title, about, unit, word, rows, source="hazard", category="hazard_class")


def _closed_of(done: Callable[[Window], Condition], *such: ColumnElement[bool]) -> Callable[[Window], Rows]:
    return lambda window: _due(window, done(window), *such)


HAZARDS = (
    _measure(
        "hazards_found", "发现隐患", "期内告知投保单位的隐患，按告知日计；异议成立撤销的不算。", _notified
    ),
    _measure("major_count", "重大隐患", "其中级别为重大的。", lambda window: _notified(window, _IS_MAJOR)),
    _measure(
        "hazards_closed",
        "已闭环",
        "期内告知的隐患里，到期末已复查合格闭环的。",
        lambda window: _notified(window, _is_closed(window)),
    ),
    _measure(
        "overdue_hazards",
        "逾期未闭环",
        "不论何时告知，整改期限早于期末、到期末仍没有闭环的；期限当日不算逾期。",
        _overdue,
    ),
    _measure(
        "rectification_rate",
        "整改率",
        "整改期限在期内、没有撤销的隐患里，到期末已闭环的占多少。",
        _closed_of(_is_closed),
        PERCENT,
        "%",
    ),
    _measure(
        "major_rectification_rate",
        "重大隐患整改率",
        "整改期限在期内、没有撤销的重大隐患里，到期末已闭环的占多少。",
        _closed_of(_is_closed, _IS_MAJOR),
        PERCENT,
        "%",
    ),
    _measure(
        "rectification_on_time",
        "按期整改率",
        "整改期限在期内、没有撤销的隐患里，已闭环而且整改完成日不晚于原来期限的占多少；延过期的按原来期限。",
        _closed_of(_in_time),
        PERCENT,
        "%",
    ),
    _measure(
        "overdue_days_mean",
        "平均逾期天数",
        "到期末逾期未闭环的隐患，从期限次日起到期末的自然日，求平均。",
        _days_late,
        MEAN,
        "天",
    ),
    Measure(
        "hazards_per_visit",
        "每次服务发现隐患",
        "期内告知的隐患项数÷期内完成的线下服务次数。",
        MEAN,
        "项/次",
        _notified,
        per=visits,
        source="hazard",
        per_source="visit",
    ),
    Measure(
        "baseline_rate",
        "基本规定符合率",
        "期内完成的服务逐项核对附件2：符合的项占符合和不符合的多少；不适用的不算。",
        PERCENT,
        "%",
        _checked,
    ),
    Measure(
        "anomaly_rate",
        "异常率",
        "期内完成的服务里，有现场异常而说明没有被审核认可的占多少。",
        PERCENT,
        "%",
        _odd,
        source="visit",
    ),
)
