"""What of the background work is still to be done, seen from outside; and a job that always fails."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select, update

from bench.visits import SCOPE
from store.queue import enqueue
from store.tables import Case, Job, Timer
from workflows.runtime import Runtime, legal_day

POISON = "poison"
"""No worker knows this kind."""


def is_busy(runtime: Runtime) -> bool:
    """Tell whether a job or a timer is due, or a job in somebody's hands."""
    now = runtime.now()
    due = or_(Job.state == "running", and_(Job.state == "ready", Job.run_at <= now))
    ripe = (
        select(Timer.id)
        .join(Case, Case.id == Timer.case_id)
        .where(Timer.due_at <= now, Case.status == "open")
    )
    with runtime.database.read(SCOPE) as session:
        jobs = session.scalar(select(func.count()).where(due, Job.kind != POISON))
        return bool(jobs) or session.scalar(ripe.limit(1)) is not None


def queue_work(runtime: Runtime, key: str, case_id: UUID) -> None:
    """Queue a job that does no harm, so that the worker has something in hand."""
    args = {"case_id": str(case_id), "year": str(legal_day(runtime.now()).year)}
    with runtime.database.write(SCOPE) as session:
        enqueue(session, "recompute_deadlines", args, run_at=runtime.now(), key=f"work-{key}")


def queue_poison(runtime: Runtime, key: str) -> None:
    """Queue a job that fails each time."""
    with runtime.database.write(SCOPE) as session:
        enqueue(session, POISON, {}, run_at=runtime.now(), key=key)


def poison_attempts(runtime: Runtime) -> int:
    """Return how often it was tried."""
    with runtime.database.read(SCOPE) as session:
        return session.scalar(select(func.sum(Job.attempt)).where(Job.kind == POISON)) or 0


def is_poisoned(runtime: Runtime) -> bool:
    """Tell whether it will be tried again."""
    with runtime.database.read(SCOPE) as session:
        return session.scalar(select(Job.id).where(_tried_again()).limit(1)) is not None


def until_poison(runtime: Runtime) -> timedelta:
    """Return after how long its next try is due."""
    with runtime.database.read(SCOPE) as session:
        due = session.scalar(select(func.max(Job.run_at)).where(_tried_again()))
    return max(due - runtime.now() + timedelta(seconds=1), timedelta(0)) if due is not None else timedelta(0)


def discard_poison(runtime: Runtime) -> None:
    """Give it up, as a system administrator does."""
    with runtime.database.write(SCOPE) as session:
        session.execute(update(Job).where(Job.kind == POISON).values(state="discarded"))


def _tried_again() -> ColumnElement[bool]:
    return and_(Job.kind == POISON, Job.state.in_(("ready", "running")))
