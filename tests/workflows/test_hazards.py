"""A hazard from its notice to its closure: levels, notices, deadlines, on both databases."""

from datetime import date
from decimal import Decimal

from sqlalchemy import func, select

from store.invariants import check
from store.tables import Deadline, Dispute, Hazard, HazardNotice, HazardNoticeLine, Message, RateFactor
from tests.support.world import EVERYTHING, GENERAL
from worker.loop import drain
from workflows.handlers.policies import SurrenderPolicy, surrender_policy
from workflows.runtime import legal_day


def hazard(world) -> Hazard:
    """Return the one hazard."""
    with world.runtime.database.read(EVERYTHING) as session:
        return session.scalars(select(Hazard)).one()


def notices(world) -> list[tuple[str, str, int]]:
    """Return level, state and number of hazards of each notice, majors first."""
    count = select(func.count()).where(HazardNoticeLine.notice_id == HazardNotice.id).scalar_subquery()
    with world.runtime.database.read(EVERYTHING) as session:
        rows = session.execute(select(HazardNotice.level, HazardNotice.state, count)).all()
        return sorted((tuple(row) for row in rows), reverse=True)


def ask_for_an_extension(world) -> None:
    """Let the unit ask for more time."""
    (case,) = world.cases("hazard_closure")
    wish = {"new_deadline": "+30工作日", "reason": "备件", "interim_measures": "停用"}
    photo = world.walker.photo(world.item("submit_rectification"))
    world.send(case, "extension_requested", "policyholder", **wish, application=[photo])


def test_an_extension_that_is_older_than_a_failed_recheck_does_not_move_its_date(told):
    told.do("plan_rectification", answer="accept")
    ask_for_an_extension(told)
    told.do("submit_rectification")
    told.do("approve_extension", decision="approve")
    told.do("recheck_hazard", result="failed", new_deadline=date(2026, 12, 1))
    assert hazard(told).deadline == date(2026, 12, 1)
    assert told.item("submit_rectification").due_on == date(2026, 12, 1)


def test_a_hazard_raised_to_major_at_the_signing_has_its_own_notice_is_alerted_and_due_at_once(arrived):
    """第十八条: one notice for each major hazard, told the same day."""
    photo = arrived.walker.photo(arrived.item("record_visit"))
    arrived.do("record_visit", hazards=[{**GENERAL, "photos_before": [photo]}] * 2)
    arrived.do("policyholder_sign_visit")
    with arrived.runtime.database.read(EVERYTHING) as session:
        first, second = session.scalars(select(Hazard.id).order_by(Hazard.position))
    raised = {"item": str(first), "level": "major", "basis_clause": "判定标准第三条"}
    arrived.do("sign_notice", hazards=[raised, {"item": str(second), "level": "general"}])
    assert notices(arrived) == [("major", "draft", 1), ("general", "draft", 1)]
    assert arrived.item("sign_notice").role == "provider_manager"
    assert arrived.item("sign_notice").due_on == legal_day(arrived.clock.at)
    arrived.do("sign_notice")
    assert notices(arrived) == [("major", "issued", 1), ("general", "issued", 1)]
    assert arrived.item("serve_hazard_notice").due_on == legal_day(arrived.clock.at)
    assert arrived.cases("service_visit")[0].variables["major_count"] == 1
    with arrived.runtime.database.read(EVERYTHING) as session:
        assert session.get_one(Hazard, first).alerted_at == arrived.clock.at


def test_a_notice_that_is_signed_in_time_and_served_late_is_late(arrived):
    """第十八条: the unit is told within its days, not the file."""

    def met():
        with arrived.runtime.database.read(EVERYTHING) as session:
            days = select(Deadline.met_on).where(Deadline.kind == "notice_general")
            return session.scalars(days).one()

    photo = arrived.walker.photo(arrived.item("record_visit"))
    arrived.do("record_visit", hazards=[{**GENERAL, "photos_before": [photo]}])
    arrived.do("policyholder_sign_visit")
    arrived.do("sign_notice")
    assert met() is None
    arrived.clock.pass_by(days=20)
    arrived.do("serve_hazard_notice")
    assert met() == legal_day(arrived.clock.at)


