"""An incident is mended, not worked around: the cause goes, the same command is tried again, the case goes on."""

from datetime import date, timedelta

import pytest
from msgspec.structs import replace
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError, OperationalError

from store.events import verify
from store.invariants import check
from store.queue import enqueue
from store.tables import (
    AnswerDraft,
    CaseEvent,
    Incident,
    Job,
    Message,
    Person,
    Policy,
    RecordEvent,
    Subscription,
    Timer,
    WorkItem,
)
from tests.support.world import EVERYTHING, agree
from worker.loop import drain
from workflows.catalogue import OPERATIONS
from workflows.commands import CompleteWorkItem
from workflows.engine import OperationFailedError
from workflows.errors import CaseStuckError, NotAllowedError, NotFoundError, RuleRefusedError
from workflows.handlers.incidents import record_incident
from workflows.handlers.policies import tell_cycle
from workflows.handlers.queued import discard_job, retry_job
from workflows.handlers.repairs import close_incident, retry_incident, retry_incidents

RIGHT_END = date(2027, 2, 28)


def set_term_end(world, day):
    """Write another last day into the policy, as a wrong line of an import would."""
    with world.runtime.database.write(EVERYTHING) as session:
        session.execute(update(Policy).where(Policy.id == world.policy_id).values(term_end=day))


def stuck(world):
    """Let the first step fail, because the policy ends before it begins; return the open incident."""
    world.register()
    set_term_end(world, date(2020, 1, 1))
    with pytest.raises(CaseStuckError):
        world.do("confirm_unit_facts", is_key=False)
    return incidents(world)[0]


def incidents(world):
    with world.runtime.database.read(EVERYTHING) as session:
        return session.scalars(select(Incident).order_by(Incident.opened_at, Incident.id)).all()


def kinds_of(world, case_id):
    with world.runtime.database.read(EVERYTHING) as session:
        assert verify(session) is None
        assert check(session) == []
        query = select(CaseEvent.kind).where(CaseEvent.case_id == case_id)
        return session.scalars(query.order_by(CaseEvent.version, CaseEvent.n)).all()


def test_a_case_goes_on_once_its_cause_is_mended(world):
    incident, admin = stuck(world), world.actor("system_admin")
    again = retry_incident(world.runtime, incident.id, admin)
    assert not again.went_on
    set_term_end(world, RIGHT_END)
    assert retry_incident(world.runtime, incident.id, admin).went_on
    assert world.steps() == ["draft_scheme"]
    (closed,) = incidents(world)
    assert (closed.status, closed.attempts, closed.closed_by) == ("closed", 2, admin.person_id)
    assert "重试后走通" in closed.resolution
    kinds = kinds_of(world, incident.case_id)
    assert kinds.count("incident.retried") == 2
    assert kinds.count("step.completed") == 1


def test_the_step_is_done_in_the_name_of_the_person_who_gave_the_answers(world):
    incident = stuck(world)
    person_id = incident.command["actor"]
    set_term_end(world, RIGHT_END)
    retry_incident(world.runtime, incident.id, world.actor("system_admin"))
    with world.runtime.database.read(EVERYTHING) as session:
        done = session.scalars(select(CaseEvent).where(CaseEvent.kind == "step.completed")).one()
    assert str(done.actor_id) == person_id


def test_a_closed_incident_is_not_tried_again(world):
    incident, admin = stuck(world), world.actor("system_admin")
    set_term_end(world, RIGHT_END)
    retry_incident(world.runtime, incident.id, admin)
    with pytest.raises(RuleRefusedError, match="已经处理过"):
        retry_incident(world.runtime, incident.id, admin)


def test_answers_that_were_changed_since_are_not_submitted_for_the_person(world):
    incident = stuck(world)
    set_term_end(world, RIGHT_END)
    with world.runtime.database.write(EVERYTHING) as session:
        session.execute(update(AnswerDraft).values(body={"contact": "别人"}))
    with pytest.raises(RuleRefusedError, match="改过填写的内容"):
        retry_incident(world.runtime, incident.id, world.actor("system_admin"))


def test_an_incident_ends_when_the_person_submits_again(world):
    stuck(world)
    set_term_end(world, RIGHT_END)
    world.do("confirm_unit_facts", is_key=False)
    assert [row.status for row in incidents(world)] == ["closed"]


