"""Timers after an outage: all are fired, once and in order per case, however many workers come back at once."""

from datetime import timedelta

from sqlalchemy import select

from store.events import data_of
from store.tables import CaseEvent, Timer
from tests.support.killed import begun, ended
from tests.support.world import EVERYTHING
from worker.loop import drain

DAY = timedelta(days=1)


def remind(world, *days):
    """Let reminders of the first step be due so many days from now, in this order of their rows."""
    (item,) = world.items()
    with world.runtime.database.write(EVERYTHING) as session:
        session.query(Timer).delete()
        for day in days:
            told = {"work_item_id": str(item.id), "label": f"第{day}天"}
            due = {"case_id": item.case_id, "task_id": item.task_id, "due_at": world.clock.at + day * DAY}
            session.add(Timer(purpose="reminder", payload=told, **due))


def reminded(world):
    """Return the labels of the reminders that were sent, in their order, and the days on which they were."""
    with world.runtime.database.read(EVERYTHING) as session:
        query = select(CaseEvent.body, CaseEvent.at).where(CaseEvent.kind == "reminder.sent")
        rows = session.execute(query.order_by(CaseEvent.version)).all()
    return [data_of(body)["label"] for body, _ in rows], {at for _, at in rows}


def test_timers_missed_in_an_outage_are_fired_once_and_in_order_by_several_workers(pasts, tmp_path):
    with pasts.until("begun").again(tmp_path) as world:
        remind(world, 3, 1, 4, 2)
        world.clock.at += 10 * DAY
        assert {ended(child) for child in [begun(world.runtime, drain) for _ in range(3)]} == {0}
        assert reminded(world) == (["第1天", "第2天", "第3天", "第4天"], {world.clock.at})
        with world.runtime.database.read(EVERYTHING) as session:
            assert session.scalars(select(Timer.id)).all() == []


def test_a_timer_is_not_fired_before_it_is_due(pasts, tmp_path):
    with pasts.until("begun").again(tmp_path) as world:
        remind(world, 1)
        world.clock.at += DAY - timedelta(seconds=1)
        drain(world.runtime)
        assert reminded(world)[0] == []
