"""Measures of hazards (第十八、二十一条)."""

from sqlalchemy import ColumnElement, Select, and_, case, or_

from store.measures.model import COUNT, PERCENT, Measure, Window, counted
from store.pages.hazards import RUNNING
from store.tables import Hazard

Rows = Select[*tuple[object, ...]]


def _notified(window: Window, *such: ColumnElement[bool]) -> Rows:
    return _hazards(window, window.holds(Hazard.notified_on), Hazard.state != "withdrawn", *such)


def _hazards(window: Window, *such: ColumnElement[bool], part: object = 1, whole: object = None) -> Rows:
    rows = counted(
        "hazard", Hazard.id, Hazard.number, Hazard, part=part, whole=whole, category=Hazard.hazard_class
    )
    return rows.where(window.owns(Hazard.org_id), *such)


def _is_closed(window: Window) -> ColumnElement[bool]:
    return and_(Hazard.state == "closed", Hazard.closed_on <= window.last_day)


def _due(window: Window) -> Rows:
    return _hazards(
        window,
        window.holds(Hazard.deadline),
        Hazard.notified_on.is_not(None),
        Hazard.state != "withdrawn",
        part=case((_is_closed(window), 1), else_=0),
        whole=1,
    )


def _overdue(window: Window) -> Rows:
    is_open = or_(Hazard.state.in_(RUNNING), Hazard.closed_on > window.last_day)
    return _hazards(window, Hazard.notified_on <= window.last_day, Hazard.deadline < window.last_day, is_open)


HAZARDS = (
    Measure(
        "hazards_found",
        "发现隐患",
        "期内告知投保单位的隐患，按告知日计；异议成立撤销的不算。",
        COUNT,
        "项",
        _notified,
    ),
    Measure(
        "major_count",
        "重大隐患",
        "其中级别为重大的。",
        COUNT,
        "项",
        lambda window: _notified(window, Hazard.level == "major"),
    ),
    Measure(
        "hazards_closed",
        "已闭环",
        "期内告知的隐患里，到期末已复查合格闭环的。",
        COUNT,
        "项",
        lambda window: _notified(window, _is_closed(window)),
    ),
    Measure(
        "overdue_hazards",
        "逾期未闭环",
        "不论何时告知，整改期限早于期末、到期末仍没有闭环的；期限当日不算逾期。",
        COUNT,
        "项",
        _overdue,
    ),
    Measure(
        "rectification_rate",
        "整改率",
        "整改期限在期内、没有撤销的隐患里，到期末已闭环的占多少。",
        PERCENT,
        "%",
        _due,
    ),
)
