"""Records of declared registers as their sheets would say them."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from store.pages.register_lists import names_of
from store.pages.rosters import Record
from store.tables import Person
from workflows.registers.roster import Roster


def texts_of(session: Session, roster: Roster, records: Sequence[Record]) -> list[dict[str, str]]:
    """Return what records say, column key → text; names stand for whom they refer to."""
    columns = roster.sheet.columns
    named = {column.key for column in columns if roster.is_reference(column.key)}
    held = [{column.key: roster.value(each, column.key) for column in columns} for each in records]
    ids = {
        value for values in held for key, value in values.items() if key in named and isinstance(value, UUID)
    }
    names = {**names_of(session, ids), **_people(session, ids if "person" in named else set())}
    return [
        {
            column.key: names.get(value, "")
            if isinstance(value := values[column.key], UUID)
            else column.written(value)
            for column in columns
        }
        for values in held
    ]


def _people(session: Session, ids: set[UUID]) -> dict[UUID | None, str]:
    if not ids:
        return {}
    rows = session.execute(select(Person.id, Person.name).where(Person.id.in_(ids)))
    return {person_id: name for person_id, name in rows}  # noqa: C416  # rows are not tuples to mypy
