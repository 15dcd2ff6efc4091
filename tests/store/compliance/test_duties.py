"""Each duty of the standard as its people break it and mend it, day by day, on both databases."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

from msgspec.structs import replace
from sqlalchemy import Select, select, update

from demo.accounts import PROVIDER
from demo.offices import sample_uscc
from rules.articles import KEYS
from store.compliance.catalogue import Force, Standing, duties, duty_of
from store.scope import Scope
from store.tables import Engagement, InsurerProfile, Organization
from tests.support.world import EVERYTHING
from tests.workflows.test_complaints import complain
from tests.workflows.test_meetings import call
from tests.workflows.test_pushes import push
from worker.loop import drain
from workflows.commands import BeginTraining, OpenRefusal
from workflows.compliance import Judged, as_of, judge
from workflows.duties import begin_duty_for
from workflows.handlers.gatherings import begin_training
from workflows.handlers.openings import open_refusal
from workflows.registers import EnterRecord, enter_record, written_record
from workflows.runtime import legal_day

BROKEN, AT_RISK, MET = Standing.BROKEN, Standing.AT_RISK, Standing.MET


def judged(world, key: str, day: date | None = None, scope: Scope = EVERYTHING) -> Judged:
    """Return how a duty stands, today if no day is given."""
    with world.runtime.database.read(scope) as session:
        return judge(session, duty_of(key), as_of(session, day or legal_day(world.clock.at)))


def standing(world, key: str, day: date | None = None) -> Standing:
    return judged(world, key, day).standing


def test_every_duty_names_an_article_and_says_how_to_mend_it():
    assert {duty.article for duty in duties()} <= set(KEYS)
    assert len({duty.key for duty in duties()}) == len(duties())
    assert all(duty.title and duty.remedy and duty.unit for duty in duties())


def test_a_recommendation_is_never_broken(told):
    told.clock.pass_by(days=60)
    found = judged(told, "return_visit")
    assert found.standing is BROKEN
    assert replace(found.duty, force=Force.SHOULD).standing(found.found) is AT_RISK


def test_a_return_visit_that_is_late_breaks_article_19_until_it_is_made(told):
    assert standing(told, "return_visit") is MET
    told.clock.pass_by(days=9)
    near = judged(told, "return_visit")
    assert (near.standing, near.found.at_risk.count) == (AT_RISK, 1)
    told.clock.pass_by(days=30)
    late = judged(told, "return_visit")
    (visit,) = told.cases("service_visit")
    assert [(row.kind, row.id) for row in late.found.broken.rows] == [("case", visit.id)]
    assert (late.standing, late.found.total, late.found.met) == (BROKEN, 1, 0)
    told.do("make_return_visit", reached=True, satisfaction="5", complaint_raised=False)
    mended = judged(told, "return_visit")
    assert (mended.standing, mended.found.total, mended.found.met) == (MET, 1, 0)
    assert "已回访但晚了 1 次" in mended.found.told


def test_a_month_without_its_report_is_a_risk_and_breaks_article_21_when_the_next_month_is_over(begun):
    begun.clock.at = datetime(2026, 4, 1, 1, tzinfo=UTC)
    begin_duty_for(begun.runtime, "monthly_report", "2026-03", date(2026, 4, 1), begun.offices.provider)
    assert standing(begun, "monthly_reports") is MET
    begun.clock.at = datetime(2026, 4, 20, 1, tzinfo=UTC)
    assert standing(begun, "monthly_reports") is AT_RISK
    begun.clock.at = datetime(2026, 5, 2, 1, tzinfo=UTC)
    assert standing(begun, "monthly_reports") is BROKEN
    begun.do("analyse_hazards")
    begun.do("approve_monthly_report", decision="approve")
    assert standing(begun, "monthly_reports") is MET


def test_a_major_issue_without_its_meeting_breaks_article_20_until_it_is_held(begun):
    assert standing(begun, "extra_meetings") is MET
    complain(begun)
    begun.do("register_complaint")
    begun.do("assign_complaint", major_issue="yes", needs_verification="no")
    assert standing(begun, "extra_meetings") is AT_RISK
    begun.clock.pass_by(days=12)
    begun.do("call_meeting")
    late = judged(begun, "extra_meetings")
    (case,) = begun.cases("exchange_meeting")
    assert (late.standing, [row.id for row in late.found.broken.rows]) == (BROKEN, [case.id])
    begun.do("record_meeting")
    assert standing(begun, "extra_meetings") is MET


def test_a_quarter_without_a_meeting_is_a_warning_and_no_breach_until_one_is_held(begun):
    assert standing(begun, "exchange_quarters") is MET
    near, over = (judged(begun, "exchange_quarters", day) for day in (date(2026, 3, 20), date(2026, 4, 1)))
    assert (near.standing, near.found.at_risk.count) == (AT_RISK, 1)
    assert (over.standing, over.found.broken.rows[0].id) == (AT_RISK, begun.offices.provider)
    call(begun)
    begun.do("call_meeting")
    begun.do("record_meeting")
    assert standing(begun, "exchange_quarters", date(2026, 4, 1)) is MET
    assert judged(begun, "exchange_quarters", date(2026, 7, 1)).found.broken.count == 1


def test_categories_that_no_longer_fit_into_the_year_are_a_risk_until_one_is_pushed(begun):
    assert standing(begun, "push_categories") is MET
    begun.clock.at = datetime(2026, 7, 1, 1, tzinfo=UTC)
    behind = judged(begun, "push_categories")
    assert (behind.standing, behind.found.at_risk.count, behind.found.total) == (AT_RISK, 7, 7)
    assert behind.found.at_risk.rows[0].id == begun.offices.provider
    push(begun)
    mended = judged(begun, "push_categories")
    assert (mended.standing, mended.found.met) == (MET, 1)
    assert standing(begun, "push_categories", date(2026, 12, 1)) is AT_RISK


def test_a_day_of_the_past_is_judged_as_it_stood(told):
    told.clock.pass_by(days=39)
    late_on = legal_day(told.clock.at)
    told.do("make_return_visit", reached=True, satisfaction="5", complaint_raised=False)
    assert standing(told, "return_visit", late_on - timedelta(days=1)) is BROKEN
    assert standing(told, "return_visit", late_on) is MET


def test_a_service_that_is_not_archived_in_time_breaks_article_19_until_it_is(told):
    told.clock.pass_by(days=60)
    assert standing(told, "archive") is BROKEN
    told.do("make_return_visit", reached=True, satisfaction="5", complaint_raised=False)
    told.do("compile_records")
    told.do("policyholder_confirm_record", record_answer="agree")
    assert standing(told, "archive") is BROKEN
    told.do("provider_sign_record")
    assert standing(told, "archive") is MET


def test_what_is_archived_has_its_sealed_file(archived):
    found = judged(archived, "case_files")
    assert (found.standing, found.found.total, found.found.met) == (MET, 1, 1)


def test_a_policy_owes_its_visits_until_they_are_arranged_and_breaks_article_14_when_it_ends(begun):
    begun.do("confirm_unit_facts", is_key=False)
    assert standing(begun, "visits_owed") is AT_RISK
    begun.do("draft_scheme")
    begun.do("approve_scheme", decision="approve")
    begun.do("policyholder_confirm_scheme", answer="accept")
    assert standing(begun, "visits_owed") is MET
    found = judged(begun, "visits_owed", date(2027, 3, 1))
    assert (found.standing, found.found.broken.rows[0].id) == (BROKEN, begun.policy_id)
    assert "欠 2 次" in found.found.broken.rows[0].detail


def test_a_policy_without_an_agreed_scheme_is_a_risk_until_the_unit_agrees(begun):
    begun.do("confirm_unit_facts", is_key=False)
    assert standing(begun, "scheme") is AT_RISK
    assert standing(begun, "scheme", date(2027, 3, 1)) is BROKEN
    begun.do("draft_scheme")
    begun.do("approve_scheme", decision="approve")
    begun.do("policyholder_confirm_scheme", answer="accept")
    assert standing(begun, "scheme") is MET


def test_a_refusal_breaks_article_13_when_its_letter_is_late_until_the_proof_is_filed(agreed):
    (cycle,) = agreed.cases("service_cycle")
    open_refusal(
        agreed.runtime, OpenRefusal(cycle.id, "电话里说不需要服务", "k"), agreed.actor("coordinator")
    )
    drain(agreed.runtime)
    agreed.do("register_refusal", scope="all")
    assert standing(agreed, "refusal_notices") is AT_RISK
    agreed.clock.pass_by(days=10)
    assert standing(agreed, "refusal_notices") is BROKEN
    agreed.do("review_refusal_notice")
    agreed.do("file_delivery_proof", delivery="delivered")
    found = judged(agreed, "refusal_notices")
    assert (found.standing, found.found.total, found.found.met) == (MET, 1, 1)


def test_nobody_enters_without_permission(arrived):
    found = judged(arrived, "entry")
    assert (found.standing, found.found.total, found.found.met) == (MET, 1, 1)


def test_a_hazard_is_a_risk_until_its_notice_is_served(arrived):
    photo = arrived.walker.photo(arrived.reach("record_visit"))
    hazard = {
        "place": "配电间", "level": "general", "description": "配电箱前堆放杂物", "hazard_class": "electricity",
        "cause": "object", "suggestion": "立即清理", "fixed_on_spot": False, "deadline": "+10工作日",
    }  # fmt: skip
    arrived.do("record_visit", hazards=[{**hazard, "photos_before": [photo]}])
    arrived.do("policyholder_sign_visit")
    assert standing(arrived, "hazard_notices") is AT_RISK
    arrived.do("sign_notice")
    arrived.do("serve_hazard_notice")
    assert standing(arrived, "hazard_notices") is MET


def write_again(world, who: str, register: str, find: Select[UUID], **changes: str) -> UUID:
    """Let somebody correct a record of a register by hand; return its id."""
    with world.runtime.database.read(EVERYTHING) as session:
        record_id = session.scalars(find).one()
        known = written_record(session, register, record_id)
    command = EnterRecord(register, {**known.texts, **changes}, record_id, known.version)
    return enter_record(world.runtime, command, world.actor(who))


def test_a_filing_that_ends_breaks_article_5_until_the_joint_office_registers_the_next(begun):
    assert standing(begun, "provider_filing") is MET
    provider = select(Organization.id).where(Organization.kind == "provider")
    write_again(begun, "joint_office", "filings", provider, filing_valid_until="2026-03-01")
    found = judged(begun, "provider_filing")
    assert (found.standing, found.found.broken.rows[0].id) == (BROKEN, begun.offices.provider)
    write_again(begun, "joint_office", "filings", provider, filing_valid_until="2028-03-01")
    assert standing(begun, "provider_filing") is MET


def test_a_contract_that_ends_breaks_article_5_until_the_insurer_registers_another(begun):
    assert standing(begun, "engagements") is MET
    write_again(begun, "insurer", "engagements", select(Engagement.id), end="2026-03-01")
    found = judged(begun, "engagements")
    assert (found.standing, found.found.broken.rows[0].id) == (BROKEN, begun.offices.provider)
    renewed = {"number": "WT-2026-002", "kind": "保险机构委托第三方", "party_b": PROVIDER}
    days = {"start": "2026-03-02", "end": "2027-03-01"}
    enter_record(begun.runtime, EnterRecord("engagements", {**renewed, **days}), begun.actor("insurer"))
    assert standing(begun, "engagements") is MET


def test_an_insurer_without_a_published_channel_breaks_article_22_until_it_publishes_it(begun):
    assert standing(begun, "complaint_channels") is MET
    with begun.runtime.database.write(EVERYTHING) as session:
        session.execute(update(InsurerProfile).values(complaint_phone=""))
    assert standing(begun, "complaint_channels") is BROKEN
    insurer = select(Organization.id).where(Organization.kind == "insurer")
    write_again(begun, "insurer", "insurers", insurer, complaint_phone="95500-3")
    assert standing(begun, "complaint_channels") is MET


def test_an_insurer_that_has_not_trained_its_people_this_year_is_a_risk_until_it_has(begun):
    assert standing(begun, "skill_trainings") is AT_RISK
    held = {"title": "隐患排查", "day": "2026-02-10", "people": "6"}
    enter_record(begun.runtime, EnterRecord("skill_trainings", held), begun.actor("insurer"))
    assert standing(begun, "skill_trainings") is MET
    assert standing(begun, "skill_trainings", date(2027, 1, 4)) is AT_RISK


def test_an_agency_that_is_engaged_needs_its_qualification_and_an_expert_a_certificate(begun):
    assert standing(begun, "agencies") is MET
    agency = {"name": "瓯越安全评价有限公司", "uscc": sample_uscc(77), "kind": "安全评价机构"}
    made = enter_record(
        begun.runtime,
        EnterRecord("agencies", {**agency, "valid_until": "2026-03-31"}),
        begun.actor("provider_manager"),
    )
    contract = {"number": "PY-1", "kind": "第三方聘请技术服务机构", "party_b": agency["name"]}
    days = {"start": "2026-01-01", "end": "2026-12-31"}
    enter_record(
        begun.runtime, EnterRecord("engagements", {**contract, **days}), begun.actor("provider_manager")
    )
    found = judged(begun, "agencies", date(2026, 4, 1))
    assert (found.standing, found.found.broken.rows[0].id) == (BROKEN, made)
    agencies = select(Organization.id).where(Organization.id == made)
    write_again(begun, "provider_manager", "agencies", agencies, valid_until="2028-03-31")
    assert standing(begun, "agencies", date(2026, 4, 1)) is MET
    assert standing(begun, "experts") is MET
    assert standing(begun, "experts", date(2028, 12, 1)) is AT_RISK


def test_people_of_others_are_told_of_nothing(told):
    told.clock.pass_by(days=60)
    stranger = Scope(org_id=uuid4(), org_kind="provider", roles=frozenset({"coordinator"}))
    for duty in duties():
        found = judged(told, duty.key, scope=stranger).found
        assert (found.total, found.broken.count, found.at_risk.count) == (0, 0, 0), duty.key


def test_one_unit_is_asked_about_alone(told):
    told.clock.pass_by(days=60)
    with told.runtime.database.read(EVERYTHING) as session:
        asked = as_of(session, legal_day(told.clock.at))
        others = replace(asked, policyholder_id=told.offices.provider)
        own = replace(asked, policyholder_id=told.offices.unit)
        for duty in duties():
            assert judge(session, duty, others).found.total == 0, duty.key
        assert judge(session, duty_of("archive"), own).found.broken.count == 1


def test_a_complaint_that_is_not_answered_breaks_article_22_until_it_is(begun):
    complain(begun)
    assert standing(begun, "complaint_replies") is MET
    begun.clock.pass_by(days=12)
    near = judged(begun, "complaint_replies")
    assert (near.standing, near.found.total, near.found.at_risk.count) == (AT_RISK, 0, 1)
    begun.clock.pass_by(days=20)
    (case,) = begun.cases("complaint")
    late = judged(begun, "complaint_replies")
    assert (late.standing, [row.id for row in late.found.broken.rows]) == (BROKEN, [case.id])
    begun.do("register_complaint")
    begun.do("assign_complaint", needs_verification="no", major_issue="no")
    begun.do("reply_complaint")
    mended = judged(begun, "complaint_replies")
    assert (mended.standing, mended.found.total, mended.found.met) == (MET, 1, 0)
    assert "已答复但晚了 1 件" in mended.found.told
    assert standing(begun, "complaint_replies", late.found.broken.rows[0].day + timedelta(days=1)) is BROKEN


def test_a_quarter_without_a_training_is_a_risk_until_one_is_held_and_a_year_without_four_breaks_article_15(
    begun,
):
    assert standing(begun, "group_trainings") is MET
    begun.clock.at = datetime(2026, 4, 1, 1, tzinfo=UTC)
    behind = judged(begun, "group_trainings")
    assert (behind.standing, behind.found.met, behind.found.total) == (AT_RISK, 0, 4)
    begin_training(begun.runtime, BeginTraining("first"), begun.actor("coordinator"))
    drain(begun.runtime)
    begun.do("plan_training")
    begun.do("approve_training", decision="approve")
    begun.pass_until("2026-05-20")
    assert standing(begun, "group_trainings") is AT_RISK
    begun.do("hold_training")
    held = judged(begun, "group_trainings")
    assert (held.standing, held.found.met) == (MET, 1)


def test_a_year_in_which_visits_were_made_but_too_few_trainings_held_breaks_article_15(told):
    assert standing(told, "group_trainings", date(2026, 12, 31)) is AT_RISK
    short = judged(told, "group_trainings", date(2027, 1, 1))
    assert (short.standing, short.found.broken.count) == (BROKEN, 1)
    assert short.found.broken.rows[0].detail == "2026 年少 4 次"
