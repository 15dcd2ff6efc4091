"""What a service cycle plans, holds and looks at, in the course of its term."""

from store.tables import Policy
from tests.support.world import EVERYTHING
from workflows.advance import new_act
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
