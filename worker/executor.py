"""Runs jobs: claim a few, do each in its own transaction, mark it done or leave it for a later try."""

from collections.abc import Collection
from datetime import timedelta

import structlog

from store.queue import ClaimedJob, claim, fail, finish
from store.scope import Scope
from workflows.handlers.jobs import JOBS
from workflows.runtime import Runtime

log = structlog.get_logger()
BATCH = 20
LEASE = timedelta(minutes=2)
_SCOPE = Scope.everything("a worker finishes its job")


def run_due_jobs(runtime: Runtime, limit: int = BATCH, kinds: Collection[str] | None = None) -> int:
    """Run the jobs that are due now; return how many were claimed. A job that raises is tried again later."""
    jobs = claim(runtime.database, runtime.now(), limit, LEASE, kinds)
    for job in jobs:
        _run(runtime, job)
    return len(jobs)


def _run(runtime: Runtime, job: ClaimedJob) -> None:
    try:
        JOBS[job.kind](runtime, job.args)
    except Exception as error:  # noqa: BLE001 — a job may fail in any way; it must not stop the others
        log.warning("job_failed", job=str(job.id), kind=job.kind, error=type(error).__name__)
        fail(runtime.database, job, runtime.now(), f"{type(error).__name__}: {error}")
    else:
        with runtime.database.write(_SCOPE) as session:
            finish(session, job, runtime.now())
