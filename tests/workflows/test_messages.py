"""Messages between cases: each reaches the case that waits for it, whoever of the two is first."""

from contextlib import contextmanager

import pytest
from sqlalchemy import delete, select

from store.tables import CaseEvent, Job, Message, Subscription
from tests.support.world import EVERYTHING
from worker.loop import drain
from workflows.acts import Outgoing
from workflows.advance import lock_case, new_act
from workflows.engine import Token
from workflows.handlers.policies import tell_cycle
from workflows.messages import KEPT, post, wake_waiting
from workflows.people import SYSTEM

NAME = "policy_endorsed"


def heard(world):
    with world.runtime.database.read(EVERYTHING) as session:
        (cycle,) = world.cases("service_cycle")
        query = select(CaseEvent.element).where(
            CaseEvent.case_id == cycle.id, CaseEvent.kind == "message.received"
        )
        return session.scalars(query).all()


def states(world):
    with world.runtime.database.read(EVERYTHING) as session:
        return session.scalars(select(Message.state).where(Message.name == NAME)).all()


@contextmanager
def not_seen_yet(world):
    """Hide that the cycle waits, as the command that made it wait does until it is committed."""
    (cycle,) = world.cases("service_cycle")
    names = [column.name for column in Subscription.__table__.columns]
    with world.runtime.database.write(EVERYTHING) as session:
        rows = session.scalars(select(Subscription).where(Subscription.case_id == cycle.id)).all()
        kept = [{name: getattr(row, name) for name in names} for row in rows]
        session.execute(delete(Subscription).where(Subscription.case_id == cycle.id))
    yield kept
    with world.runtime.database.write(EVERYTHING) as session:
        session.add_all(Subscription(**row) for row in kept)


def test_a_message_and_a_receiver_that_did_not_see_each_other_meet_a_little_later(agreed):
    with not_seen_yet(agreed):
        tell_cycle(agreed.runtime, agreed.policy_id, NAME)
        drain(agreed.runtime)
    assert states(agreed) == ["waiting"]
    agreed.clock.pass_by(minutes=1)
    drain(agreed.runtime)
    assert states(agreed) == ["delivered"]
    assert heard(agreed) == ["endorsed"]


def test_a_message_that_nobody_hears_is_looked_after_as_long_as_it_is_kept_and_seldom(agreed):
    with not_seen_yet(agreed):
        tell_cycle(agreed.runtime, agreed.policy_id, NAME)
        for _ in range(2 * KEPT.days + 1):
            drain(agreed.runtime, kinds=["deliver_message"])
            agreed.clock.pass_by(hours=12)
    with agreed.runtime.database.read(EVERYTHING) as session:
        looks = session.scalars(select(Job.state).where(Job.key.contains(":look:"))).all()
    assert set(looks) == {"done"}
    assert states(agreed) == ["expired"]
    assert len(looks) < 20


@pytest.mark.parametrize("target", ["service_cycle", ""])
def test_who_comes_to_wait_is_woken_even_when_its_case_counts_like_the_sender(agreed, target):
    """The job that wakes is another one than the job that found nobody, whatever the two versions are."""
    (cycle,) = agreed.cases("service_cycle")
    correlation = str(agreed.policy_id)
    with not_seen_yet(agreed):
        with commanding(agreed, cycle) as act:
            post(act, Outgoing(NAME, target, correlation, {}), 0)
        drain(agreed.runtime)
    with commanding(agreed, cycle) as act:
        wake_waiting(act, [Token("t", "e", "message", "", message=NAME, correlation=correlation)])
    drain(agreed.runtime)
    assert states(agreed) == ["delivered"]


@contextmanager
def commanding(world, case):
    """Act on a case in a transaction of its own."""
    with world.runtime.database.write(EVERYTHING) as session:
        yield new_act(world.runtime, session, lock_case(session, case.id), SYSTEM, world.clock.at)
