"""Cases that may go over to another release, and what came of those that were sent there."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from msgspec import Struct
from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from store.events import data_of
from store.scope import widened
from store.tables import Case, RecordEvent

PAGE = 200
_RUNS = 40
_RUNNING = ("open", "suspended")


class RunLine(Struct, frozen=True):
    """What was ordered, or what came of it."""

    at: datetime
    text: str


def running_on(
    session: Session, release_id: UUID, *, after: UUID | None = None, only: UUID | None = None
) -> tuple[Sequence[Case], UUID | None]:
    """Return one page of running cases on a release with their states, oldest first, and where the next begins."""
    query = select(Case).where(Case.release_id == release_id, Case.status.in_(_RUNNING))
    if after is not None:
        query = query.where(Case.id > after)
    if only is not None:
        query = query.where(Case.id == only)
    query = query.options(undefer(Case.state)).order_by(Case.id).limit(PAGE + 1)
    with widened(session, "operations staff move cases to another release"):
        found = session.scalars(query).all()
    return found[:PAGE], found[PAGE - 1].id if len(found) > PAGE else None


def runs_of(session: Session, process: str) -> tuple[RunLine, ...]:
    """Return what was ordered and done lately for a process, the latest first."""
    query = select(RecordEvent).where(RecordEvent.record_kind == "migration")
    query = query.order_by(RecordEvent.record_id.desc(), RecordEvent.number.desc()).limit(_RUNS)
    with widened(session, "operations staff move cases to another release"):
        rows = session.scalars(query).all()
    told = [(row.at, data_of(row.body)) for row in rows]
    return tuple(RunLine(at, str(data["text"])) for at, data in told if data.get("process") == process)
