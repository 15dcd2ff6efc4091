"""Measures of online service: how much reached its units, how much of it was read (第十二条)."""

from sqlalchemy import ColumnElement, and_, case, func, select

from store.measures.model import PERCENT, Measure, Rows, Window, counted
from store.tables import Organization, Policyholder, PushDelivery


def _delivered(window: Window) -> Rows:
    return _by_unit(window, _reached(window), None)


def _read(window: Window) -> Rows:
    read = and_(
        _reached(window), PushDelivery.read_at.is_not(None), window.holds_moment(PushDelivery.read_at)
    )
    return _by_unit(window, read, _reached(window))


def _reached(window: Window) -> ColumnElement[bool]:
    return and_(PushDelivery.delivered_at.is_not(None), window.holds_moment(PushDelivery.delivered_at))


def _by_unit(window: Window, part: ColumnElement[bool], whole: ColumnElement[bool] | None) -> Rows:
    """Give each unit to which something was sent in the window, with how many of them hold for part and whole."""
    sent = (
        select(
            PushDelivery.policyholder_id,
            func.sum(case((part, 1), else_=0)).label("part"),
            (func.count() if whole is None else func.sum(case((whole, 1), else_=0))).label("whole"),
        )
        .where(window.owns(PushDelivery), window.holds_moment(PushDelivery.sent_at))
        .group_by(PushDelivery.policyholder_id)
        .subquery()
    )
    rows = counted(
        "unit", Organization.id, Organization.name, Policyholder, part=sent.c.part, whole=sent.c.whole
    )
    joined = rows.join_from(sent, Organization, Organization.id == sent.c.policyholder_id)
    return joined.join(Policyholder, Policyholder.organization_id == Organization.id)


PUSHES = (
    Measure(
        "push_delivered",
        "推送送达率",
        "期内发出的线上推送，逐家计：期内送达的占发出的多少；没有账号、也没有补送到的算没有送达。",
        PERCENT,
        "%",
        _delivered,
        by_month=False,
    ),
    Measure(
        "read_rate",
        "推送阅读率",
        "期内发出并送达的线上推送，逐家计：期内单位打开看过的占送达的多少；补送到的、没有打开过的算没有阅读。",
        PERCENT,
        "%",
        _read,
        by_month=False,
    ),
)
