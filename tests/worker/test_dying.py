"""Workers that are killed at their work, as processes of their own."""

import os
import signal
from datetime import timedelta

import pytest
from sqlalchemy import select

from store import queue
from store.files import FileStore
from store.tables import Job
from tests.support.killed import exit_code
from tests.support.world import EVERYTHING, Clock
from worker.executor import LEASE, run_due_jobs
from workflows.handlers.jobs import JOBS
from workflows.runtime import Runtime


@pytest.fixture
def runtime(database, tmp_path):
    """A runtime on an empty database, with a clock that the test moves."""
    return Runtime(database, FileStore(tmp_path / "files"), Clock())


def put(runtime, kind, **args):
    with runtime.database.write(EVERYTHING) as session:
        queue.enqueue(session, kind, args, run_at=runtime.now())


def jobs(runtime):
    with runtime.database.read(EVERYTHING) as session:
        return session.scalars(select(Job).order_by(Job.run_at, Job.id)).all()


def die(_runtime, _args):
    os.kill(os.getpid(), signal.SIGKILL)


def test_a_job_that_kills_its_worker_each_time_is_dead_after_twelve(runtime, monkeypatch):
    monkeypatch.setitem(JOBS, "deadly", die)
    monkeypatch.setitem(JOBS, "harmless", lambda _own, _args: None)
    put(runtime, "deadly")
    for _ in range(queue.MAX_ATTEMPTS):
        assert exit_code(runtime, run_due_jobs) == -signal.SIGKILL
        runtime.clock.at += LEASE + timedelta(seconds=1)
    put(runtime, "harmless")
    assert run_due_jobs(runtime) == 1
    deadly, harmless = jobs(runtime)
    assert (deadly.state, deadly.attempt, deadly.last_error) == ("dead", 12, queue.WORKER_DIED)
    assert harmless.state == "done"
