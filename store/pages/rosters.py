"""The lists of declared registers: one question for all of them."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any  # Any: the tables of a register differ
from uuid import UUID

from msgspec import Struct
from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session

from store.pages.register_lists import PAGE, Asked, Cursor, after_key
from store.tables import Organization
from store.tables.base import Base

NEAR = timedelta(days=60)
"""How long before its end something counts as soon to end (domain.md §2: 到期前 60 天)."""
DUE, OVER = "due", "over"
Record = tuple[Base | None, ...]
"""The rows that make a record, one of each table; a profile may not be written yet."""


class Source(Struct, frozen=True):
    """Where a register's records lie: the first table has the id; the others are joined to an organization.

    `kind` narrows the first table; `searched`, `until` and `state` are attributes of the named tables.
    `done` is the state in which the day `until` has nothing more to say.
    """

    tables: tuple[type[Base], ...]
    kind: str | None = None
    searched: tuple[str, ...] = ()
    until: str | None = None
    state: str | None = None
    done: str | None = None

    @property
    def is_office(self) -> bool:
        """Whether each record is an organization with its profile."""
        return self.tables[0] is Organization

    def attribute(self, name: str) -> Any:  # noqa: ANN401  # Any: a column of one of the tables
        """Return the column of this name; a profile's before the organization's."""
        return getattr(self.table_of(name), name)

    def table_of(self, name: str) -> type[Base]:
        """Return the table that has a column of this name, the profile before the organization."""
        return next(table for table in reversed(self.tables) if hasattr(table, name))


def records(
    session: Session, source: Source, asked: Asked, today: date, *, most: int = PAGE
) -> tuple[list[Record], Cursor | None]:
    """Return one page of records that the person sees, and where the next one starts."""
    query = _query(source).where(*_conditions(source, asked, today))
    first: Any = source.tables[0]  # Any: as above
    if source.is_office:
        if asked.after is not None:
            query = query.where(after_key(Organization.name, Organization.id, asked.after))
        query = query.order_by(Organization.name, Organization.id)
    else:
        if asked.after is not None:
            query = query.where(first.id < asked.after.id)
        query = query.order_by(first.id.desc())
    found: list[Record] = [tuple(row) for row in session.execute(query.limit(most + 1))]
    if len(found) <= most:
        return found, None
    last: Any = found[most - 1][0]
    return found[:most], Cursor(last.name if source.is_office else "", last.id)


def record(session: Session, source: Source, record_id: UUID) -> Record | None:
    """Return one record; None if the person does not see it."""
    first: Any = source.tables[0]  # Any: as above
    found = session.execute(_query(source).where(first.id == record_id)).one_or_none()
    return tuple(found) if found is not None else None


def how_many(session: Session, source: Source) -> int:
    """Return how many records the person sees."""
    query = select(func.count()).select_from(source.tables[0]).where(*_of_kind(source))
    return session.scalar(query) or 0


def _query(source: Source) -> Select[Any]:
    first, *profiles = source.tables
    asked: Any = source.tables  # Any: several tables are one row
    query: Select[Any] = select(*asked).select_from(first)
    for profile in profiles:
        owner: Any = profile  # Any: every profile has the column
        query = query.outerjoin(profile, owner.organization_id == Organization.id)
    return query.where(*_of_kind(source))


def _of_kind(source: Source) -> Sequence[ColumnElement[bool]]:
    first: Any = source.tables[0]  # Any: as above
    return [first.kind == source.kind] if source.kind is not None else []


def _conditions(source: Source, asked: Asked, today: date) -> Sequence[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    for word in asked.query.split():
        columns = [source.attribute(name) for name in source.searched]
        named = [
            _bears(column, word) if column.key.endswith("_id") else _says(column, word) for column in columns
        ]
        found.append(or_(*named))
    if asked.state in {DUE, OVER} and source.until is not None:
        until = source.attribute(source.until)
        found.append(until < today if asked.state == OVER else until.between(today, today + NEAR))
        if source.state is not None and source.done is not None:
            found.append(source.attribute(source.state) != source.done)
    elif asked.state and source.state is not None:
        found.append(source.attribute(source.state) == asked.state)
    return found


def _says(column: Any, word: str) -> ColumnElement[bool]:  # noqa: ANN401  # as above
    said: ColumnElement[bool] = column.icontains(word, autoescape=True)
    return said


def _bears(column: Any, word: str) -> ColumnElement[bool]:  # noqa: ANN401  # as above
    """Return the condition that the organization that is named bears this word."""
    named = select(Organization.id).where(Organization.name.icontains(word, autoescape=True))
    bears: ColumnElement[bool] = column.in_(named)
    return bears
