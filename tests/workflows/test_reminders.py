"""Who hears of a duty, and when: before its last day the holder, afterwards the ranks above as well."""

from datetime import timedelta

from sqlalchemy import select

from store.tables import Case, Notice, Organization, Timer
from tests.support.world import EVERYTHING
from worker.loop import drain
from workflows.advance import new_act
from workflows.people import SYSTEM
from workflows.runtime import legal_day


def escalations(world, step: str) -> list[str]:
    """Return the roles that were told that the step is overdue."""
    with world.runtime.database.read(EVERYTHING) as session:
        query = select(Notice.role).where(
            Notice.kind == "escalation", Notice.work_item_id == world.item(step).id
        )
        return sorted(session.scalars(query))


def test_a_duty_recorded_late_is_told_at_once_to_everybody_who_would_have_heard_of_it(pasts, tmp_path):
    """D24: the day on which the service was completed governs, however late it is recorded (第十九条)."""
    with pasts.until("arrived").again(tmp_path) as world:
        left_at = world.clock.at
        world.clock.pass_by(days=60)
        days = [{"started_at": left_at - timedelta(hours=1), "ended_at": left_at}]
        world.do("record_visit", days=days, left_at=left_at, hazards=[])
        world.do("policyholder_sign_visit")
        assert world.item("make_return_visit").due_on < legal_day(world.clock.at)
        assert escalations(world, "make_return_visit") == ["insurer", "provider_manager"]


def test_what_is_told_to_a_role_goes_to_the_office_that_holds_it(pasts, tmp_path):
    """A role of the joint office is never held by the provider, nor one of an insurer where there is none."""
    with pasts.until("arrived").again(tmp_path) as world:
        (case,) = world.cases("service_visit")
        with world.runtime.database.write(EVERYTHING) as session:
            joint = session.scalars(select(Organization.id).where(Organization.kind == "joint_office")).one()
            act = new_act(world.runtime, session, session.get_one(Case, case.id), SYSTEM, world.clock.at)
            held = [act.holder(role) for role in ("coordinator", "insurer", "policyholder", "joint_office")]
            assert held == [world.offices.provider, world.offices.insurer, world.offices.unit, joint]
            act.case.insurer_id = None
            assert act.holder("complaint_officer") is None


def test_a_visit_is_called_to_mind_the_day_before_it(arranged):
    arranged.do("policyholder_confirm_visit", answer="agree")
    item = arranged.item("check_in")
    with arranged.runtime.database.read(EVERYTHING) as session:
        (at,) = session.scalars(
            select(Timer.due_at).where(Timer.task_id == item.task_id, Timer.purpose == "reminder")
        )
    assert legal_day(at) == item.due_on - timedelta(days=1)


def test_one_timer_carries_the_reminders_of_an_item_and_each_comes_once_after_an_outage(pasts, tmp_path):
    with pasts.until("told").again(tmp_path) as world:
        item = world.item("make_return_visit")
        assert len(timers_of(world, item)) == 1
        world.clock.pass_by(days=60)
        kinds = told_of(world, item)
        assert kinds.count("reminder") > 1
        assert "escalation" in kinds
        assert timers_of(world, item) == []
        world.clock.pass_by(days=60)
        assert told_of(world, item) == kinds


def timers_of(world, item) -> list[Timer]:
    with world.runtime.database.read(EVERYTHING) as session:
        query = select(Timer).where(Timer.task_id == item.task_id, Timer.purpose == "reminder")
        return list(session.scalars(query))


def told_of(world, item) -> list[str]:
    """Return the kinds of what was told of an item, once the worker has done what is due."""
    drain(world.runtime)
    with world.runtime.database.read(EVERYTHING) as session:
        kinds = ("reminder", "escalation")
        query = select(Notice.kind).where(Notice.work_item_id == item.id, Notice.kind.in_(kinds))
        return sorted(session.scalars(query))
