"""Runs jobs one after the other: claim one, do it, mark it done or leave it for a later try."""

from collections.abc import Collection
from datetime import timedelta

import structlog
from msgspec.structs import replace
from structlog.contextvars import bind_contextvars, clear_contextvars

from store.errors import LostLeaseError, NotYetError
from store.queue import ClaimedJob, claim, extend, fail, finish
from store.scope import Scope
from worker.shift import Shift
from workflows.handlers.jobs import JOBS
from workflows.runtime import Runtime
from workflows.verbs.timeouts import JOBS as VERB_JOBS

log = structlog.get_logger()
BATCH = 20
LEASE = timedelta(minutes=2)
_SCOPE = Scope.everything("a worker finishes its job")


def run_due_jobs(
    runtime: Runtime,
    limit: int = BATCH,
    kinds: Collection[str] | None = None,
    shift: Shift | None = None,
) -> int:
    """Run up to `limit` jobs that are due now, fewer if the shift ends; return how many were claimed.

    Each is claimed when its turn has come, so that its lease covers its own work alone. A job that raises is tried
    again later; one that another worker has taken over meanwhile is left to that worker.
    """
    shift = shift or Shift()
    for done in range(limit):
        now = runtime.now()
        jobs = [] if shift.is_over else claim(runtime.database, now, 1, LEASE, kinds, shift.name)
        if not jobs:
            return done
        clear_contextvars()
        bind_contextvars(job=str(jobs[0].id), kind=jobs[0].kind)
        try:
            with shift.busy(jobs[0].kind, now):
                is_done = _run(runtime, jobs[0])
        except LostLeaseError as error:
            log.warning("job_taken_over", error=str(error))
        else:
            shift.jobs_done += is_done
            shift.jobs_failed += not is_done
    return limit


def _run(runtime: Runtime, job: ClaimedJob) -> bool:
    """Do a job and mark it done, or leave it for a later try; tell which."""

    def still_at_work() -> None:
        extend(runtime.database, job, runtime.now(), LEASE)

    try:
        (JOBS.get(job.kind) or VERB_JOBS[job.kind])(replace(runtime, still_at_work=still_at_work), job.args)
    except LostLeaseError:
        raise
    except Exception as error:  # noqa: BLE001 — a job may fail in any way; it must not stop the others
        if not isinstance(error, NotYetError):
            log.warning("job_failed", attempt=job.attempt, error=type(error).__name__)
        fail(runtime.database, job, runtime.now(), f"{type(error).__name__}: {error}")
        return False
    with runtime.database.write(_SCOPE) as session:
        finish(session, job, runtime.now())
    return True
