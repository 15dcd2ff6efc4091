"""Whole services from plan to archive, by people's commands, on both databases."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from sqlalchemy import func, select

from store.events import verify
from store.tables import CaseEvent, CaseFile, EvidenceFile, Expert, Notice, Policyholder, Visit
from tests.support.world import EVERYTHING, GENERAL, arrange, arrive, open_visit
from worker.loop import drain
from workflows import packages
from workflows.errors import InvalidAnswersError
from workflows.handlers.papers import seal_package
from workflows.handlers.policies import EndorsePolicy, SurrenderPolicy, endorse_policy, surrender_policy


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


def test_a_visit_goes_from_dispatch_to_archive(arrived):
    photo = arrived.walker.photo(arrived.item("record_visit"))
    arrived.do("record_visit", hazards=[{**GENERAL, "photos_before": [photo]}])
    arrived.do("policyholder_sign_visit")
    assert arrived.steps() == ["compile_records", "make_return_visit", "sign_notice"]
    arrived.do("sign_notice")
    arrived.do("serve_hazard_notice")
    arrived.do("make_return_visit", reached=True, satisfaction="5", complaint_raised=False)
    arrived.do("compile_records")
    arrived.do("policyholder_confirm_record", record_answer="agree")
    arrived.do("provider_sign_record")
    assert arrived.cases("service_visit")[0].variables["can_archive"] is True
    arrived.do("settle_visit_fee")
    (visit,) = arrived.cases("service_visit")
    assert (visit.status, visit.end_event) == ("completed", "end_archived")
    (cycle,) = arrived.cases("service_cycle")
    assert (cycle.variables["counted"], cycle.variables["short"]) == (1, 1)
    with arrived.runtime.database.read(EVERYTHING) as session:
        assert verify(session) is None
        (file,) = session.scalars(select(CaseFile))
        assert file.package_sha256
    arrived.do("plan_rectification", answer="accept")
    arrived.do("submit_rectification")
    arrived.do("recheck_hazard", result="passed")
    (hazard,) = arrived.cases("hazard_closure")
    assert hazard.end_event == "end_closed"


def test_a_package_that_broke_off_after_its_event_is_built_again_from_it(arrived, monkeypatch):
    arrived.do("record_visit", hazards=[])
    arrived.do("policyholder_sign_visit")
    arrived.do("make_return_visit", reached=True, satisfaction="5", complaint_raised=False)
    arrived.do("compile_records")
    arrived.do("policyholder_confirm_record", record_answer="agree")
    real = packages.build

    def breaks_off(*given):
        real(*given)
        raise OSError(28, "disk full")

    with monkeypatch.context() as broken:
        broken.setattr(packages, "build", breaks_off)
        arrived.do("provider_sign_record")
    with arrived.runtime.database.read(EVERYTHING) as session:
        (file,) = session.scalars(select(CaseFile))
    assert file.package_sha256 is None
    assert seal_package(arrived.runtime, file.id)
    with arrived.runtime.database.read(EVERYTHING) as session:
        sealed = select(func.count()).select_from(CaseEvent).where(CaseEvent.kind == "package.sealed")
        assert session.scalar(sealed) == 1


def test_a_visit_is_not_agreed_for_a_day_on_which_its_people_may_not_go(opened):
    opened.do("dispatch_visit")
    opened.do("accept_visit", accepted="yes")
    with opened.runtime.database.write(EVERYTHING) as session:
        (visit,) = session.scalars(select(Visit).where(Visit.state == "dispatched"))
        session.get_one(Expert, visit.lead_id).valid_until = visit.planned_on
        later = visit.planned_on + timedelta(days=7)
    with pytest.raises(InvalidAnswersError) as refused:
        opened.do("arrange_pre_contact", service_from=f"{later} 09:00", service_until=f"{later} 11:00")
    assert "职业资格证书已到期" in refused.value.errors["service_from"]
    opened.do("arrange_pre_contact")
    assert opened.steps() == ["policyholder_confirm_visit"]


def test_a_file_that_somebody_else_uploaded_is_nobody_elses_evidence(arranged):
    foreign = arranged.walker.photo(arranged.reach("policyholder_confirm_visit"))
    arrive(arranged)
    with pytest.raises(InvalidAnswersError) as refused:
        arranged.do("record_visit", hazards=[{**GENERAL, "photos_before": [foreign]}])
    assert refused.value.errors.keys() == {"hazards.0.photos_before"}


def test_the_id_of_a_foreign_upload_in_a_remark_gives_it_to_nobody(arranged):
    foreign = arranged.walker.photo(arranged.reach("policyholder_confirm_visit"))
    arrive(arranged)
    arranged.do("record_visit", measures_taken=foreign)
    with arranged.runtime.database.read(EVERYTHING) as session:
        assert session.get_one(EvidenceFile, UUID(foreign)).case_id is None


def test_a_surrender_cancels_what_was_not_begun_and_keeps_the_clock_of_what_was_done(opened):
    surrender_policy(
        opened.runtime,
        SurrenderPolicy(opened.policy_id, date(2026, 9, 1), Decimal("100.00")),
        opened.actor("insurer"),
    )
    drain(opened.runtime)
    (visit,) = opened.cases("service_visit")
    assert visit.end_event == "end_cancelled"
    (cycle,) = opened.cases("service_cycle")
    assert cycle.variables["short"] == 0
    assert opened.steps() == ["review_rate_evidence"]


def test_an_endorsement_only_raises_what_is_owed(world):
    world.register("45000.00")
    world.do("confirm_unit_facts", is_key=False)
    world.do("draft_scheme")
    world.do("approve_scheme", decision="approve")
    world.do("policyholder_confirm_scheme", answer="accept")
    coordinator = world.actor("coordinator")
    for delta, owed in (("-20000.00", 2), ("60000.00", 4)):
        endorse_policy(
            world.runtime, EndorsePolicy(world.policy_id, date(2026, 6, 1), Decimal(delta)), coordinator
        )
        drain(world.runtime)
        (cycle,) = world.cases("service_cycle")
        assert cycle.variables["required"] == owed
    assert world.steps() == ["draft_scheme"]


def test_a_refused_visit_ends_in_a_written_notice_and_can_be_taken_back(opened):
    opened.do("dispatch_visit")
    opened.do("accept_visit", accepted="yes")
    opened.do("arrange_pre_contact")
    opened.do("policyholder_confirm_visit", answer="refuse")
    assert opened.steps() == ["register_refusal"]
    opened.do("register_refusal", scope="all")
    opened.do("review_refusal_notice")
    opened.do("file_delivery_proof", delivery="failed")
    opened.do("review_refusal_notice")
    opened.do("file_delivery_proof", delivery="delivered")
    (refusal,) = opened.cases("service_refusal")
    with opened.runtime.database.read(EVERYTHING) as session:
        assert session.get(Policyholder, opened.offices.unit).willingness == "refused_filed"
    opened.send(refusal, "refusal_withdrawn", "policyholder", withdrawn_on="今天", withdrawn_by="王建国")
    with opened.runtime.database.read(EVERYTHING) as session:
        assert session.get(Policyholder, opened.offices.unit).willingness == "willing"
    assert opened.cases("service_refusal")[0].end_event == "end_withdrawn"
    (cycle,) = opened.cases("service_cycle")
    assert cycle.variables["willingness"] == "willing"
    assert opened.plans() == ["cancelled", "cancelled", "planned", "planned"]


def test_nobody_enters_without_permission_and_a_visit_can_be_rearranged(opened):
    opened.do("dispatch_visit")
    opened.do("accept_visit", accepted="no")
    opened.do("dispatch_visit")
    opened.do("accept_visit", accepted="yes")
    opened.do("arrange_pre_contact")
    opened.do("policyholder_confirm_visit", answer="agree")
    (visit,) = opened.cases("service_visit")
    opened.send(visit, "permission_revoked", "policyholder", **REVOKED)
    assert opened.steps() == ["arrange_pre_contact"]
    opened.do("arrange_pre_contact")
    opened.do("policyholder_confirm_visit", answer="reschedule")
    assert opened.steps() == ["arrange_pre_contact"]
    opened.do("arrange_pre_contact")
    opened.do("policyholder_confirm_visit", answer="agree")
    opened.clock.pass_by(hours=4)
    opened.do("check_in", entry_admitted=False)
    opened.do("record_entry_refusal")
    assert opened.cases("service_visit")[0].end_event == "end_cancelled"
    assert opened.steps() == ["register_refusal"]


REVOKED = {"revoked_by": "王建国", "revoked_at": "今天 09:00", "reason": "检修"}


def test_an_interruption_skips_neither_the_dispatch_nor_its_acceptance(opened):
    (visit,) = opened.cases("service_visit")
    opened.send(visit, "permission_revoked", "policyholder", **REVOKED)
    assert opened.steps() == ["dispatch_visit"]
    opened.do("dispatch_visit")
    opened.send(visit, "permission_revoked", "policyholder", **REVOKED)
    assert opened.steps() == ["dispatch_visit"]
    arrange(opened)
    opened.send(visit, "permission_revoked", "policyholder", **REVOKED)
    assert opened.steps() == ["arrange_pre_contact"]


def tell_of_a_major_hazard(world):
    """Take a visit with one major hazard to its served notice; return the photo."""
    open_visit(world, kind="metal_smelting")
    arrange(world)
    arrive(world)
    photo = world.walker.photo(world.item("record_visit"))
    major = {
        **GENERAL,
        "level": "major",
        "basis_clause": "判定标准第三条",
        "interim_measures": "停用",
        "photos_before": [photo],
    }
    world.do("record_visit", hazards=[major])
    world.do("policyholder_sign_visit")
    assert world.item("sign_notice").role == "provider_manager"
    world.do("sign_notice")
    world.do("serve_hazard_notice")
    return photo


def test_a_hazard_that_is_not_rectified_reaches_the_insurer(world):
    photo = tell_of_a_major_hazard(world)
    world.do("plan_rectification", answer="dispute")
    world.do("review_dispute", dispute_result="uphold")
    world.do("confirm_dispute", decision="approve")
    world.do("plan_rectification", answer="accept")
    (hazard,) = world.cases("hazard_closure")
    world.send(
        hazard,
        "extension_requested",
        "policyholder",
        new_deadline="+30工作日",
        reason="备件",
        interim_measures="停用",
        application=[photo],
    )
    world.do("approve_extension", decision="approve")
    world.do("submit_rectification")
    world.do("recheck_hazard", result="failed", method="onsite")
    world.clock.pass_by(days=120)
    drain(world.runtime)
    while "chase_rectification" in world.steps():
        world.do("chase_rectification")
        world.clock.pass_by(days=10)
        drain(world.runtime)
    world.do("determine_refusal", refused="yes", basis="two_reminders")
    world.do("insurer_decide_decline", decision="decline")
    world.do("send_decline_notice")
    with world.runtime.database.read(EVERYTHING) as session:
        (copy,) = session.scalars(select(Notice).where(Notice.role == "joint_office"))
        assert "拒保" in copy.title
    (hazard,) = world.cases("hazard_closure")
    assert hazard.status == "open"
    world.send(hazard, "rectification_offered", "policyholder", offered_on="今天", statement="愿意停产整改")
    assert "plan_rectification" in world.steps()
