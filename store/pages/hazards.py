"""The list of hazards: the most urgent first, found by unit, narrowed by state, level and district."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from uuid import UUID

from msgspec import Struct
from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import Session

from store.search import matches
from store.tables import Hazard, Organization, Region

PAGE = 50
RUNNING = ("draft", "notified", "rectifying", "submitted", "refused", "reported")
ENDED = ("closed", "withdrawn", "unresolved_at_term_end")
REFUSED = ("refused", "reported")


class View(StrEnum):
    """Which hazards a person looks at."""

    OPEN = "open"
    OVERDUE = "overdue"
    REFUSED = "refused"
    ENDED = "ended"
    ALL = "all"


_STATES: Mapping[View, tuple[tuple[str, ...], bool]] = {
    View.OPEN: (RUNNING, False),
    View.OVERDUE: (RUNNING, True),
    View.REFUSED: (REFUSED, False),
    View.ENDED: (ENDED, False),
    View.ALL: ((), False),
}
"""Which states a view shows, and whether only what is overdue."""


class Cursor(Struct, frozen=True):
    """The last row of the page before."""

    deadline: date
    id: UUID


class Asked(Struct, frozen=True):
    """What to look for."""

    query: str = ""
    level: str = ""
    district: str = ""
    view: View = View.OPEN
    after: Cursor | None = None


class HazardRow(Struct, frozen=True):
    """A hazard as the list shows it."""

    id: UUID
    number: str
    unit: str
    district: str
    place: str
    description: str
    level: str
    state: str
    deadline: date
    is_extended: bool
    found_on: date
    closed_on: date | None


class HazardPage(Struct, frozen=True):
    """One page of hazards, and where the next one starts."""

    rows: tuple[HazardRow, ...]
    next: Cursor | None


def hazard_page(session: Session, asked: Asked, today: date) -> HazardPage:
    """Return one page of hazards: what is open by its deadline, what is over latest first."""
    statement = _narrowed(asked, today)
    if asked.after is not None:
        statement = statement.where(_beyond(asked.after, latest_first=_latest_first(asked)))
    order = (
        (Hazard.deadline.desc(), Hazard.id.desc()) if _latest_first(asked) else (Hazard.deadline, Hazard.id)
    )
    found = session.execute(statement.order_by(*order).limit(PAGE + 1)).all()
    rows = tuple(_row(hazard, unit or "", district or "") for hazard, unit, district in found[:PAGE])
    more = len(found) > PAGE
    return HazardPage(rows, Cursor(rows[-1].deadline, rows[-1].id) if more else None)


def districts(session: Session) -> list[tuple[str, str]]:
    """Return the districts in which the person sees hazards, by code."""
    codes = select(Hazard.region_code).where(Hazard.region_code.is_not(None)).distinct()
    rows = session.execute(
        select(Region.code, Region.name).where(Region.code.in_(codes)).order_by(Region.code).limit(100)
    )
    return [(code, name) for code, name in rows]


def _narrowed(asked: Asked, today: date) -> Select[Hazard, str | None, str | None]:
    statement = (
        select(Hazard, Organization.name, Region.name)
        .outerjoin(Organization, Organization.id == Hazard.policyholder_id)
        .outerjoin(Region, Region.code == Hazard.region_code)
    )
    if asked.query:
        found = select(Organization.id).where(matches(Organization.bigrams, asked.query))
        by_number = Hazard.number.startswith(asked.query, autoescape=True)
        statement = statement.where(or_(Hazard.policyholder_id.in_(found), by_number))
    if asked.level:
        statement = statement.where(Hazard.level == asked.level)
    if asked.district:
        statement = statement.where(Hazard.region_code == asked.district)
    states, overdue = _STATES[asked.view]
    if states:
        statement = statement.where(Hazard.state.in_(states))
    late = (Hazard.deadline < today, Hazard.notified_on.is_not(None))
    return statement.where(*late) if overdue else statement


def _latest_first(asked: Asked) -> bool:
    return asked.view in {View.ENDED, View.ALL}


def _beyond(after: Cursor, *, latest_first: bool) -> ColumnElement[bool]:
    if latest_first:
        same = and_(Hazard.deadline == after.deadline, Hazard.id < after.id)
        return or_(Hazard.deadline < after.deadline, same)
    same = and_(Hazard.deadline == after.deadline, Hazard.id > after.id)
    return or_(Hazard.deadline > after.deadline, same)


def _row(row: Hazard, unit: str, district: str) -> HazardRow:
    return HazardRow(
        row.id,
        row.number,
        unit,
        district,
        row.place,
        row.description,
        row.level,
        row.state,
        row.deadline,
        row.deadline != row.original_deadline,
        row.found_on,
        row.closed_on,
    )
