"""What workers tell of themselves, and which of them are alive."""

from datetime import datetime, timedelta

from msgspec import Struct
from msgspec.structs import asdict
from sqlalchemy import delete, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from store.prepared import run
from store.tables import Worker

BEAT = timedelta(seconds=10)
"""How often a worker tells that it lives."""

SILENT = timedelta(seconds=60)
"""After which silence it counts as dead."""

_REMEMBERED = timedelta(days=1)


class Beat(Struct, frozen=True):
    """What a worker tells: since when it runs, what it does now, and what it has done."""

    name: str
    started_at: datetime
    seen_at: datetime
    busy_with: str
    busy_since: datetime | None
    jobs_done: int
    jobs_failed: int
    timers_tried: int


def note_worker(session: Session, beat: Beat) -> None:
    """Keep what a worker tells; forget those that have been silent for a day."""
    run(session, _NOTES[session.get_bind().dialect.name], asdict(beat))
    session.execute(delete(Worker).where(Worker.seen_at < beat.seen_at - _REMEMBERED))


def forget_worker(session: Session, name: str) -> None:
    """Forget a worker that ends in order."""
    session.execute(delete(Worker).where(Worker.name == name))


def workers(session: Session) -> list[Beat]:
    """Return what the workers have told, those heard last first."""
    rows = session.scalars(select(Worker).order_by(Worker.seen_at.desc(), Worker.name))
    return [Beat(**{name: getattr(row, name) for name in Beat.__struct_fields__}) for row in rows]


def last_seen(session: Session) -> datetime | None:
    """Return when a worker was last heard of."""
    return session.scalar(select(func.max(Worker.seen_at)))


_NOTES = {
    name: (made := insert(Worker.__table__)).on_conflict_do_update(  # type: ignore[arg-type]  # the class's table
        index_elements=["name"],
        set_={column: made.excluded[column] for column in Beat.__struct_fields__ if column != "name"},
    )
    for name, insert in (("sqlite", sqlite.insert), ("postgresql", postgresql.insert))
}
