"""Workers as processes of their own: several at once, killed at their work, and asked to end."""

import os
import signal
import time
from datetime import timedelta

import pytest
from sqlalchemy import select

from store import queue
from store.files import FileStore
from store.tables import Dictionary, Job, Worker
from tests.support.killed import begun, ended
from tests.support.world import EVERYTHING, Clock
from worker import loop
from worker.executor import LEASE, run_due_jobs
from worker.loop import drain, run_worker
from worker.shift import Ending
from workflows.handlers.jobs import JOBS
from workflows.runtime import Runtime, wall_clock

WORKERS, LONGEST_WAIT = 3, 20.0


@pytest.fixture
def runtime(database, tmp_path):
    """A runtime on an empty database, with a clock that the test moves."""
    return Runtime(database, FileStore(tmp_path / "files"), Clock())


@pytest.fixture
def on_time(runtime):
    """The same by the wall clock, which a worker that sleeps goes by."""
    return Runtime(runtime.database, runtime.files, wall_clock)


def put(runtime, kind, count=1):
    with runtime.database.write(EVERYTHING) as session:
        for n in range(count):
            queue.enqueue(session, kind, {"n": n}, run_at=runtime.now())


def jobs(runtime):
    with runtime.database.read(EVERYTHING) as session:
        return session.scalars(select(Job).order_by(Job.run_at, Job.id)).all()


def effects(runtime):
    """Return what jobs have left behind."""
    with runtime.database.read(EVERYTHING) as session:
        return session.scalars(select(Dictionary.code).where(Dictionary.name == "effect")).all()


def leave(runtime, args):
    """Leave an effect; a second one of the same job is refused by the table."""
    with runtime.database.write(EVERYTHING) as session:
        session.add(Dictionary(name="effect", code=str(args["n"]), label=str(os.getpid())))


def die(_runtime, _args):
    os.kill(os.getpid(), signal.SIGKILL)


def leave_and_die(runtime, args):
    """Do what is left to do; be killed after each second effect, before the job is marked done."""
    if str(args["n"]) not in effects(runtime):
        leave(runtime, args)
        if args["n"] % 2:
            die(runtime, args)


def at_work(on_time):
    """Let a worker begin, and wait until it has told that it lives."""

    def work(own):
        ending = Ending()
        signal.signal(signal.SIGTERM, ending.wish)
        run_worker(own, ending)

    child = begun(on_time, work)
    wait_for(lambda: living(on_time))
    return child


def living(runtime):
    with runtime.database.read(EVERYTHING) as session:
        return session.scalars(select(Worker.name)).all()


def wait_for(claim):
    limit = time.monotonic() + LONGEST_WAIT
    while not claim():
        assert time.monotonic() < limit, "it does not happen"
        time.sleep(0.02)


def test_several_workers_at_once_do_each_job_once(runtime, monkeypatch):
    monkeypatch.setitem(JOBS, "leave", leave)
    put(runtime, "leave", 30)
    assert {ended(child) for child in [begun(runtime, drain) for _ in range(WORKERS)]} == {0}
    assert {(job.state, job.attempt) for job in jobs(runtime)} == {("done", 1)}
    assert len(effects(runtime)) == 30
    assert all(job.worker for job in jobs(runtime))


def test_workers_killed_between_effect_and_end_leave_each_effect_once(runtime, monkeypatch):
    monkeypatch.setitem(JOBS, "leave", leave_and_die)
    put(runtime, "leave", 6)
    endings = []
    while any(job.state != "done" for job in jobs(runtime)):
        endings += [ended(child) for child in [begun(runtime, drain) for _ in range(WORKERS)]]
        runtime.clock.at += LEASE + timedelta(seconds=1)
    assert endings.count(-signal.SIGKILL) == 3
    assert sorted(effects(runtime)) == ["0", "1", "2", "3", "4", "5"]


def test_a_job_that_kills_its_worker_each_time_is_dead_after_twelve(runtime, monkeypatch):
    monkeypatch.setitem(JOBS, "deadly", die)
    monkeypatch.setitem(JOBS, "harmless", lambda _own, _args: None)
    put(runtime, "deadly")
    for _ in range(queue.MAX_ATTEMPTS):
        assert ended(begun(runtime, run_due_jobs)) == -signal.SIGKILL
        runtime.clock.at += LEASE + timedelta(seconds=1)
    put(runtime, "harmless")
    assert run_due_jobs(runtime) == 1
    deadly, harmless = jobs(runtime)
    assert (deadly.state, deadly.attempt, deadly.last_error) == ("dead", 12, queue.WORKER_DIED)
    assert harmless.state == "done"


def test_a_worker_that_is_asked_to_end_finishes_its_job_and_begins_no_other(on_time, monkeypatch):
    def linger(own, args):
        leave(own, {"n": f"begun {args['n']}"})
        wait_for(lambda: "go on" in effects(own))
        leave(own, args)

    monkeypatch.setitem(JOBS, "linger", linger)
    child = at_work(on_time)
    put(on_time, "linger", 2)
    wait_for(lambda: effects(on_time))
    os.kill(child, signal.SIGTERM)
    leave(on_time, {"n": "go on"})
    assert ended(child) == 0
    assert [job.state for job in jobs(on_time) if job.kind == "linger"] == ["done", "ready"]
    assert sorted(effects(on_time)) == ["0", "begun 0", "go on"]
    assert living(on_time) == []


def test_a_sleeping_worker_wakes_for_a_job_and_for_its_end(on_time, monkeypatch):
    """SQLite has no bell: there it looks each second."""
    is_ringing = on_time.database.dialect == "postgresql"
    monkeypatch.setitem(loop.POLL_SECONDS, "postgresql", 60.0)
    monkeypatch.setitem(JOBS, "leave", leave)
    child = at_work(on_time)
    put(on_time, "leave")
    wait_for(
        lambda: {job.state for job in jobs(on_time)} == {"done", "ready"}
    )  # the check of the night waits
    time.sleep(0.3)  # it has gone to sleep
    began = time.monotonic()
    with on_time.database.write(EVERYTHING) as session:
        queue.enqueue(session, "leave", {"n": "second"}, run_at=on_time.now())
    wait_for(lambda: "second" in effects(on_time))
    os.kill(child, signal.SIGTERM)
    assert ended(child) == 0
    assert time.monotonic() - began < (5 if is_ringing else 10)
