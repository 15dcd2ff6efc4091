"""What a service cycle plans, holds and looks at, in the course of its term."""


def test_a_visit_planned_anew_is_opened_in_the_order_of_the_days(arranged):
    arranged.do("policyholder_confirm_visit", answer="refuse")
    arranged.do("register_refusal", scope="this_visit")
    assert arranged.plans() == ["cancelled", "planned", "planned"]
    (cycle,) = arranged.cases("service_cycle")
    arranged.pass_until(cycle.variables["next_visit_start"])
    assert arranged.plans() == ["cancelled", "planned", "opened"]
