"""Small ways to read a case's records."""

from datetime import datetime
from typing import TypeVar
from uuid import UUID

from sqlalchemy import select

from rules.vocabulary import label
from store.tables import Organization, Person
from workflows.acts import Act
from workflows.runtime import SHANGHAI

Facts = dict[str, object]
Row = TypeVar("Row")


def found(act: Act, table: type[Row], row_id: object) -> Row | None:
    """Return the row with this id, None if there is no id or no row."""
    row = act.session.get(table, UUID(str(row_id))) if row_id else None
    if row is not None:
        act.kept.append(row)
    return row


def unit_name(act: Act) -> str:
    """Return the name of the case's unit."""
    unit = found(act, Organization, act.case.policyholder_id)
    return unit.name if unit is not None else ""


def names_of(act: Act, people: list[UUID]) -> str:
    """Return the people's names in the given order, joined."""
    rows = (
        {p.id: p.name for p in act.session.scalars(select(Person).where(Person.id.in_(people)))}
        if people
        else {}
    )
    return "、".join(rows[person] for person in people if person in rows)


def labels(vocabulary: str, codes: object) -> str:
    """Return the Chinese words of codes, joined."""
    return "、".join(label(vocabulary, str(code)) for code in codes) if isinstance(codes, list) else ""


def local(moment: datetime | None) -> datetime | None:
    """Return a moment on the wall clock of Beijing."""
    return moment.astimezone(SHANGHAI) if moment is not None else None
