"""How the installation runs, in figures: workers, jobs, late timers, incidents. They name no case and no person."""

from datetime import datetime, timedelta

from msgspec import Struct
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from store.tables import Case, Incident, Job, Timer
from store.tables.operation import READY
from store.workers import SILENT, Beat, workers

LATE = timedelta(minutes=1)
"""After which a timer that is due counts as late."""

COUNTED_AT_MOST = 1000


class Waiting(Struct, frozen=True):
    """Jobs of one kind that are not done: how many, and when the first of them was to run."""

    kind: str
    count: int
    oldest: datetime


class Running(Struct, frozen=True):
    """What is going on at one moment."""

    at: datetime
    workers: tuple[Beat, ...]
    jobs: tuple[Waiting, ...]
    dead_jobs: int
    late_timers: int
    """Counted up to `COUNTED_AT_MOST`."""
    first_late: datetime | None
    incidents: dict[str, int]
    """Open ones by kind."""

    @property
    def alive(self) -> int:
        """How many workers have told lately that they live."""
        return sum(self.is_alive(beat) for beat in self.workers)

    @property
    def waiting(self) -> int:
        """How many jobs are not done."""
        return sum(each.count for each in self.jobs)

    def is_alive(self, beat: Beat) -> bool:
        """Tell whether a worker has told lately that it lives."""
        return self.at - beat.seen_at <= SILENT

    def delay(self, since: datetime | None) -> float:
        """Return for how many seconds something has been due."""
        return max((self.at - since).total_seconds(), 0.0) if since else 0.0


def running(session: Session, now: datetime) -> Running:
    """Return the figures of this moment; the session sees everything."""
    by_kind = select(Job.kind, func.count(), func.min(Job.run_at)).where(READY)
    late = (
        select(Timer.due_at)
        .join(Case, Case.id == Timer.case_id)
        .where(Timer.due_at <= now - LATE, Case.status == "open")
        .order_by(Timer.due_at)
        .limit(COUNTED_AT_MOST)
        .subquery()
    )
    late_timers, first_late = session.execute(select(func.count(), func.min(late.c.due_at))).one()
    open_ones = select(Incident.kind, func.count()).where(Incident.status == "open")
    return Running(
        at=now,
        workers=tuple(workers(session)),
        jobs=tuple(Waiting(*row) for row in session.execute(by_kind.group_by(Job.kind).order_by(Job.kind))),
        dead_jobs=session.scalar(select(func.count()).where(Job.state == "dead")) or 0,
        late_timers=late_timers,
        first_late=first_late,
        incidents=dict(session.execute(open_ones.group_by(Incident.kind)).all()),
    )
