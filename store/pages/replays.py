"""What the last replay of a release or draft has found. Counts are for designers; a case is named to who may see it."""

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from msgspec import Struct
from sqlalchemy import select
from sqlalchemy.orm import Session

from store.events import data_of
from store.scope import widened
from store.tables import Case, RecordEvent
from store.types import JsonObject


class ReplayRow(Struct, frozen=True):
    """The last replay: when it was asked for, and when it was done with what result, if it is."""

    asked_at: datetime
    done_at: datetime | None
    found: JsonObject


def last_replay(session: Session, subject_id: UUID) -> ReplayRow | None:
    """Return the last replay of a release or draft, None if there was none."""
    query = (
        select(RecordEvent.kind, RecordEvent.at, RecordEvent.body)
        .where(RecordEvent.record_kind == "replay", RecordEvent.record_id == subject_id)
        .order_by(RecordEvent.number.desc())
        .limit(2)
    )
    with widened(session, "counts of a replay"):
        rows = session.execute(query).all()
    if not rows:
        return None
    if rows[0].kind == "replay.done":
        return ReplayRow(rows[-1].at, rows[0].at, data_of(rows[0].body))
    return ReplayRow(rows[0].at, None, {})


def visible_cases(session: Session, ids: Collection[UUID]) -> Mapping[UUID, str]:
    """Return the numbers of those of the cases that the reader may see."""
    if not ids:
        return {}
    rows = session.execute(select(Case.id, Case.number).where(Case.id.in_(ids)))
    return {row.id: row.number for row in rows}
