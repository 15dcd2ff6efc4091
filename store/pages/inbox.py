"""The inbox: one index range per principal (me, each of my roles), put together and read in order of need."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from msgspec import Struct
from sqlalchemy import (
    ColumnElement,
    Select,
    Subquery,
    and_,
    func,
    literal_column,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy.orm import Session

from store.pages.keyset import PAGE, before, beyond
from store.search import holds
from store.tables import Case, Region, WorkItem

COUNTED_AT_MOST = 1000
_OPEN: ColumnElement[int] = literal_column("2")
_IN_POOL: ColumnElement[int] = literal_column("0")


class View(StrEnum):
    """What a person looks at."""

    MINE = "mine"
    POOL = "pool"
    TODAY = "today"
    OVERDUE = "overdue"
    DONE_TODAY = "done_today"
    DONE_LATELY = "done_lately"
    DONE = "done"
    HANDED_ON = "handed_on"


FINISHED = frozenset({View.DONE_TODAY, View.DONE_LATELY, View.DONE})


class Reader(Struct, frozen=True):
    """Whose inbox it is, and when: `midnight` is the start of the legal day."""

    person_id: UUID
    roles: Collection[str]
    org_id: UUID
    midnight: datetime


class Cursor(Struct, frozen=True):
    """The last row of the page before."""

    at: datetime
    id: UUID


class InboxRow(Struct, frozen=True):
    """A work item as the list shows it."""

    id: UUID
    version: int
    title: str
    subject: str
    district: str
    industry: str
    tags: tuple[str, ...]
    due_on: date | None
    provisional: bool
    natural_days: bool
    in_pool: bool
    done_at: datetime | None


class InboxPage(Struct, frozen=True):
    """One page of rows, and where the next one starts."""

    rows: tuple[InboxRow, ...]
    next: Cursor | None


class InboxCounts(Struct, frozen=True):
    """How many lie in each view; each count stops at `COUNTED_AT_MOST`."""

    mine: int
    pool: int
    today: int
    overdue: int
    done_today: int
    done_lately: int
    done: int
    handed_on: int

    def of(self, view: View) -> int:
        """Return the count of one view."""
        return int(getattr(self, view.value))


def inbox_page(
    session: Session, reader: Reader, view: View, *, query: str = "", after: Cursor | None = None
) -> InboxPage:
    """Return one page of a view, in order of need; what is done, latest first."""
    asked = _done if view in FINISHED else _open_page
    statement = asked(reader, view, query, after)
    items = session.scalars(statement).all()
    shown = items[:PAGE]
    last = shown[-1] if len(items) > PAGE else None
    names = _district_names(session, {item.region_code for item in shown if item.region_code})
    cursor = Cursor(last.done_at or last.due_at, last.id) if last is not None else None
    return InboxPage(tuple(_row(item, names) for item in shown), cursor)


def inbox_counts(session: Session, reader: Reader) -> InboxCounts:
    """Return the counts of all views in one statement."""
    parts = [
        select(func.count()).select_from(_capped(reader, view)).scalar_subquery().label(view.value)
        for view in View
    ]
    row = session.execute(select(*parts)).one()
    return InboxCounts(**row._asdict())


def next_due(session: Session, reader: Reader, view: View) -> datetime | None:
    """Return the earliest deadline of a view."""
    ranges = _ranges(reader, view)
    found = [
        session.scalar(select(WorkItem.due_at).where(condition).order_by(WorkItem.due_at).limit(1))
        for condition in ranges
    ]
    return min((due for due in found if due is not None), default=None)


def next_in_case(session: Session, reader: Reader, case_id: UUID) -> UUID | None:
    """Return the step of this case that the reader has, or may take, and that is due first."""
    theirs = or_(*_ranges(reader, View.MINE), *_ranges(reader, View.POOL))
    steps = select(WorkItem.id).where(WorkItem.case_id == case_id, theirs)
    return session.scalar(steps.order_by(WorkItem.due_at, WorkItem.id).limit(1))


def _open_page(reader: Reader, view: View, query: str, after: Cursor | None) -> Select[WorkItem]:
    conditions = [] if after is None else [beyond((WorkItem.due_at, WorkItem.id), (after.at, after.id))]
    if query:
        conditions.append(_says(query))
    found = _united(reader, view, conditions, PAGE + 1)
    return (
        select(WorkItem)
        .join(found, found.c.id == WorkItem.id)
        .order_by(WorkItem.due_at, WorkItem.id)
        .limit(PAGE + 1)
    )


def _says(query: str) -> ColumnElement[bool]:
    """Return the condition that each word stands in the item's case (its unit, its number) or in the step's name.

    The reader's items are gone through, each with its case. The search index would give the cases of all readers
    that hold the word: more with each year; it took more than twice as long where there were six times as many.
    """
    told = select(Case.bigrams).where(Case.id == WorkItem.case_id).correlate(WorkItem).scalar_subquery()
    return and_(
        true(),
        *(or_(holds(told, word), WorkItem.title.contains(word, autoescape=True)) for word in query.split()),
    )


def _united(reader: Reader, view: View, conditions: Sequence[ColumnElement[bool]], limit: int) -> Subquery:
    """Return the ids of one index range per principal, each cut to the page on its own."""
    branches = [
        select(WorkItem.id)
        .where(principal, *conditions)
        .order_by(WorkItem.due_at, WorkItem.id)
        .limit(limit)
        .subquery()
        for principal in _ranges(reader, view)
    ]
    return union_all(*(select(branch.c.id) for branch in branches)).subquery()


def _ranges(reader: Reader, view: View) -> list[ColumnElement[bool]]:
    mine = and_(
        WorkItem.assignee_id == reader.person_id, WorkItem.status < _OPEN, WorkItem.assignee_id.is_not(None)
    )
    pools = [
        and_(
            WorkItem.role == role,
            WorkItem.holder_id == reader.org_id,
            WorkItem.status == _IN_POOL,
            WorkItem.assignee_id.is_(None),
        )
        for role in sorted(reader.roles)
    ]
    match view:
        case View.POOL:
            return pools or [WorkItem.id.is_(None)]
        case View.HANDED_ON:
            owned = and_(
                WorkItem.owner_id == reader.person_id, WorkItem.status < _OPEN, WorkItem.owner_id.is_not(None)
            )
            return [owned]
        case View.TODAY:
            due = WorkItem.due_at == reader.midnight + timedelta(days=1)
            return [and_(principal, due) for principal in (mine, *pools)]
        case View.OVERDUE:
            late = WorkItem.due_at <= reader.midnight
            return [and_(principal, late) for principal in (mine, *pools)]
        case _:
            return [mine]


def _done(reader: Reader, view: View, query: str, after: Cursor | None) -> Select[WorkItem]:
    statement = select(WorkItem).where(_done_range(reader, view))
    if query:
        statement = statement.where(_says(query))
    if after is not None:
        statement = statement.where(before((WorkItem.done_at, WorkItem.id), (after.at, after.id)))
    return statement.order_by(WorkItem.done_at.desc(), WorkItem.id.desc()).limit(PAGE + 1)


def _done_range(reader: Reader, view: View) -> ColumnElement[bool]:
    if view is View.DONE:
        return and_(WorkItem.done_by == reader.person_id, WorkItem.done_at.is_not(None))
    since = reader.midnight - timedelta(days=0 if view is View.DONE_TODAY else 30)
    return and_(WorkItem.done_by == reader.person_id, WorkItem.done_at >= since)


def _capped(reader: Reader, view: View) -> Subquery:
    if view in FINISHED:
        return select(WorkItem.id).where(_done_range(reader, view)).limit(COUNTED_AT_MOST).subquery()
    return _united(reader, view, (), COUNTED_AT_MOST)


def _district_names(session: Session, codes: Collection[str]) -> dict[str, str]:
    if not codes:
        return {}
    rows = session.execute(select(Region.code, Region.name).where(Region.code.in_(sorted(codes))))
    return {code: name for code, name in rows}  # noqa: C416  # rows are not tuples to mypy


def _row(item: WorkItem, names: dict[str, str]) -> InboxRow:
    return InboxRow(
        id=item.id,
        version=item.version,
        title=item.title,
        subject=item.subject,
        district=names.get(item.region_code or "", ""),
        industry=item.industry or "",
        tags=tuple(str(tag) for tag in item.tags),
        due_on=item.due_on,
        provisional=item.provisional,
        natural_days=item.deadline_kind == "rectification",
        in_pool=item.assignee_id is None,
        done_at=item.done_at,
    )
