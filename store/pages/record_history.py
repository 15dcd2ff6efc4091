"""What happened to a record of the registers: its events, latest first."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from msgspec import Struct
from sqlalchemy import select
from sqlalchemy.orm import Session

from store.events import data_of
from store.scope import widened
from store.tables import Person, RecordEvent
from store.types import JsonObject

SHOWN = 20


class RecordChange(Struct, frozen=True):
    """One event: what happened, when, by whom (empty = the product itself)."""

    kind: str
    at: datetime
    person: str
    data: JsonObject


def changes_of(session: Session, kind: str, record_ids: Sequence[UUID]) -> list[RecordChange]:
    """Return the events of records that the caller has already found visible to the person."""
    query = select(RecordEvent).where(RecordEvent.record_kind == kind, RecordEvent.record_id.in_(record_ids))
    query = query.order_by(RecordEvent.at.desc(), RecordEvent.number.desc()).limit(SHOWN)
    with widened(session, "the history of a record that its reader sees"):
        events = session.scalars(query).all()
        actors = {event.actor_id for event in events if event.actor_id is not None}
        rows = session.execute(select(Person.id, Person.name).where(Person.id.in_(actors)))
        names: dict[UUID | None, str] = {person_id: name for person_id, name in rows}  # noqa: C416  # rows are not tuples to mypy
    return [
        RecordChange(event.kind, event.at, names.get(event.actor_id, ""), data_of(event.body))
        for event in events
    ]
