"""Due timers: each in a command of its own; one that fails is tried again later, and stops nobody."""

from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import delete, select, update

from store.queue import MAX_ATTEMPTS
from store.tables import Incident, Notice, Timer
from store.types import FAR_FUTURE
from tests.support.waiting import while_locked
from tests.support.world import EVERYTHING
from worker.loop import drain, tick
from workflows.handlers.repairs import retry_incident
from workflows.handlers.timers import due_timers, fire_timer

DAY, LATE = timedelta(days=1), timedelta(hours=1)


@pytest.fixture
def begun(pasts, tmp_path):
    """A city whose first step waits, with a reminder for tomorrow."""
    with pasts.until("begun").again(tmp_path) as world:
        (item,) = world.items()
        add_timer(
            world,
            task_id=item.task_id,
            purpose="reminder",
            payload={"work_item_id": str(item.id), "label": "明天"},
        )
        yield world


def add_timer(world, **values):
    (case,) = world.cases("service_cycle")
    with world.runtime.database.write(EVERYTHING) as session:
        session.add(Timer(**{"case_id": case.id, "due_at": world.clock.at + DAY, **values}))


def reminders(world):
    with world.runtime.database.read(EVERYTHING) as session:
        query = select(Timer).where(Timer.purpose == "reminder")
        return session.scalars(query.order_by(Timer.due_at, Timer.id)).all()


def poison(world):
    """Let the next reminder be due, and carry what nobody can read; return it."""
    first = reminders(world)[0]
    with world.runtime.database.write(EVERYTHING) as session:
        session.execute(update(Timer).where(Timer.id == first.id).values(payload={"work_item_id": "?"}))
    world.clock.at = first.due_at + LATE
    return first


def incidents(world):
    with world.runtime.database.read(EVERYTHING) as session:
        return session.scalars(select(Incident).order_by(Incident.opened_at)).all()


def test_a_timer_that_cannot_be_carried_out_is_an_incident_and_keeps_the_moment_it_was_due(begun):
    bad = poison(begun)
    tick(begun.runtime)
    (incident,) = incidents(begun)
    assert (incident.status, incident.case_id, incident.attempts) == ("open", bad.case_id, 1)
    assert incident.next_retry_at > begun.clock.at
    assert reminders(begun)[0].due_at == bad.due_at
    assert due_timers(begun.runtime, begun.clock.at) == []


def test_the_timers_behind_one_that_fails_are_fired(begun):
    bad = poison(begun)
    add_timer(begun, task_id="other", purpose="token", due_at=bad.due_at + LATE / 2)
    assert tick(begun.runtime) == 2
    assert reminders(begun)[0].id == bad.id
    with begun.runtime.database.read(EVERYTHING) as session:
        assert session.scalars(select(Timer.id).where(Timer.task_id == "other")).all() == []


def test_a_failing_timer_waits_longer_each_time_and_in_the_end_for_a_person(begun):
    bad, waits = poison(begun), []
    for _ in range(MAX_ATTEMPTS):
        drain(begun.runtime)
        (incident,) = incidents(begun)
        if incident.next_retry_at != FAR_FUTURE:
            waits.append(incident.next_retry_at - begun.clock.at)
            begun.clock.at = incident.next_retry_at
    assert waits[0] < waits[3] < waits[8]
    assert (incident.attempts, incident.next_retry_at) == (MAX_ATTEMPTS, FAR_FUTURE)
    begun.clock.pass_by(days=1)
    assert bad.id not in due_timers(begun.runtime, begun.clock.at)


def test_a_mended_reminder_is_sent_and_its_incident_closed(begun):
    bad, admin = poison(begun), begun.actor("system_admin")
    drain(begun.runtime)
    (incident,) = incidents(begun)
    assert not retry_incident(begun.runtime, incident.id, admin).went_on
    with begun.runtime.database.write(EVERYTHING) as session:
        session.execute(update(Timer).where(Timer.id == bad.id).values(payload=bad.payload))
    begun.clock.at = incidents(begun)[0].next_retry_at
    tick(begun.runtime)
    assert [row.status for row in incidents(begun)] == ["closed"]
    with begun.runtime.database.read(EVERYTHING) as session:
        assert session.scalars(select(Notice.kind).where(Notice.kind == "reminder")).all()


def test_a_timer_waits_for_its_case_before_it_is_locked(begun):
    """Commands lock a case before its timers; the other way round two would wait for each other for ever."""
    first = reminders(begun)[0]
    begun.clock.at = first.due_at
    with while_locked(begun, first.case_id, lambda: fire_timer(begun.runtime, first.id)) as held:
        held.session.execute(delete(Timer).where(Timer.id == first.id))
    assert held.commands[0].result() is False


def test_an_incident_waits_for_its_case_before_it_is_locked(begun):
    bad, admin = poison(begun), begun.actor("system_admin")
    drain(begun.runtime)
    (incident,) = incidents(begun)
    retry = partial(retry_incident, begun.runtime, incident.id, admin)
    with while_locked(begun, bad.case_id, retry) as held:
        held.session.execute(update(Incident).values(resolution="这一步已经走过去了"))
    assert not held.commands[0].result().went_on
