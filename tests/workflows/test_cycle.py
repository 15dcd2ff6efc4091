"""What a service cycle plans, holds and looks at, in the course of its term."""

from datetime import date
from decimal import Decimal

from sqlalchemy import select

from store.tables import Policy, RateEvidence
from tests.support.world import EVERYTHING
from worker.loop import drain
from workflows.advance import new_act
from workflows.handlers.policies import SurrenderPolicy, surrender_policy
from workflows.operations.closing import rate_facts
from workflows.people import SYSTEM


def test_a_visit_planned_anew_is_opened_in_the_order_of_the_days(arranged):
    arranged.do("policyholder_confirm_visit", answer="refuse")
    arranged.do("register_refusal", scope="this_visit")
    assert arranged.plans() == ["cancelled", "planned", "planned"]
    (cycle,) = arranged.cases("service_cycle")
    arranged.pass_until(cycle.variables["next_visit_start"])
    assert arranged.plans() == ["cancelled", "planned", "opened"]


def test_each_reschedule_counts_once_towards_the_rate(arranged):
    for _ in range(3):
        arranged.do("policyholder_confirm_visit", answer="reschedule")
        arranged.do("arrange_pre_contact")
    (cycle,) = arranged.cases("service_cycle")
    with arranged.runtime.database.read(EVERYTHING) as session:
        act = new_act(arranged.runtime, session, cycle, SYSTEM, arranged.clock.at)
        policy = session.get_one(Policy, arranged.policy_id)
        assert rate_facts(act, policy)["reschedule_count"] == 3


def evidence(world) -> list[bool]:
    """Return of each gathering of facts for the rate whether it was preliminary."""
    with world.runtime.database.read(EVERYTHING) as session:
        return list(session.scalars(select(RateEvidence.preliminary)))


def test_the_rate_evidence_is_prepared_however_long_the_catch_up_takes(agreed):
    agreed.pass_until("2026-11-30")
    assert "plan_catch_up" in agreed.steps()
    agreed.pass_until("2027-02-08")
    assert evidence(agreed) == []
    agreed.do("plan_catch_up")
    assert evidence(agreed) == [True]
    assert "plan_catch_up" in agreed.steps()


def test_checkpoints_that_passed_while_nothing_ran_are_looked_at_in_order(agreed):
    agreed.pass_until("2027-02-08")
    assert evidence(agreed) == [True]
    assert "plan_catch_up" in agreed.steps()


def test_a_surrender_ends_every_refusal_that_waits(arranged):
    arranged.do("policyholder_confirm_visit", answer="refuse")
    arranged.do("register_refusal", scope="all")
    arranged.do("review_refusal_notice")
    arranged.do("file_delivery_proof", delivery="delivered")
    surrender = SurrenderPolicy(arranged.policy_id, date(2026, 9, 1), Decimal("100.00"))
    surrender_policy(arranged.runtime, surrender, arranged.actor("insurer"))
    drain(arranged.runtime)
    (refusal,) = arranged.cases("service_refusal")
    assert refusal.end_event == "end_surrendered"
