"""What happened to a record, as sentences; who did it by name."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from msgspec import Struct
from sqlalchemy import select
from sqlalchemy.orm import Session

from store.events import data_of
from store.scope import widened
from store.tables import Person, RecordEvent

SHOWN = 20


class HistoryLine(Struct, frozen=True):
    """One event of a record: its sentence, or nothing when it was told in figures only."""

    number: int
    kind: str
    at: datetime
    actor: str
    text: str
    hash: str


def latest_of(
    session: Session, record_kind: str, record_id: UUID, limit: int = SHOWN
) -> tuple[HistoryLine, ...]:
    """Return the last events of one record, latest first, to somebody who administers it."""
    query = (
        select(RecordEvent)
        .where(RecordEvent.record_kind == record_kind, RecordEvent.record_id == record_id)
        .order_by(RecordEvent.number.desc())
        .limit(limit)
    )
    with widened(session, "the history of a record that the person administers"):
        rows = session.scalars(query).all()
    names = names_of(session, {row.actor_id for row in rows if row.actor_id})
    return tuple(line_of(row, names) for row in rows)


def line_of(row: RecordEvent, names: dict[UUID, str]) -> HistoryLine:
    """Return how an event reads."""
    text = str(data_of(row.body).get("text", ""))
    actor = names.get(row.actor_id, "") if row.actor_id else ""
    return HistoryLine(row.number, row.kind, row.at, actor, text, row.hash)


def names_of(session: Session, ids: Collection[UUID]) -> dict[UUID, str]:
    """Return the names of people who acted."""
    if not ids:
        return {}
    with widened(session, "the names of those who acted"):
        rows = session.execute(select(Person.id, Person.name).where(Person.id.in_(sorted(ids)))).all()
    return {row[0]: row[1] for row in rows}
