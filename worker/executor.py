"""Runs jobs one after the other: claim one, do it, mark it done or leave it for a later try."""

from collections.abc import Collection
from dataclasses import replace
from datetime import timedelta

import structlog

from store.errors import LostLeaseError, NotYetError
from store.queue import ClaimedJob, claim, extend, fail, finish
from store.scope import Scope
from workflows.handlers.jobs import JOBS
from workflows.runtime import Runtime
from workflows.verbs.timeouts import JOBS as VERB_JOBS

log = structlog.get_logger()
BATCH = 20
LEASE = timedelta(minutes=2)
_SCOPE = Scope.everything("a worker finishes its job")


def run_due_jobs(runtime: Runtime, limit: int = BATCH, kinds: Collection[str] | None = None) -> int:
    """Run up to `limit` jobs that are due now; return how many were claimed.

    Each is claimed when its turn has come, so that its lease covers its own work alone. A job that raises is tried
    again later; one that another worker has taken over meanwhile is left to that worker.
    """
    for done in range(limit):
        jobs = claim(runtime.database, runtime.now(), 1, LEASE, kinds)
        if not jobs:
            return done
        try:
            _run(runtime, jobs[0])
        except LostLeaseError as error:
            log.warning("job_taken_over", error=str(error))
    return limit


def _run(runtime: Runtime, job: ClaimedJob) -> None:
    def still_at_work() -> None:
        extend(runtime.database, job, runtime.now(), LEASE)

    try:
        (JOBS.get(job.kind) or VERB_JOBS[job.kind])(replace(runtime, still_at_work=still_at_work), job.args)
    except LostLeaseError:
        raise
    except Exception as error:  # noqa: BLE001 — a job may fail in any way; it must not stop the others
        if not isinstance(error, NotYetError):
            log.warning("job_failed", job=str(job.id), kind=job.kind, error=type(error).__name__)
        fail(runtime.database, job, runtime.now(), f"{type(error).__name__}: {error}")
    else:
        with runtime.database.write(_SCOPE) as session:
            finish(session, job, runtime.now())
