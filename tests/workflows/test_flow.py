"""Whole services from plan to archive, by people's commands, on both databases."""

from datetime import date

from sqlalchemy import select

from store.tables import CaseFile
from worker.loop import drain
from tests.workflows.conftest import EVERYTHING
from store.events import verify



def test_a_policy_goes_from_its_facts_to_planned_visits(world):
    world.register("45000.00")
    world.do("confirm_unit_facts", is_key=False)
    world.do("draft_scheme")
    world.do("approve_scheme", decision="approve")
    world.do("policyholder_confirm_scheme", answer="accept")
    assert world.steps() == []
    (cycle,) = world.cases("service_cycle")
    assert cycle.variables["required"] == 2
    with world.runtime.database.read(EVERYTHING) as session:
        assert verify(session) is None


def open_visit(world, premium="45000.00", kind="none"):
    """Agree a scheme and let the first visit's case open."""
    world.register(premium, kind)
    world.do("confirm_unit_facts", is_key=False)
    world.do("draft_scheme")
    world.do("approve_scheme", decision="approve")
    world.do("policyholder_confirm_scheme", answer="accept")
    (cycle,) = world.cases("service_cycle")
    start = cycle.variables["next_visit_start"]
    world.clock.pass_by(days=(date.fromisoformat(start) - world.clock.at.date()).days + 1)
    drain(world.runtime)
    (visit,) = world.cases("service_visit")
    return visit


def arrive(world):
    """Take the visit to the record."""
    world.do("dispatch_visit")
    world.do("accept_visit", accepted="yes")
    world.do("arrange_pre_contact")
    world.do("policyholder_confirm_visit", answer="agree")
    world.clock.pass_by(hours=4)
    world.do("check_in", entry_admitted=True)
    world.clock.pass_by(hours=2)


GENERAL = {
    "place": "配电间",
    "level": "general",
    "description": "配电箱前堆放杂物",
    "hazard_class": "electricity",
    "cause": "object",
    "suggestion": "立即清理",
    "fixed_on_spot": False,
    "deadline": "+10工作日",
}


def test_a_visit_goes_from_dispatch_to_archive(world):
    open_visit(world)
    arrive(world)
    photo = world.walker.photo(world.item("record_visit"))
    world.do("record_visit", hazards=[{**GENERAL, "photos_before": [photo]}])
    world.do("policyholder_sign_visit")
    assert world.steps() == ["compile_records", "make_return_visit", "sign_notice"]
    world.do("sign_notice")
    world.do("serve_hazard_notice")
    world.do("make_return_visit", reached=True, satisfaction="5", complaint_raised=False)
    world.do("compile_records")
    world.do("policyholder_confirm_record", record_answer="agree")
    world.do("provider_sign_record")
    assert world.cases("service_visit")[0].variables["can_archive"] is True
    world.do("settle_visit_fee")
    (visit,) = world.cases("service_visit")
    assert (visit.status, visit.end_event) == ("completed", "end_archived")
    (cycle,) = world.cases("service_cycle")
    assert (cycle.variables["counted"], cycle.variables["short"]) == (1, 1)
    with world.runtime.database.read(EVERYTHING) as session:
        assert verify(session) is None
        (file,) = session.scalars(select(CaseFile))
        assert file.package_sha256
    world.do("plan_rectification", answer="accept")
    world.do("submit_rectification")
    world.do("recheck_hazard", result="passed")
    (hazard,) = world.cases("hazard_closure")
    assert hazard.end_event == "end_closed"
