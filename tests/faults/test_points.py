"""A process killed at each of its fault points in turn: nothing is lost, doubled or stuck, on both databases."""

from datetime import date
from decimal import Decimal
from functools import partial

from sqlalchemy import func, select, update

from faults.points import SqliteConnection
from store.invariants import check
from store.tables import CaseEvent, CommandKey, Job
from tests.support.killed import killed_at
from tests.support.world import EVERYTHING, GENERAL
from worker.executor import LEASE
from worker.loop import drain
from workflows.handlers.jobs import JOBS
from workflows.handlers.policies import EndorsePolicy, endorse_policy
from workflows.handlers.work_items import complete_work_item
from workflows.soundness import check_states

WRITTEN = {
    "insert-case_event",
    "insert-command_key",
    "insert-hazard",
    "insert-work_item",
    "update-cases",
    "update-work_item",
    "commit",
}
UNPRINTED = JOBS.keys() - {"render_document", "seal_package"}
"""Typst prints with threads of its own, which a forked process does not have."""


def breaches(world):
    with world.runtime.database.read(EVERYTHING) as session:
        return [*check(session, files=world.runtime.files), *check_states(session)]


def completed(world, step):
    with world.runtime.database.read(EVERYTHING) as session:
        told = select(func.count()).where(CaseEvent.kind == "step.completed", CaseEvent.element == step)
        return session.scalar(told)


def test_a_step_killed_at_each_write_and_commit_happens_once(arrived):
    photo = arrived.walker.photo(arrived.item("record_visit"))
    hazard = {**GENERAL, "photos_before": [photo]}
    command, actor = arrived.walker.filled(arrived.item("record_visit"), hazards=[hazard])
    seen = []
    while name := killed_at(
        arrived.runtime, len(seen) + 1, lambda runtime: complete_work_item(runtime, command, actor)
    ):
        seen.append(name)
        assert not name.endswith("commit") or breaches(arrived) == [], f"killed at {name}"
        assert completed(arrived, "record_visit") == (name == "after-commit")
    assert seen[-1] == "after-commit"
    assert {point.partition("-")[2] for point in seen} >= WRITTEN
    assert seen.count("before-commit") == 1
    assert len([name for name in seen if name.startswith("before-")]) * 2 == len(seen)
    assert complete_work_item(arrived.runtime, command, actor) == arrived.cases("service_visit")[0].id
    assert completed(arrived, "record_visit") == 1
    with arrived.runtime.database.read(EVERYTHING) as session:
        assert session.scalar(select(func.count()).where(CommandKey.key == command.key)) == 1


def kill_workers(world):
    """Let one worker after the other begin and be killed, each a point later; return where they died."""
    seen = []
    while name := killed_at(world.runtime, len(seen) + 1, partial(drain, kinds=UNPRINTED)):
        seen.append(name)
        world.clock.at += LEASE * 2  # the dead worker's hold on its job is over
        with world.runtime.database.write(EVERYTHING) as session:
            session.execute(update(Job).values(attempt=0))  # there are more points than attempts
        assert not name.endswith("commit") or breaches(world) == [], f"killed at {name}"
    assert breaches(world) == []
    return {name.partition("-")[2] for name in seen}


def told(world, kind):
    with world.runtime.database.read(EVERYTHING) as session:
        return session.scalar(select(func.count()).where(CaseEvent.kind == kind))


def test_a_worker_killed_at_each_write_and_commit_does_a_job_once(agreed):
    """A policy was endorsed, which its cycle hears by a message."""
    command = EndorsePolicy(agreed.policy_id, agreed.clock.at.date(), Decimal(100))
    endorse_policy(agreed.runtime, command, agreed.actor("coordinator"))
    assert kill_workers(agreed) >= {"update-job", "update-message", "insert-case_event", "commit"}
    with agreed.runtime.database.read(EVERYTHING) as session:
        jobs = select(Job.state).where(Job.kind.in_(UNPRINTED))
        assert set(session.scalars(jobs)) == {"done"}
    assert told(agreed, "message.received") == 1


def test_a_worker_killed_at_each_write_and_commit_fires_a_timer_once(agreed):
    """The day has come on which the first visit is opened."""
    (cycle,) = agreed.cases("service_cycle")
    start = date.fromisoformat(cycle.variables["next_visit_start"])
    agreed.clock.pass_by(days=(start - agreed.clock.at.date()).days + 1)
    assert kill_workers(agreed) >= {"delete-timer", "insert-cases", "insert-visit", "commit"}
    assert len(agreed.cases("service_visit")) == 1


def test_a_connection_without_watch_is_the_drivers_own(database):
    with database.writing() as connection:
        assert not isinstance(connection.connection.driver_connection, SqliteConnection)
        assert type(connection.connection.driver_connection).__module__ in {"sqlite3", "psycopg"}