def test_a_corrected_notice_takes_the_place_of_the_old_one_and_is_served(told):
    told.do("plan_rectification", answer="dispute")
    told.do("review_dispute", dispute_result="relevel", new_level="major")
    told.do("confirm_dispute", decision="approve")
    assert notices(told) == [("major", "issued", 1), ("general", "void", 1)]
    assert hazard(told).alerted_at == told.clock.at
    told.do("serve_corrected_notice")
    assert notices(told) == [("major", "served", 1), ("general", "void", 1)]
    assert "plan_rectification" in told.steps()


def test_a_hazard_is_withdrawn_once_the_coordinator_and_the_manager_have_signed(told):
    """processes.md, P4: 撤销须第三方负责人批准。"""
    told.do("plan_rectification", answer="dispute")
    told.do("review_dispute", dispute_result="withdraw")
    assert told.item("confirm_dispute").role == "coordinator"
    told.do("confirm_dispute", decision="approve")
    assert hazard(told).state != "withdrawn"
    assert told.item("confirm_dispute").role == "provider_manager"
    told.do("confirm_dispute", decision="approve")
    assert hazard(told).state == "withdrawn"
    with told.runtime.database.read(EVERYTHING) as session:
        assert session.scalars(select(Dispute.approved_by)).one() == told.offices.people["provider_manager"]
        assert check(session) == []


def test_one_who_does_not_sign_sends_the_dispute_back_to_the_expert(told):
    told.do("plan_rectification", answer="dispute")
    told.do("review_dispute", dispute_result="withdraw")
    told.do("confirm_dispute", decision="approve")
    told.do("confirm_dispute", decision="return")
    assert "review_dispute" in told.steps()
    assert hazard(told).state != "withdrawn"
    told.do("review_dispute", dispute_result="uphold")
    told.do("confirm_dispute", decision="approve")
    assert "plan_rectification" in told.steps()


def surrender(world) -> None:
    """Let the insurer note that the policy is surrendered, and everybody hear of it."""
    command = SurrenderPolicy(world.policy_id, legal_day(world.clock.at), Decimal("100.00"))
    surrender_policy(world.runtime, command, world.actor("insurer"))
    drain(world.runtime)


def test_a_general_hazard_is_left_as_it_stands_when_the_policy_is_surrendered(told):
    """processes.md, P4: what is not closed is noted for the next year's rate, and the case ends."""
    told.do("plan_rectification", answer="accept")
    ask_for_an_extension(told)
    surrender(told)
    (case,) = told.cases("hazard_closure")
    assert (case.status, case.end_event) == ("completed", "end_surrendered")
    assert not {"submit_rectification", "approve_extension"} & set(told.steps())
    assert hazard(told).state == "unresolved_at_term_end"
    with told.runtime.database.read(EVERYTHING) as session:
        assert session.scalars(select(RateFactor.kind)).all() == ["unresolved_hazard"]
        assert check(session) == []


def test_a_major_hazard_is_followed_though_the_policy_is_surrendered(told):
    told.do("plan_rectification", answer="dispute")
    told.do("review_dispute", dispute_result="relevel", new_level="major")
    told.do("confirm_dispute", decision="approve")
    told.do("serve_corrected_notice")
    surrender(told)
    (case,) = told.cases("hazard_closure")
    assert case.status == "open"
    assert "plan_rectification" in told.steps()
    told.do("plan_rectification", answer="accept")
    told.do("submit_rectification")
    told.do("recheck_hazard", result="passed")
    (case,) = told.cases("hazard_closure")
    assert (case.status, case.end_event) == ("completed", "end_closed")


def test_a_closed_hazard_hears_of_no_surrender(told):
    told.do("plan_rectification", answer="accept")
    told.do("submit_rectification")
    told.do("recheck_hazard", result="passed")
    surrender(told)
    assert hazard(told).state == "closed"
    with told.runtime.database.read(EVERYTHING) as session:
        assert session.scalars(select(Message).where(Message.target_process == "hazard_closure")).all() == []
