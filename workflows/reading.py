"""Small ways to read a case's records, and to learn whether a person sees one."""

from collections.abc import Sequence
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from sqlalchemy import select

from rules.vocabulary import label
from store.tables import EvidenceFile, Organization, Person
from store.tables.base import Base
from workflows.acts import Act
from workflows.errors import NotFoundError
from workflows.people import Actor
from workflows.runtime import SHANGHAI, Runtime

Facts = dict[str, object]
Row = TypeVar("Row")


def require_visible(runtime: Runtime, table: type[Base], row_id: UUID, actor: Actor, kind: str) -> None:
    """Let nobody command what they do not see. Raises: NotFoundError, as if there were no such row."""
    with runtime.database.read(actor.scope) as session:
        if session.get(table, row_id) is None:
            raise NotFoundError(kind=kind, id=str(row_id))


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


def names_of_files(act: Act, ids: Sequence[object]) -> str:
    """Return the names of uploaded files, joined."""
    if not ids:
        return ""
    wanted = [UUID(str(file_id)) for file_id in ids]
    rows = act.session.scalars(select(EvidenceFile).where(EvidenceFile.id.in_(wanted)))
    names = {row.id: row.name for row in rows}
    return "、".join(names[file_id] for file_id in wanted if file_id in names)


def labels(vocabulary: str, codes: object) -> str:
    """Return the Chinese words of codes, joined."""
    return "、".join(label(vocabulary, str(code)) for code in codes) if isinstance(codes, list) else ""


def local(moment: datetime | None) -> datetime | None:
    """Return a moment on the wall clock of Beijing."""
    return moment.astimezone(SHANGHAI) if moment is not None else None


def to_the_minute(moment: datetime | None) -> datetime | None:
    """Return a moment as a form can be given it: its fields know no seconds, and what is typed is compared with it."""
    wall = local(moment)
    return wall.replace(second=0, microsecond=0) if wall is not None else None
