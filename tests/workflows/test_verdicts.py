"""What the rules decide is what the diagrams and forms go by."""

import pytest

from rules.parameters import number
from store.tables import Policyholder
from tests.support.world import EVERYTHING, GENERAL, arrange, arrive, open_visit
from workflows.advance import new_act
from workflows.errors import InvalidAnswersError, RuleRefusedError
from workflows.operations.archive import seal_archive
from workflows.operations.rectification import close_hazard
from workflows.people import SYSTEM


def record(world, **hazard):
    """Take a visit to its signed record, with one hazard found."""
    open_visit(world, kind="metal_smelting")
    arrange(world)
    arrive(world)
    photo = world.walker.photo(world.item("record_visit"))
    world.do("record_visit", hazards=[{**GENERAL, "photos_before": [photo], **hazard}])
    world.do("policyholder_sign_visit")


MAJOR = {"level": "major", "basis_clause": "判定标准第三条", "interim_measures": "停用"}


def test_a_scheme_of_a_key_unit_is_not_approved_without_its_key_periods(world):
    world.register()
    world.do("confirm_unit_facts", is_key=False)
    world.do("draft_scheme", key_periods=[])
    (cycle,) = world.cases("service_cycle")
    with world.runtime.database.write(EVERYTHING, now=world.clock.at) as session:
        session.get_one(Policyholder, cycle.policyholder_id).is_key = True
    world.do("approve_scheme", decision="approve")
    assert world.steps() == ["draft_scheme"]


def test_a_satisfaction_as_low_as_the_parameter_is_looked_into(world):
    record(world)
    low = str(number("low_satisfaction", world.clock.at.date()).value)
    world.do("make_return_visit", reached=True, satisfaction=low, complaint_raised=False)
    assert "handle_low_score" in world.steps()


def test_a_major_hazard_is_rechecked_on_site_alone(world):
    record(world, **MAJOR)
    world.do("sign_notice")
    world.do("serve_hazard_notice")
    world.do("plan_rectification", answer="accept")
    world.do("submit_rectification")
    with pytest.raises(InvalidAnswersError):
        world.do("recheck_hazard", result="passed", method="photo")
    world.do("recheck_hazard", result="passed", method="onsite")
    assert world.cases("hazard_closure")[0].end_event == "end_closed"


def test_a_unit_that_does_not_refuse_after_all_rectifies_and_cannot_be_declined(world):
    record(world, **MAJOR)
    world.do("sign_notice")
    world.do("serve_hazard_notice")
    world.do("plan_rectification", answer="refuse")
    world.do("determine_refusal", refused="no")
    assert "submit_rectification" in world.steps()
    assert world.cases("hazard_closure")[0].variables["may_decline"] is False
    world.do("submit_rectification")
    world.do("recheck_hazard", result="passed", method="onsite")


@pytest.mark.parametrize(
    ("operation", "missing"), [(seal_archive, "投保单位确认"), (close_hazard, "整改后的照片")]
)
def test_nothing_is_closed_without_its_proof_whatever_the_diagram_asked_before(
    pasts, tmp_path, operation, missing
):
    """第十九条: no archive without the unit's confirmation; no closed hazard without a photo of it put right."""
    with pasts.until("told").again(tmp_path) as world:
        (case,) = world.cases("hazard_closure")
        with world.runtime.database.write(EVERYTHING, now=world.clock.at) as session:
            act = new_act(world.runtime, session, case, SYSTEM, world.clock.at)
            with pytest.raises(RuleRefusedError, match=missing):
                operation(act, {"visit_id": case.visit_id, "hazard_id": case.hazard_id})