def test_what_has_moved_on_meanwhile_is_stopped_by_nothing(world):
    """The incident of a command that failed is written after somebody else's has finished the step."""
    world.register()
    item, late = world.item("confirm_unit_facts"), OperationFailedError("record_unit_facts", operation="x")
    world.do("confirm_unit_facts", is_key=False)
    command = CompleteWorkItem(item.id, item.version, {}, "late")
    told = record_incident(world.runtime, command, world.actor("insurer"), late, world.clock.at)
    (incident,) = incidents(world)
    assert (incident.id, incident.status) == (told.incident_id, "closed")
    assert incident.resolution == "这一步已经走过去了"


def test_a_person_who_left_submits_no_more(world):
    incident = stuck(world)
    set_term_end(world, RIGHT_END)
    with world.runtime.database.write(EVERYTHING) as session:
        session.execute(update(Person).values(active=False))
    with pytest.raises(RuleRefusedError, match="已经停用"):
        retry_incident(world.runtime, incident.id, world.actor("system_admin"))


def test_many_are_tried_each_on_its_own(world):
    incident = stuck(world)
    with world.runtime.database.write(EVERYTHING, now=world.clock.at) as session:
        lost = Incident(kind="message", message="没有投递", detail={}, opened_at=world.clock.at)
        session.add(lost)
        session.flush()
        other = lost.id
    set_term_end(world, RIGHT_END)
    went = retry_incidents(world.runtime, [other, incident.id, incident.id], world.actor("system_admin"))
    assert went == (1, 1)
    assert world.steps() == ["draft_scheme"]


def test_a_timer_that_fails_again_and_again_is_one_incident_and_fires_when_mended(world):
    incident, admin = stuck(world), world.actor("system_admin")
    set_term_end(world, RIGHT_END)
    retry_incident(world.runtime, incident.id, admin)
    world.do("draft_scheme")
    world.do("approve_scheme", decision="approve")
    world.do("policyholder_confirm_scheme", answer="accept")
    set_term_end(world, date(2020, 1, 1))
    (cycle,) = world.cases("service_cycle")
    with world.runtime.database.write(EVERYTHING) as session:
        token_timers = select(Timer.id).where(Timer.case_id == cycle.id, Timer.purpose == "token")
        session.execute(
            update(Timer).where(Timer.id.in_(token_timers)).values(due_at=world.clock.at - timedelta(days=1))
        )
    drain(world.runtime)
    first = [row for row in incidents(world) if row.command.get("kind") == "fire"]
    assert first
    world.clock.pass_by(hours=1)
    drain(world.runtime)
    again = [row for row in incidents(world) if row.command.get("kind") == "fire"]
    assert len(again) == len(first)
    assert again[0].attempts >= 2
    set_term_end(world, RIGHT_END)
    still_open = [row for row in again if row.status == "open"]
    assert retry_incident(world.runtime, still_open[0].id, admin).went_on
    assert kinds_of(world, cycle.id).count("incident.retried") == 2


def test_a_message_that_a_case_cannot_take_is_an_incident_and_arrives_when_mended(world):
    admin = world.actor("system_admin")
    cycle_id = world.register()
    agree(world)
    set_term_end(world, date(2020, 1, 1))
    tell_cycle(world.runtime, world.policy_id, "policy_endorsed")
    drain(world.runtime)
    (incident,) = incidents(world)
    assert (incident.command["kind"], incident.case_id, incident.status) == ("deliver", cycle_id, "open")
    assert not retry_incident(world.runtime, incident.id, admin).went_on
    set_term_end(world, RIGHT_END)
    assert retry_incident(world.runtime, incident.id, admin).went_on
    assert kinds_of(world, cycle_id).count("message.received") == 1


def test_a_message_arrives_by_itself_once_the_cause_has_gone(world):
    cycle_id = world.register()
    agree(world)
    set_term_end(world, date(2020, 1, 1))
    tell_cycle(world.runtime, world.policy_id, "policy_endorsed")
    drain(world.runtime)
    world.clock.pass_by(minutes=1)
    drain(world.runtime)
    assert [(row.status, row.attempts) for row in incidents(world)] == [("open", 2)]
    set_term_end(world, RIGHT_END)
    world.clock.pass_by(hours=1)
    drain(world.runtime)
    assert [row.status for row in incidents(world)] == ["closed"]
    assert kinds_of(world, cycle_id).count("message.received") == 1


