"""Commands on queued jobs: run one again, or give it up with a reason."""

from collections.abc import Iterable
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from store.scope import Scope
from store.tables import Job
from workflows.administration import LONGEST_REASON, SYSTEM, one_line, reason_of, require, tell
from workflows.errors import NotFoundError, RuleRefusedError
from workflows.people import Actor
from workflows.runtime import Runtime

READY, DEAD, DISCARDED = "ready", "dead", "discarded"
AT_ONCE: Final = 100
_REASON = "a system administrator looks after jobs"


def retry_job(runtime: Runtime, job_id: UUID, actor: Actor, reason: str = "") -> None:
    """Let a job that is dead or waits for a later try run now.

    Raises: NotAllowedError, NotFoundError, RuleRefusedError.
    """
    require(actor, SYSTEM, "jobs")
    now = runtime.now()
    with runtime.database.write(Scope.everything(_REASON), now=now, actor=actor.person_id) as session:
        job = _job(session, job_id)
        if job.state not in {READY, DEAD}:
            raise RuleRefusedError("这个任务不用重试：它正在做，或者已经做完了")
        job.state, job.run_at, job.attempt, job.finished_at = READY, now, 0, None
        said = one_line(reason)[:LONGEST_REASON]
        text = f"{actor.name}让任务马上再做一次" + (f"：{said}" if said else "")
        tell(session, ("job", job.id), "retried", text, actor, now, job=job.kind, reason=said)


def retry_dead_jobs(runtime: Runtime, job_ids: Iterable[UUID], actor: Actor, reason: str = "") -> int:
    """Let many run again; returns how many do."""
    done = 0
    for job_id in list(dict.fromkeys(job_ids))[:AT_ONCE]:
        try:
            retry_job(runtime, job_id, actor, reason)
        except (RuleRefusedError, NotFoundError):
            continue
        done += 1
    return done


def discard_job(runtime: Runtime, job_id: UUID, reason: str, actor: Actor) -> None:
    """Give up a dead job. Raises: NotAllowedError, NotFoundError, RuleRefusedError."""
    require(actor, SYSTEM, "jobs")
    told, now = reason_of(reason), runtime.now()
    with runtime.database.write(Scope.everything(_REASON), now=now, actor=actor.person_id) as session:
        job = _job(session, job_id)
        if job.state != DEAD:
            raise RuleRefusedError("只有做不成的任务才能放弃")
        job.state, job.finished_at = DISCARDED, now
        text = f"{actor.name}放弃任务：{told}"
        tell(session, ("job", job.id), "discarded", text, actor, now, job=job.kind, reason=told)


def discard_dead_jobs(runtime: Runtime, job_ids: Iterable[UUID], reason: str, actor: Actor) -> int:
    """Give many dead jobs up for one reason; returns how many. Raises: RuleRefusedError without a reason."""
    told, done = reason_of(reason), 0
    for job_id in list(dict.fromkeys(job_ids))[:AT_ONCE]:
        try:
            discard_job(runtime, job_id, told, actor)
        except (RuleRefusedError, NotFoundError):
            continue
        done += 1
    return done


def _job(session: Session, job_id: UUID) -> Job:
    job = session.get(Job, job_id, with_for_update=True)
    if job is None:
        raise NotFoundError(kind="job", id=str(job_id))
    return job
