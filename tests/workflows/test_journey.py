"""Where a case has been: what is found between the events that it left behind."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.bundles import DIAGRAMS
from workflows.engine import Spec, compile_process
from workflows.journey import journey_of

SPECS = {path.stem: compile_process(path.read_bytes()) for path in sorted(DIAGRAMS.glob("*.bpmn"))}
ARRIVED = ("dispatch_visit", "accept_visit", "arrange_pre_contact", "issue_pre_contact")
ON_SITE = (*ARRIVED, "policyholder_confirm_visit", "check_in", "record_visit", "policyholder_sign_visit")


@pytest.fixture
def visit() -> Spec:
    """The process of a visit."""
    return SPECS["service_visit"]


def flow(spec: Spec, source: str, target: str) -> str:
    """Return the flow between two elements."""
    return next(flow["id"] for flow in spec.nodes[source]["flows"] if flow["to"] == target)


def test_a_case_that_has_just_begun_stands_at_its_first_step(visit):
    journey = journey_of(visit, [], ["dispatch_visit"])
    assert journey.now == {"dispatch_visit"}
    assert flow(visit, "start", "before_arrival") in journey.flows
    assert flow(visit, "is_rearranging", "dispatch_visit") in journey.flows
    assert "accept_visit" in journey.ahead


def test_what_never_waits_lies_between_what_was_heard(visit):
    journey = journey_of(visit, ARRIVED, ["policyholder_confirm_visit"])
    assert {"is_accepted", "set_pre_contact_deadline"} <= journey.done
    assert flow(visit, "is_accepted", "dispatch_visit") not in journey.flows


def test_a_loop_marks_the_way_that_was_taken_back(visit):
    heard = ["dispatch_visit", "accept_visit", "dispatch_visit"]
    journey = journey_of(visit, heard, ["accept_visit"])
    assert flow(visit, "is_accepted", "dispatch_visit") in journey.flows
    assert flow(visit, "is_accepted", "arrange_pre_contact") not in journey.flows


def test_parallel_steps_stand_side_by_side(visit):
    journey = journey_of(visit, ON_SITE, ["sign_notice", "make_return_visit", "compile_records"])
    assert journey.now == {"sign_notice", "make_return_visit", "compile_records"}
    assert {
        flow(visit, "fork", target) for target in ("make_return_visit", "compile_records")
    } <= journey.flows


def test_a_join_is_passed_when_every_branch_has_come(visit):
    branches = ("sign_notice", "serve_hazard_notice", "make_return_visit", "compile_records")
    journey = journey_of(visit, [*ON_SITE, *branches], ["policyholder_confirm_record"])
    joined = {name for name, node in visit.nodes.items() if any(f["to"] == "join" for f in node["flows"])}
    assert "join" in journey.done
    assert {flow(visit, source, "join") for source in joined} <= journey.flows


def test_a_case_waits_at_the_gateway_before_events_that_exclude_each_other():
    cycle = SPECS["service_cycle"]
    waiting = [f["to"] for f in cycle.nodes["await_cycle_event"]["flows"]]
    journey = journey_of(cycle, ["policyholder_confirm_scheme", "schedule_visits"], waiting)
    assert journey.now == {"await_cycle_event"}


def test_an_event_at_the_edge_of_a_step_is_no_place_to_stand(visit):
    assert journey_of(visit, ON_SITE[:-2], ["record_visit", "major_found"]).now == {"record_visit"}


def test_elements_that_the_diagram_does_not_know_are_left_out(visit):
    assert journey_of(visit, ["gone"], ["gone", "dispatch_visit"]).now == {"dispatch_visit"}


@given(st.data())
def test_whatever_happened_is_done_and_every_flow_joins_what_was_reached(data):
    spec = SPECS[data.draw(st.sampled_from(sorted(SPECS)))]
    names = st.sampled_from(sorted(spec.nodes))
    heard, waiting = data.draw(st.lists(names, max_size=12)), data.draw(st.lists(names, max_size=3))
    journey = journey_of(spec, heard, waiting)
    assert set(heard) <= journey.done | journey.now
    assert not journey.done & journey.now
    known = {f["id"] for node in spec.nodes.values() for f in node["flows"]}
    assert journey.flows <= known