def test_a_case_that_waits_for_nothing_else_is_not_given_up(world):
    incident, admin = stuck(world), world.actor("system_admin")
    close_incident(world.runtime, incident.id, "当事人会再提交", admin)
    (closed,) = incidents(world)
    assert (closed.status, closed.resolution) == ("closed", "当事人会再提交")
    with world.runtime.database.write(EVERYTHING) as session:
        session.execute(update(Incident).values(status="open"))
        for row in session.scalars(select(Timer)):
            session.delete(row)
        session.execute(update(WorkItem).values(status=3))
        for row in session.scalars(select(Subscription)):
            session.delete(row)
    with pytest.raises(RuleRefusedError, match="只等这一件事"):
        close_incident(world.runtime, incident.id, "算了", admin)


@pytest.mark.parametrize("login", ["coordinator", "security_admin", "auditor"])
def test_nobody_else_repairs(world, login):
    incident = stuck(world)
    for attempt in (
        lambda: retry_incident(world.runtime, incident.id, world.actor(login)),
        lambda: close_incident(world.runtime, incident.id, "x", world.actor(login)),
        lambda: retry_incidents(world.runtime, [incident.id], world.actor(login)),
        lambda: retry_job(world.runtime, incident.id, world.actor(login)),
        lambda: discard_job(world.runtime, incident.id, "x", world.actor(login)),
    ):
        with pytest.raises(NotAllowedError):
            attempt()


def dead_job(world):
    with world.runtime.database.write(EVERYTHING, now=world.clock.at) as session:
        enqueue(session, "deliver_message", {"message_id": str(world.offices.unit)}, run_at=world.clock.at)
        session.execute(update(Job).values(state="dead", attempt=12, last_error="KeyError: 13800000000"))
        return session.scalars(select(Job.id)).one()


def test_a_dead_job_runs_again_with_all_its_tries(world):
    job_id, admin = dead_job(world), world.actor("system_admin")
    retry_job(world.runtime, job_id, admin)
    drain(world.runtime)
    with world.runtime.database.read(EVERYTHING) as session:
        assert session.get_one(Job, job_id).state == "done"
        assert session.scalars(select(RecordEvent.kind)).all() == ["retried"]
        assert session.scalars(select(Message)).all() == []
    with pytest.raises(RuleRefusedError, match="不用重试"):
        retry_job(world.runtime, job_id, admin)


def test_a_job_is_given_up_only_with_a_reason_and_only_once_it_is_dead(world):
    job_id, admin = dead_job(world), world.actor("system_admin")
    with pytest.raises(RuleRefusedError, match="写明原因"):
        discard_job(world.runtime, job_id, " ", admin)
    discard_job(world.runtime, job_id, "对方已经办结", admin)
    with pytest.raises(RuleRefusedError, match="才能放弃"):
        discard_job(world.runtime, job_id, "再放弃", admin)
    drain(world.runtime)
    with world.runtime.database.read(EVERYTHING) as session:
        assert session.get_one(Job, job_id).state == "discarded"


def failing(monkeypatch, error) -> None:
    """Let the operation of the first step fail like this."""

    def fail(_act, _inputs):
        raise error

    spoilt = replace(OPERATIONS["record_unit_facts"], run=fail)
    monkeypatch.setitem(OPERATIONS, "record_unit_facts", spoilt)


def test_what_the_database_refuses_is_told_without_statement_and_values(world, monkeypatch):
    world.register()
    failing(
        monkeypatch, IntegrityError("INSERT INTO person", {"mobile": "13800001234"}, Exception("13800001234"))
    )
    with pytest.raises(CaseStuckError) as caught:
        world.do("confirm_unit_facts", is_key=False)
    assert "程序或数据有错（IntegrityError）" in caught.value.message
    assert "INSERT" not in caught.value.message
    assert "13800001234" not in caught.value.message


def test_a_database_that_is_busy_makes_no_incident_and_what_was_typed_is_kept(world, monkeypatch):
    world.register()
    failing(monkeypatch, OperationalError("UPDATE cases", {}, Exception("deadlock detected")))
    with pytest.raises(OperationalError):
        world.do("confirm_unit_facts", is_key=False, contact="李师傅")
    assert incidents(world) == []
    with world.runtime.database.read(EVERYTHING) as session:
        assert session.scalars(select(AnswerDraft)).one().body["contact"] == "李师傅"


def test_what_says_nothing_of_itself_is_told_by_its_kind(world, monkeypatch):
    world.register()
    failing(monkeypatch, NotFoundError(kind="policy", id="1"))
    with pytest.raises(CaseStuckError) as caught:
        world.do("confirm_unit_facts", is_key=False)
    assert "失败：NotFoundError。" in caught.value.message
