"""The worker: one job after the other, each under a lease of its own; nothing that fails ends it."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from structlog.contextvars import merge_contextvars
from structlog.testing import capture_logs

from store import queue
from store.errors import LostLeaseError, NotYetError
from store.files import FileStore
from store.tables import Job
from tests.support.world import EVERYTHING, Clock
from worker.executor import LEASE, run_due_jobs
from worker.loop import run_worker
from worker.shift import Ending
from workflows.handlers.jobs import JOBS
from workflows.runtime import Runtime


@pytest.fixture
def runtime(database, tmp_path):
    """A runtime on an empty database, with a clock that the test moves."""
    return Runtime(database, FileStore(tmp_path / "files"), Clock())


def put(runtime, *kinds):
    """Queue jobs one second after the other, and let the last be due."""
    for kind in kinds:
        runtime.clock.pass_by(seconds=1)
        with runtime.database.write(EVERYTHING) as session:
            queue.enqueue(session, kind, {}, run_at=runtime.now())


def states(runtime):
    with runtime.database.read(EVERYTHING) as session:
        return dict(session.execute(select(Job.kind, Job.state).order_by(Job.id)).all())


def jobs_by_kind(runtime):
    with runtime.database.read(EVERYTHING) as session:
        return {kind: str(job_id) for kind, job_id in session.execute(select(Job.kind, Job.id))}


def another_worker(runtime):
    return [job.kind for job in queue.claim(runtime.database, runtime.now(), 9, LEASE)]


def test_a_job_that_waits_its_turn_is_free_for_another_worker(runtime, monkeypatch):
    taken = []
    monkeypatch.setitem(JOBS, "first", lambda own, _args: taken.extend(another_worker(own)))
    put(runtime, "first", "second")
    assert run_due_jobs(runtime) == 1
    assert taken == ["second"]


def test_long_work_that_says_so_is_not_begun_by_another_worker(runtime, monkeypatch):
    taken = []

    def work_long(own, _args):
        for _ in range(3):
            runtime.clock.pass_by(seconds=LEASE.total_seconds() - 1)
            own.still_at_work()
        taken.extend(another_worker(own))

    monkeypatch.setitem(JOBS, "long", work_long)
    put(runtime, "long")
    run_due_jobs(runtime)
    assert taken == []
    assert states(runtime) == {"long": "done"}


def test_a_job_that_was_taken_over_is_left_to_the_other(runtime, monkeypatch):
    def work_too_long(own, _args):
        runtime.clock.at += LEASE + timedelta(seconds=1)
        assert another_worker(own) == ["slow"]

    monkeypatch.setitem(JOBS, "slow", work_too_long)
    monkeypatch.setitem(JOBS, "quick", lambda _own, _args: None)
    put(runtime, "slow")
    assert run_due_jobs(runtime) == 1
    put(runtime, "quick")
    assert run_due_jobs(runtime) == 1
    assert states(runtime) == {"slow": "running", "quick": "done"}


def test_long_work_learns_that_it_was_taken_over(runtime, monkeypatch):
    learned = []

    def work_too_long(own, _args):
        runtime.clock.at += LEASE + timedelta(seconds=1)
        another_worker(own)
        with pytest.raises(LostLeaseError):
            own.still_at_work()
        learned.append(True)

    monkeypatch.setitem(JOBS, "slow", work_too_long)
    put(runtime, "slow")
    run_due_jobs(runtime)
    assert learned


def test_a_job_that_waits_for_another_comes_again_and_is_no_failure_to_tell_of(runtime, monkeypatch):
    def too_early(_own, _args):
        raise NotYetError("a paper is being printed")

    def fail(_own, _args):
        raise RuntimeError("the disk is full")

    monkeypatch.setitem(JOBS, "early", too_early)
    monkeypatch.setitem(JOBS, "broken", fail)
    put(runtime, "early", "broken")
    with capture_logs([merge_contextvars]) as told:
        run_due_jobs(runtime)
    assert [line["kind"] for line in told] == ["broken"]
    assert told[0]["job"] == jobs_by_kind(runtime)["broken"]
    with runtime.database.read(EVERYTHING) as session:
        assert {job.attempt for job in session.scalars(select(Job))} == {1}
    assert set(states(runtime).values()) == {"ready"}


def test_no_error_ends_the_worker(runtime):
    ending = Ending()

    def broken_clock():
        ending.wish()
        raise ZeroDivisionError

    run_worker(Runtime(runtime.database, runtime.files, broken_clock), ending)
    assert ending.is_wished
    ending.close()
