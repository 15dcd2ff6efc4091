"""A suspended case stands still: nothing goes on, nothing is lost, and what passed meanwhile is told truly."""

import pytest
from sqlalchemy import select

from store.queue import enqueue
from store.tables import Job, Message, Timer
from tests.support.world import EVERYTHING
from tests.workflows.interventions.asking import (
    heard,
    items,
    resume,
    rows,
    said,
    sound,
    status,
    suspend,
    timers,
)
from worker.loop import drain
from workflows.errors import CaseSuspendedError, CommandKeyConflictError, NotFoundError, RuleRefusedError
from workflows.handlers.timers import due_timers, fire_timer
from workflows.verbs.timeouts import time_out


@pytest.fixture
def visit(arranged):
    (found,) = arranged.cases("service_visit")
    return found


def test_a_suspended_case_takes_no_completion_and_goes_on_when_it_is_resumed(arranged, visit):
    suspend(arranged, visit)
    assert status(arranged, visit) == "suspended"
    assert "suspended" in arranged.item("policyholder_confirm_visit").tags
    with pytest.raises(CaseSuspendedError):
        arranged.do("policyholder_confirm_visit", answer="agree")
    sound(arranged)
    resume(arranged, visit)
    assert "suspended" not in arranged.item("policyholder_confirm_visit").tags
    arranged.do("policyholder_confirm_visit", answer="agree")
    assert arranged.steps() == ["check_in"]
    sound(arranged)


def test_the_holders_are_told_and_the_story_has_the_reason(on_sqlite):
    (visit,) = on_sqlite.cases("service_visit")
    suspend(on_sqlite, visit)
    resume(on_sqlite, visit)
    assert said(on_sqlite, visit, "case.suspended")[0]["text"].endswith("挂起办件：等法院查封")
    assert "恢复办件：查封解除。挂起了 0 天" in said(on_sqlite, visit, "case.resumed")[0]["text"]
    told = " ".join(heard(on_sqlite, visit))
    assert "先不用办，办件挂起了：等法院查封" in told
    assert "接着办，办件恢复了" in told


def test_timers_wait_and_fire_at_the_resumption_which_tells_what_is_late(arranged, visit):
    suspend(arranged, visit)
    waiting = timers(arranged, visit)
    assert waiting
    arranged.clock.pass_by(days=60)
    assert not {timer.id for timer in waiting} & set(due_timers(arranged.runtime, arranged.clock.at, 100))
    assert not fire_timer(arranged.runtime, waiting[0].id)
    due = {item.due_on for item in items(arranged, visit) if item.status < 2}
    resume(arranged, visit)
    (told,) = said(arranged, visit, "case.resumed")
    assert "挂起了 60 天" in told["text"]
    assert f"其间过了期限：“预约确认”（{min(due)}）" in told["text"]
    assert "个定时已经到点" in told["text"]
    drain(arranged.runtime)
    assert waiting[0].id not in rows(arranged, select(Timer.id))
    sound(arranged)


def test_a_message_waits_for_a_suspended_case_longer_than_messages_are_kept(arranged, visit):
    suspend(arranged, visit)
    (cycle,) = arranged.cases("service_cycle")
    with arranged.runtime.database.write(EVERYTHING, now=arranged.clock.at) as session:
        message = Message(
            key="m",
            name="policy_surrendered",
            correlation=str(visit.visit_id),
            target_process="service_visit",
            sender_case_id=cycle.id,
            sent_at=arranged.clock.at,
            keep_until=arranged.clock.at,
        )
        session.add(message)
        session.flush()
        told = {"message_id": str(message.id)}
        enqueue(session, "deliver_message", told, run_at=arranged.clock.at, key="d")
    drain(arranged.runtime)
    arranged.clock.pass_by(days=30)
    drain(arranged.runtime)
    assert rows(arranged, select(Message.state).where(Message.key == "m")) == ["waiting"]
    resume(arranged, visit)
    drain(arranged.runtime)
    assert rows(arranged, select(Message.state).where(Message.key == "m")) == ["delivered"]
    assert status(arranged, visit) == "completed"


def test_what_the_product_does_about_a_late_step_waits_as_well(arranged, visit):
    suspend(arranged, visit)
    item = arranged.item("policyholder_confirm_visit")
    arranged.clock.pass_by(days=60)
    time_out(arranged.runtime, item.id, "remind")
    assert said(arranged, visit, "item.timed_out") == []
    resume(arranged, visit)
    drain(arranged.runtime)
    assert len(said(arranged, visit, "item.timed_out")) == 1
    assert rows(arranged, select(Job.state).where(Job.key.startswith("held:"))) == ["done"]


def test_the_cases_below_are_suspended_and_resumed_along_if_asked(arranged, visit):
    (cycle,) = arranged.cases("service_cycle")
    suspend(arranged, cycle)
    assert status(arranged, visit) == "open"
    resume(arranged, cycle)
    suspend(arranged, cycle, below=True)
    assert status(arranged, visit) == "suspended"
    assert f"随上级办件 {cycle.number}" in said(arranged, visit, "case.suspended")[0]["text"]
    resume(arranged, cycle, below=True)
    assert (status(arranged, cycle), status(arranged, visit)) == ("open", "open")


def test_only_operations_staff_and_the_manager_of_the_provider_may(on_sqlite):
    (visit,) = on_sqlite.cases("service_visit")
    for login in ("coordinator", "insurer", "joint_office", "security_admin"):
        with pytest.raises(NotFoundError):
            suspend(on_sqlite, visit, by=login)
    suspend(on_sqlite, visit, by="provider_manager")
    with pytest.raises(RuleRefusedError, match="已经挂起"):
        suspend(on_sqlite, visit)
    with pytest.raises(RuleRefusedError, match="写明原因"):
        resume(on_sqlite, visit, reason=" ")


def test_the_same_command_twice_is_one(on_sqlite):
    (visit,) = on_sqlite.cases("service_visit")
    suspend(on_sqlite, visit, key="one")
    suspend(on_sqlite, visit, key="one")
    assert len(said(on_sqlite, visit, "case.suspended")) == 1
    with pytest.raises(CommandKeyConflictError):
        suspend(on_sqlite, visit, key="one", reason="别的原因")
