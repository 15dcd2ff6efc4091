"""Jobs: what is to be done after the commit, by a worker that may die at any moment.

`enqueue` joins the caller's transaction. A worker claims a job under a lease and a fresh token; only
the last token may extend, finish or fail it. A job whose lease ran out is claimed again. A worker that
dies between the job's effect and its end leaves it to be done twice, so doing a job again does no harm.
"""

import random
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from msgspec import Struct
from sqlalchemy import ColumnElement, and_, bindparam, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from store.database import Database
from store.errors import LostLeaseError
from store.plans import Values
from store.prepared import run
from store.scope import Scope, widened
from store.tables import Job
from store.types import JsonObject, new_id

MAX_ATTEMPTS = 12
WORKER_DIED = "WorkerDied"
"""Why a job is dead whose workers told nothing."""
_LONGEST_WAIT = timedelta(hours=1)
_SCOPE = Scope.everything("the job queue")


class ClaimedJob(Struct, frozen=True):
    """A job in a worker's hands until `lease_until`; `attempt` counts from 1."""

    id: UUID
    key: str | None
    kind: str
    args: JsonObject
    attempt: int
    token: UUID
    lease_until: datetime


def enqueue(
    session: Session, kind: str, args: Mapping[str, object], *, run_at: datetime, key: str | None = None
) -> None:
    """Queue a job in this transaction. A key that was ever queued before queues nothing."""
    _insert(session, [_ready(kind, key, args, run_at)])


def enqueue_all(
    session: Session, kind: str, args_by_key: Mapping[str, Mapping[str, object]], *, run_at: datetime
) -> None:
    """Queue many jobs of one kind in this transaction, each under its key; known keys queue nothing."""
    if args_by_key:
        _insert(session, [_ready(kind, key, args, run_at) for key, args in args_by_key.items()])


def _ready(kind: str, key: str | None, args: Mapping[str, object], run_at: datetime) -> Values:
    row = {"id": new_id(run_at), "key": key, "kind": kind, "args": dict(args)}
    return row | {"run_at": run_at, "state": "ready", "attempt": 0}


def _insert(session: Session, rows: list[Values]) -> None:
    with widened(session, "the job queue"):
        run(session, _INSERTS[session.get_bind().dialect.name], rows)


_INSERTS = {
    name: insert(Job.__table__).on_conflict_do_nothing(index_elements=["key"])  # type: ignore[arg-type]  # the class's table
    for name, insert in (("sqlite", sqlite.insert), ("postgresql", postgresql.insert))
}


def claim(
    database: Database,
    now: datetime,
    limit: int,
    lease: timedelta,
    kinds: Collection[str] | None = None,
    worker: str = "",
) -> list[ClaimedJob]:
    """Take up to `limit` due jobs, oldest first, each for the length of the lease; of these kinds only.

    A job whose last worker left it without a word at the last attempt is dead.
    """
    due = select(Job).where(_claimable(now)).order_by(Job.run_at, Job.id).limit(limit)
    if kinds is not None:
        due = due.where(Job.kind.in_(kinds))
    with database.write(_SCOPE) as session:
        while jobs := session.scalars(due.with_for_update(skip_locked=True)).all():
            if taken := [_take(job, worker, now, lease) for job in jobs if not _is_given_up(job, now)]:
                return taken
        return []


def extend(database: Database, job: ClaimedJob, now: datetime, lease: timedelta) -> None:
    """Keep a job for another lease: the heartbeat of long work. Raises: LostLeaseError."""
    with database.write(_SCOPE) as session:
        _change(session, job, lease_until=now + lease)


def finish(session: Session, job: ClaimedJob, now: datetime) -> None:
    """Mark a job done; what else this transaction did is undone with it. Raises: LostLeaseError."""
    _change(session, job, state="done", finished_at=now, lease_until=None, last_error="")


def fail(database: Database, job: ClaimedJob, now: datetime, error: str) -> bool:
    """Put a job back with a growing delay; after the last attempt it is dead, and the answer is True."""
    is_dead = job.attempt >= MAX_ATTEMPTS
    with database.write(_SCOPE) as session:
        if is_dead:
            _change(session, job, state="dead", finished_at=now, lease_until=None, last_error=error)
        else:
            wait = backoff(job.attempt)
            _change(session, job, state="ready", run_at=now + wait, lease_until=None, last_error=error)
    return is_dead


def backoff(attempt: int) -> timedelta:
    """Return how long to wait after this failed attempt: 2ⁿ seconds, at most an hour, with jitter."""
    wait = min(timedelta(seconds=2**attempt), _LONGEST_WAIT)
    return wait * random.uniform(0.8, 1.2)  # noqa: S311  # spreads retries, guards nothing


def _claimable(now: datetime) -> ColumnElement[bool]:
    waiting = Job.state.in_(("ready", "running"))
    return and_(waiting, Job.run_at <= now, or_(Job.state == "ready", Job.lease_until < now))


def _is_given_up(job: Job, now: datetime) -> bool:
    """Give a job up that has used all its attempts; tell whether it has."""
    if job.attempt < MAX_ATTEMPTS:
        return False
    job.state, job.finished_at, job.lease_until, job.last_error = "dead", now, None, WORKER_DIED
    return True


def _take(job: Job, worker: str, now: datetime, lease: timedelta) -> ClaimedJob:
    """Let a job run under a fresh token: the attempt counts now, since a worker that dies tells nothing."""
    token, until = uuid4(), now + lease
    job.state, job.token, job.worker, job.lease_until = "running", token, worker, until
    job.attempt += 1
    return ClaimedJob(job.id, job.key, job.kind, job.args, job.attempt, token, until)


def _change(session: Session, job: ClaimedJob, **values: object) -> None:
    """Change a job that is still ours."""
    mine = _MINE.values(**{name: bindparam(f"new_{name}") for name in values})
    asked = {"job": job.id, "mine": job.token, **{f"new_{name}": value for name, value in values.items()}}
    with widened(session, "the job queue"):
        changed = run(session, mine, asked).rowcount
    if not changed:
        raise LostLeaseError(f"job {job.id} ({job.kind}) was taken over")


_MINE = update(Job.__table__).where(  # type: ignore[arg-type]  # the class's table
    Job.id == bindparam("job"), Job.token == bindparam("mine"), Job.state == "running"
)
