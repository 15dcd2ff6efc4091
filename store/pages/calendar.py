"""The page of the calendar: published years, and the deadlines that reach beyond them."""

from collections import Counter
from datetime import date
from uuid import UUID

from msgspec import Struct
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from rules.working_days import DayKind
from store.calendar import load_calendar
from store.pages.keyset import PAGE, beyond
from store.scope import widened
from store.tables import CalendarDay, Case, Deadline

COUNTED_AT_MOST = 1000
_ORDER = (Deadline.due, Deadline.id)


class CalendarYear(Struct, frozen=True):
    """A year whose holidays are known: days off, days worked in exchange, days that the office set itself."""

    year: int
    rests: int
    make_ups: int
    own: int


class ProvisionalRow(Struct, frozen=True):
    """A deadline that will be computed anew once its year is published."""

    case_number: str
    kind: str
    anchor: date
    due: date


class ProvisionalPage(Struct, frozen=True):
    """One page of them, how many there are, and the key behind which the next page begins."""

    rows: tuple[ProvisionalRow, ...]
    count: int
    next: tuple[date, UUID] | None


def calendar_years(session: Session) -> tuple[CalendarYear, ...]:
    """Return the published years, latest first."""
    calendar = load_calendar(session)
    counted = Counter((day.year, kind) for day, kind in calendar.days.items())
    own = Counter(day.year for day in session.scalars(select(CalendarDay.day)))
    years = range(calendar.published_through.year, calendar.published_from.year - 1, -1)
    return tuple(
        CalendarYear(year, counted[year, DayKind.REST], counted[year, DayKind.MAKE_UP], own[year])
        for year in years
    )


def provisional_deadlines(session: Session, *, after: tuple[date, UUID] | None = None) -> ProvisionalPage:
    """Return one page of the deadlines that are not final, by their day: case numbers, no content."""
    query = select(Deadline, Case.number).join(Case, Case.id == Deadline.case_id)
    query = query.where(Deadline.provisional, Deadline.met_on.is_(None))
    some = select(Deadline.id).where(Deadline.provisional, Deadline.met_on.is_(None)).limit(COUNTED_AT_MOST)
    if after is not None:
        query = query.where(beyond(_ORDER, after))
    with widened(session, "which deadlines are provisional"):
        found = session.execute(query.order_by(*_ORDER).limit(PAGE + 1)).all()
        count = session.scalar(select(func.count()).select_from(some.subquery())) or 0
    rows = tuple(
        ProvisionalRow(number, deadline.kind, deadline.anchor, deadline.due)
        for deadline, number in found[:PAGE]
    )
    last = found[PAGE - 1][0] if len(found) > PAGE else None
    return ProvisionalPage(rows, count, (last.due, last.id) if last is not None else None)
