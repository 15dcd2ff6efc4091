"""The list of the inbox as the page shows it: views with counts, rows under the days they are due."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from itertools import groupby
from typing import Any  # Any: url_for takes what the converters of a route take
from uuid import UUID

from flask import url_for
from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy.orm import Session

from rules.vocabulary import label
from rules.working_days import Calendar
from store.calendar import load_calendar
from store.pages.inbox import (
    Cursor,
    InboxCounts,
    InboxPage,
    InboxRow,
    Reader,
    View,
    inbox_counts,
    inbox_page,
    next_due,
)
from webapp.dates import Due, day_with_weekday, due_of, short_date
from webapp.sessions import SignedIn
from webapp.texts import _, lazy
from workflows.runtime import SHANGHAI, legal_day
from workflows.statuses import SUSPENDED

OPEN_VIEWS = (View.MINE, View.POOL, View.TODAY, View.OVERDUE, View.HANDED_ON)
DONE_VIEWS = (View.DONE_TODAY, View.DONE_LATELY, View.DONE)
TITLES = {
    View.MINE: (lazy("我的待办"), "user-check"),
    View.POOL: (lazy("本组待领"), "users"),
    View.TODAY: (lazy("今天到期"), "sun"),
    View.OVERDUE: (lazy("已逾期"), "alarm"),
    View.DONE_TODAY: (lazy("今天已办"), "circle-check"),
    View.DONE_LATELY: (lazy("近 30 天"), "history"),
    View.DONE: (lazy("全部已办"), "list-check"),
    View.HANDED_ON: (lazy("我委派的"), "user-plus"),
}


class Asked(Struct, frozen=True):
    """What the address asks for."""

    view: View | None = None
    query: str = ""
    after: Cursor | None = None

    def href(self, endpoint: str = "inbox.index", **more: Any) -> str:  # noqa: ANN401  # as url_for
        """Return the address of this list, of a task in it, or of its next page."""
        view = self.view.value if self.view is not None else None
        return url_for(endpoint, view=view, q=self.query or None, **more)


class ViewLink(Struct, frozen=True):
    """A view with its count."""

    title: str
    icon: str
    count: int
    href: str
    is_current: bool
    alarms: bool


class Line(Struct, frozen=True):
    """A row of the list."""

    row: InboxRow
    href: str
    due: Due | None
    date_text: str
    high_risk: str
    is_major: bool
    is_suspended: bool


class Group(Struct, frozen=True):
    """Rows under one head."""

    title: str
    lines: tuple[Line, ...]


class Listing(Struct, frozen=True):
    """The list beside the task."""

    title: str
    asked: Asked
    count: int | None
    """How many there are; None where a search goes over more than one page."""
    counts: InboxCounts
    open_views: tuple[ViewLink, ...]
    done_views: tuple[ViewLink, ...]
    groups: tuple[Group, ...]
    next_href: str | None
    pool_due: Due | None

    @property
    def first_id(self) -> UUID | None:
        """Return the first task of the list, if there is one to do."""
        if self.asked.view in (*DONE_VIEWS, View.HANDED_ON) or not self.groups:
            return None
        return self.groups[0].lines[0].row.id


def reader_of(who: SignedIn, now: datetime) -> Reader:
    """Return whose inbox it is."""
    midnight = datetime.combine(legal_day(now), time(), SHANGHAI)
    return Reader(who.person_id, who.roles, who.org_id, midnight)


def build_listing(session: Session, reader: Reader, asked: Asked) -> Listing:
    """Return the list that the address asks for; without a view, mine, or the pool when I have nothing."""
    counts = inbox_counts(session, reader)
    if asked.view is None:
        idle = counts.mine == 0 and counts.done_today == 0 and counts.pool > 0
        asked = replace(asked, view=View.POOL if idle else View.MINE)
    view = asked.view or View.MINE
    page = inbox_page(session, reader, view, query=asked.query, after=asked.after)
    calendar, today = load_calendar(session), reader.midnight.date()
    soonest = next_due(session, reader, View.POOL) if view is View.MINE and not page.rows else None
    return Listing(
        title=str(TITLES[view][0]),
        asked=asked,
        count=_count(page, asked, counts.of(view)),
        counts=counts,
        open_views=tuple(_links(OPEN_VIEWS, counts, view)),
        done_views=tuple(_links(DONE_VIEWS, counts, view)),
        groups=tuple(_groups(_lines(page.rows, asked, today, calendar), today, view)),
        next_href=_next_href(page, asked),
        pool_due=_last_day(soonest, today, calendar),
    )


def _count(page: InboxPage, asked: Asked, in_view: int) -> int | None:
    if not asked.query:
        return in_view
    return None if page.next or asked.after else len(page.rows)


def line_due(row: InboxRow, today: date, calendar: Calendar) -> Due | None:
    """Return how the deadline of a row reads."""
    if row.due_on is None or row.done_at is not None:
        return None
    return due_of(row.due_on, today, calendar, provisional=row.provisional, natural=row.natural_days)


def _lines(rows: Iterable[InboxRow], asked: Asked, today: date, calendar: Calendar) -> list[Line]:
    return [
        Line(
            row=row,
            href=asked.href("inbox.show", work_item_id=row.id),
            due=line_due(row, today, calendar),
            date_text=_date_text(row, today),
            high_risk=label("high_risk_kind", row.industry) if "high_risk" in row.tags else "",
            is_major="major" in row.tags,
            is_suspended=SUSPENDED in row.tags,
        )
        for row in rows
    ]


def _date_text(row: InboxRow, today: date) -> str:
    if row.done_at is not None:
        return _("%(day)s 已办", day=short_date(legal_day(row.done_at), today))
    return short_date(row.due_on, today) if row.due_on is not None else _("没有期限")


def _groups(lines: list[Line], today: date, view: View) -> Iterator[Group]:
    if view in DONE_VIEWS:
        if lines:
            yield Group(_("办完的"), tuple(lines))
        return
    for title, members in groupby(lines, key=lambda line: _group_title(line.row.due_on, today)):
        yield Group(title, tuple(members))


def _group_title(due: date | None, today: date) -> str:
    if due is None:
        return _("没有期限")
    if due < today:
        return _("已逾期")
    if due == today:
        return _("今天 %(day)s", day=day_with_weekday(today, today))
    sunday = today + timedelta(days=6 - today.weekday())
    return _("本周") if due <= sunday else _("下周及以后")


def _links(views: Iterable[View], counts: InboxCounts, current: View) -> Iterator[ViewLink]:
    for view in views:
        title, icon = TITLES[view]
        count = counts.of(view)
        if view is View.HANDED_ON and not count and view is not current:
            continue
        yield ViewLink(
            title=str(title),
            icon=icon,
            count=count,
            href=url_for("inbox.index", view=view.value),
            is_current=view is current,
            alarms=view is View.OVERDUE and count > 0,
        )


def _next_href(page: InboxPage, asked: Asked) -> str | None:
    if page.next is None:
        return None
    return asked.href(after=f"{page.next.at.isoformat()},{page.next.id}")


def _last_day(due_at: datetime | None, today: date, calendar: Calendar) -> Due | None:
    """Return the deadline behind a `due_at`, which is the midnight after it."""
    if due_at is None or due_at.year > today.year + 100:
        return None
    return due_of(legal_day(due_at) - timedelta(days=1), today, calendar)
