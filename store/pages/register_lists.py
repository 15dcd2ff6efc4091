"""What the lists of the registers share: the cursor, one page of rows, names beside ids."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Generic, TypeVar
from uuid import UUID

from msgspec import Struct
from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from rules.codes import regions
from store.search import matches
from store.tables import Organization, Policy

PAGE = 50
LAST_SIGN = "\U0010ffff"
"""Sorts behind everything that may follow a prefix."""

Row = TypeVar("Row")


class Cursor(Struct, frozen=True):
    """The last row of the page before: what it is sorted by, and its id."""

    key: str
    id: UUID


class Asked(Struct, frozen=True):
    """What a list is asked for; an empty text asks for nothing in particular."""

    query: str = ""
    region: str = ""
    kind: str = ""
    state: str = ""
    after: Cursor | None = None

    @property
    def is_narrowed(self) -> bool:
        """Whether the list shows less than all there is."""
        return bool(self.query or self.region or self.kind or self.state)


class ListPage(Struct, Generic[Row], frozen=True):
    """One page of rows, and where the next one starts."""

    rows: tuple[Row, ...]
    next: Cursor | None


def cut(rows: Sequence[Row], cursors: Sequence[Cursor]) -> ListPage[Row]:
    """Return a page of at most `PAGE` rows out of one row more than that."""
    return ListPage(tuple(rows[:PAGE]), cursors[PAGE - 1] if len(rows) > PAGE else None)


def after_key(
    column: ColumnElement[str] | InstrumentedAttribute[str],
    id_column: InstrumentedAttribute[UUID],
    at: Cursor,
) -> ColumnElement[bool]:
    """Return the condition for rows behind a cursor, in rising order."""
    return or_(column > at.key, and_(column == at.key, id_column > at.id))


def before_day(
    column: InstrumentedAttribute[date], id_column: InstrumentedAttribute[UUID], at: Cursor
) -> ColumnElement[bool]:
    """Return the condition for rows behind a cursor, latest day first."""
    day = date.fromisoformat(at.key)
    return or_(column < day, and_(column == day, id_column < at.id))


def begins(column: InstrumentedAttribute[str], text: str) -> ColumnElement[bool]:
    """Return the condition that a number begins so, as a range that an index answers."""
    return and_(column >= text, column < text + LAST_SIGN)


def of_insurers() -> ColumnElement[bool]:
    """Return the condition by which numbers of policies are found in the index of insurer and number."""
    return Policy.insurer_id.in_(select(Organization.id).where(Organization.kind == "insurer"))


def named(column: InstrumentedAttribute[UUID | None], query: str) -> ColumnElement[bool]:
    """Return the condition that the row's unit bears these words in name or credit code."""
    return column.in_(select(Organization.id).where(matches(Organization.bigrams, query)))


def district_name(code: str | None) -> str:
    """Return the name of a district, or the code of one that the rules do not know."""
    region = regions().get(code or "")
    return region.name if region is not None else code or ""


def names_of(session: Session, ids: Collection[UUID | None]) -> dict[UUID | None, str]:
    """Return the names of organizations by id."""
    wanted = {row_id for row_id in ids if row_id is not None}
    if not wanted:
        return {}
    rows = session.execute(select(Organization.id, Organization.name).where(Organization.id.in_(wanted)))
    return {row_id: name for row_id, name in rows}  # noqa: C416  # rows are not tuples to mypy
