"""A cancelled case waits for nothing and stays readable; the case above and those below know what to do."""

import pytest
from sqlalchemy import select

from store.tables import Case, Message, SignRound, Visit, WorkItem
from tests.support.world import EVERYTHING
from tests.workflows.engine.drawing import call, catch, end, inputs, message, outputs, start
from tests.workflows.interventions.asking import (
    cancel,
    heard,
    incidents,
    items,
    rows,
    said,
    sound,
    status,
    suspend,
)
from worker.loop import drain
from workflows.commands import Below
from workflows.errors import CaseSuspendedError, NotFoundError, RuleRefusedError
from workflows.handlers.repairs import close_incident, retry_incident


@pytest.fixture
def visit(arranged):
    (found,) = arranged.cases("service_visit")
    return found


def test_everything_that_is_open_in_it_is_void_with_the_reason(arranged, visit):
    cancel(arranged, visit)
    assert status(arranged, visit) == "cancelled"
    (voided,) = [item for item in items(arranged, visit) if item.status == 3]
    assert voided.void_reason.endswith("终止办件：保单是重复登记的")
    assert any("不用办了，办件终止了" in title for title in heard(arranged, visit))
    assert said(arranged, visit, "case.cancelled")[0]["lost"]
    assert said(arranged, visit, "step.completed")
    drain(arranged.runtime)
    sound(arranged)


def test_a_cancelled_visit_counts_no_more_and_a_retry_tells_the_cycle(arranged, visit):
    (cycle,) = arranged.cases("service_cycle")
    cancel(arranged, visit)
    assert rows(arranged, select(Visit.state).where(Visit.id == visit.visit_id)) == ["cancelled"]
    (incident,) = incidents(arranged, cycle)
    assert f"下级办件 {visit.number} 被终止" in incident.message
    outcome = retry_incident(arranged.runtime, incident.id, arranged.actor("system_admin"))
    assert outcome.went_on
    (message,) = rows(arranged, select(Message).where(Message.name == "visit_ended"))
    assert (message.state, message.payload) == ("delivered", {"visit_id": str(visit.visit_id)})
    assert [one.status for one in incidents(arranged, cycle)] == ["closed"]
    drain(arranged.runtime)
    sound(arranged)


@pytest.mark.parametrize(
    ("below", "is_then"), [(Below.KEEP, "open"), (Below.SUSPEND, "suspended"), (Below.CANCEL, "cancelled")]
)
def test_the_cases_below_are_kept_suspended_or_cancelled_as_asked(on_sqlite, below, is_then):
    (visit,) = on_sqlite.cases("service_visit")
    (cycle,) = on_sqlite.cases("service_cycle")
    cancel(on_sqlite, cycle, below=below)
    assert (status(on_sqlite, cycle), status(on_sqlite, visit)) == ("cancelled", is_then)
    assert incidents(on_sqlite, cycle) == []
    drain(on_sqlite.runtime)
    sound(on_sqlite)


def test_a_suspended_case_may_be_cancelled(arranged, visit):
    suspend(arranged, visit)
    with pytest.raises(CaseSuspendedError):
        arranged.do("policyholder_confirm_visit", answer="agree")
    cancel(arranged, visit)
    assert all("suspended" not in item.tags for item in items(arranged, visit))
    sound(arranged)


def test_nobody_loses_more_than_was_shown(on_sqlite):
    (visit,) = on_sqlite.cases("service_visit")
    command = cancel(on_sqlite, on_sqlite.cases("service_cycle")[0])
    with pytest.raises(RuleRefusedError, match="情况变了"):
        cancel(on_sqlite, visit, seen=command.seen)
    with pytest.raises(RuleRefusedError, match="写明原因"):
        cancel(on_sqlite, visit, reason="")
    with pytest.raises(NotFoundError):
        cancel(on_sqlite, visit, by="coordinator")
    cancel(on_sqlite, visit)
    with pytest.raises(RuleRefusedError, match="已经结束"):
        cancel(on_sqlite, visit)


def test_its_incidents_and_rounds_end_with_it(arranged, visit):
    with arranged.runtime.database.write(EVERYTHING, now=arranged.clock.at) as session:
        item = session.scalars(
            select(WorkItem).where(WorkItem.case_id == visit.id, WorkItem.status < 2)
        ).one()
        told = {"case_id": visit.id, "task_id": item.task_id, "step": item.step, "mode": "all"}
        signing = SignRound(opened_at=arranged.clock.at, **told)
        session.add(signing)
        session.flush()
        item.sign_round_id, item.order_no = signing.id, 1
        session.get_one(Case, visit.id).had_incident = True
    cancel(arranged, visit)
    assert rows(arranged, select(SignRound.status)) == ["void"]
    sound(arranged)


WAITS = catch("go", message("go"), correlation="unit")
INNER = ("inner", [start(), WAITS, end("inner_end")], "start > go > inner_end")


def outer(told):
    shapes = [start(), call("c", "inner", inputs(unit="name") + told), end("done")]
    return ("outer", shapes, "start > c > done")


def test_a_caller_whose_diagram_reads_how_the_call_ended_goes_on(city_on_sqlite):
    city_on_sqlite.publish(outer(outputs(how="payload.status")), INNER)
    city_on_sqlite.begin("outer", "o", name="甲厂")
    cancel(city_on_sqlite.world, city_on_sqlite.world.cases("inner")[0])
    drain(city_on_sqlite.runtime)
    (caller,) = city_on_sqlite.world.cases("outer")
    assert (caller.end_event, caller.variables["how"]) == ("done", "cancelled")


def test_another_caller_waits_for_a_person_who_may_let_it_go_on(city):
    city.publish(outer(outputs(grade="payload.grade")), INNER)
    city.begin("outer", "o", name="甲厂")
    cancel(city.world, city.world.cases("inner")[0])
    drain(city.runtime)
    (caller,) = city.world.cases("outer")
    assert caller.status == "open"
    (incident,) = incidents(city.world, caller)
    admin = city.world.actor("system_admin")
    with pytest.raises(RuleRefusedError, match="只等这一件事"):
        close_incident(city.runtime, incident.id, "不管了", admin)
    assert retry_incident(city.runtime, incident.id, admin).went_on
    assert city.ends("outer") == {"o": "done"}
    sound(city.world)
