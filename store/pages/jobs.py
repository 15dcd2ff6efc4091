"""The page of queued jobs: what waits, what runs, what could not be done."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from msgspec import Struct
from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session

from store.pages.keyset import PAGE, before
from store.tables import Job

COUNTED_AT_MOST = 1000


class JobView(StrEnum):
    """What part of the queue is looked at."""

    DEAD = "dead"
    FAILING = "failing"
    RUNNING = "running"
    WAITING = "waiting"
    DISCARDED = "discarded"
    DONE = "done"


class JobRow(Struct, frozen=True):
    """A job: its kind and how it went. `error` is the name of what went wrong, nothing of its words."""

    id: UUID
    kind: str
    state: str
    run_at: datetime
    attempt: int
    error: str
    finished_at: datetime | None


class JobPage(Struct, frozen=True):
    """One page of the list, and the id behind which the next one begins."""

    rows: tuple[JobRow, ...]
    next: UUID | None


def jobs(session: Session, view: JobView, *, after: UUID | None = None) -> JobPage:
    """Return one page, those queued last first."""
    query = select(Job).where(_condition(view))
    if after is not None:
        query = query.where(before((Job.id,), (after,)))
    found = session.scalars(query.order_by(Job.id.desc()).limit(PAGE + 1)).all()
    rows = tuple(
        JobRow(
            id=row.id,
            kind=row.kind,
            state=row.state,
            run_at=row.run_at,
            attempt=row.attempt,
            error=row.last_error.partition(":")[0][:60],
            finished_at=row.finished_at,
        )
        for row in found[:PAGE]
    )
    return JobPage(rows, rows[-1].id if len(found) > PAGE else None)


def job_counts(session: Session) -> dict[JobView, int]:
    """Return how many lie in each view; each count stops at `COUNTED_AT_MOST`."""
    counted = {}
    for view in JobView:
        some = select(Job.id).where(_condition(view)).limit(COUNTED_AT_MOST).subquery()
        counted[view] = session.scalar(select(func.count()).select_from(some)) or 0
    return counted


def _condition(view: JobView) -> ColumnElement[bool]:
    if view is JobView.FAILING:
        return and_(Job.state == "ready", Job.attempt > 0)
    if view is JobView.WAITING:
        return and_(Job.state == "ready", Job.attempt == 0)
    return Job.state == view.value
