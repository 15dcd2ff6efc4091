"""P1: the yearly plan of work, the fund of each insurer in it, its filing and its revision; both databases."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from store.compliance.catalogue import Standing, duty_of
from store.planned_trainings import foreseen_trainings
from store.tables import AnnualPlan, Case, Deadline, Document, FundEntry, FundPlan
from tests.support.world import EVERYTHING
from workflows.advance import new_act
from workflows.answering import answering_context
from workflows.commands import BeginCase, BeginTraining
from workflows.compliance import as_of, judge
from workflows.duties import begin_duty_for
from workflows.errors import InvalidAnswersError, NotAllowedError, NotFoundError
from workflows.handlers.beginnings import begin_by_form
from workflows.handlers.fund_rules import ChooseFundRules, choose_fund_rules
from workflows.handlers.gatherings import begin_training
from workflows.runtime import legal_day

YEAR = 2027
ROW = {"total": "1000000.00", "training": "1.00", "inspection": "850000.00"}


def rows(world, query):
    with world.runtime.database.read(EVERYTHING) as session:
        return session.scalars(query).all()


def plans(world):
    return rows(world, select(AnnualPlan).order_by(AnnualPlan.version))


@pytest.fixture
def begun_plan(begun):
    """The plan of the year after the one in which the city's policy was signed, as the calendar begins it."""
    begun.clock.at = datetime(YEAR, 1, 2, 1, tzinfo=UTC)
    begin_duty_for(begun.runtime, "annual_plan", str(YEAR), date(YEAR, 1, 2), begun.offices.provider)
    return begun


def filed(world, **answers):
    world.do("draft_annual_plan")
    world.do("set_fund_plan")
    world.do("insurer_confirm_fund_plan", decision="approve")
    world.do("approve_annual_plan", decision="approve")
    world.do("submit_annual_plan")
    world.do("receive_annual_plan", **{"receipt": "accept", **answers})


def test_a_plan_goes_from_last_years_figures_to_its_filing(begun_plan):
    (plan,) = plans(begun_plan)
    assert (plan.basis["year"], plan.basis["premium"], plan.basis["units"]) == (YEAR - 1, "45000.00", 1)
    assert plan.basis["tiers"] == [{"tier": "3–6 万元", "units": 1, "premium": "45000.00", "visits": 2}]
    assert plan.basis["visits"] == 2
    filed(begun_plan, filing_no="温安责备〔2027〕7号")
    (case,) = begun_plan.cases("annual_plan")
    assert (case.end_event, case.insurer_id) == ("end_filed", begun_plan.offices.insurer)
    (plan,) = plans(begun_plan)
    assert (plan.state, plan.filing_no) == ("filed", "温安责备〔2027〕7号")
    part = rows(begun_plan, select(FundPlan).where(FundPlan.annual_plan_id == plan.id))[0]
    assert (part.state, part.total, part.agreement["decision"]) == ("approved", Decimal(2000000), "approve")
    assert sum(Decimal(item["amount"]) for item in part.items) == part.total
    (paper,) = rows(begun_plan, select(Document).where(Document.case_id == case.id))
    assert paper.pdf_sha256
    assert len(paper.content["trainings"]) == 4
    assert "两套规则不能同时满足" in paper.content["shares"][0]["conclusion"]
    (deadline,) = rows(begun_plan, select(Deadline).where(Deadline.case_id == case.id))
    assert (deadline.due, deadline.statutory) == (date(YEAR, 3, 31), False)
    assert deadline.met_on is not None


def test_what_a_plan_must_have_is_told_at_its_forms(begun_plan):
    training = {"topic": "x", "audience": "risk", "focus": "x"}
    for wrong, key, told in (
        ({"visits_owed": 1}, "visits_owed", "不能少于按上年保单估计的应服务 2 次"),
        ({"trainings": [{**training, "planned_on": f"{YEAR}-03-01"}] * 3}, "trainings", "每年不少于 4 次"),
        ({"trainings": [{**training, "planned_on": f"{YEAR}-03-01"}] * 3
          + [{**training, "planned_on": f"{YEAR + 1}-03-01"}]}, "trainings", f"都要在 {YEAR} 年内"),
    ):  # fmt: skip
        with pytest.raises(InvalidAnswersError) as refused:
            begun_plan.do("draft_annual_plan", **wrong)
        assert told in refused.value.errors[key]
    begun_plan.do("draft_annual_plan")
    wrong = {"item": str(begun_plan.offices.insurer), **ROW}
    with pytest.raises(InvalidAnswersError) as refused:
        begun_plan.do("set_fund_plan", funds=[wrong])
    assert "各项合计 850,001.00 元，与总额 1,000,000.00 元不符" in refused.value.errors["funds"]
    owners = {"org_id": begun_plan.offices.provider, "insurer_id": begun_plan.offices.insurer}
    paid = {"kind": "expense", "category": "inspection", "entry_date": date(YEAR, 1, 2), **owners}
    with begun_plan.runtime.database.write(EVERYTHING) as session:
        session.add(FundEntry(number="1", amount=Decimal(30000000), **paid))
    with pytest.raises(InvalidAnswersError) as refused:
        begun_plan.do("set_fund_plan")
    assert "已经支出 30,000,000.00 元" in refused.value.errors["funds"]


def test_a_fund_beyond_what_the_chosen_rules_allow_of_the_premium_is_refused(begun_plan):
    begun_plan.do("draft_annual_plan")
    row = {"item": str(begun_plan.offices.insurer), "total": "9450.01", "training": "9450.01"}
    given = ChooseFundRules("national-2025", YEAR, "按全国规定", "温安委办〔2026〕8号")
    choose_fund_rules(begun_plan.runtime, given, begun_plan.actor("system_admin"))
    with pytest.raises(InvalidAnswersError) as refused:
        begun_plan.do("set_fund_plan", funds=[row])
    assert "上限 9,450.00 元（依据的上年保费 45,000.00 元）" in refused.value.errors["funds"]
    begun_plan.do("set_fund_plan", funds=[{**row, "total": "9450.00", "training": "9450.00"}])


def test_an_insurer_and_the_manager_send_a_plan_back_with_their_reason(begun_plan):
    begun_plan.do("draft_annual_plan")
    begun_plan.do("set_fund_plan")
    begun_plan.do("insurer_confirm_fund_plan", decision="return", opinion="培训太少")
    assert plans(begun_plan)[0].opinion == "培训太少"
    begun_plan.do("draft_annual_plan")
    begun_plan.do("set_fund_plan")
    begun_plan.do("insurer_confirm_fund_plan", decision="approve")
    begun_plan.do("approve_annual_plan", decision="return", opinion="目标不清楚")
    assert plans(begun_plan)[0].opinion == "目标不清楚"
    filed(begun_plan)
    (plan,) = plans(begun_plan)
    assert len(rows(begun_plan, select(FundPlan).where(FundPlan.annual_plan_id == plan.id))) == 1


def test_a_plan_that_the_office_returns_comes_again_as_another_version(begun_plan):
    filed(begun_plan, receipt="return", opinion="缺渔业单位的安排")
    first, second = plans(begun_plan)
    assert (first.state, second.version, second.reason) == ("returned", 2, "缺渔业单位的安排")
    assert second.trainings == first.trainings
    filed(begun_plan)
    assert [plan.state for plan in plans(begun_plan)] == ["returned", "filed"]
    parts = rows(begun_plan, select(FundPlan).where(FundPlan.year == YEAR).order_by(FundPlan.version))
    assert [part.version for part in parts][-2:] == [parts[-1].version - 1, parts[-1].version]
    assert parts[-1].revision_of_id == parts[-2].id


def test_a_filed_plan_is_revised_by_its_coordinator_and_the_old_version_stays(begun_plan):
    actor = begun_plan.actor("coordinator")
    asked = BeginCase("annual_plan", "plan_revised", None, {"reason": "费用要超出原计划"}, "k1")
    with pytest.raises(InvalidAnswersError) as refused:
        begin_by_form(begun_plan.runtime, asked, actor)
    assert "还没有备案的年度计划" in refused.value.errors["reason"]
    filed(begun_plan)
    with pytest.raises(NotAllowedError):
        begin_by_form(begun_plan.runtime, asked, begun_plan.actor("insurer"))
    begin_by_form(begun_plan.runtime, asked, actor)
    filed(begun_plan, filing_no="温安责备〔2027〕9号")
    old, new = plans(begun_plan)
    assert (old.state, new.state, new.reason) == ("superseded", "filed", "费用要超出原计划")
    assert (old.filing_no, new.filing_no) == ("温安责备〔2026〕7号", "温安责备〔2027〕9号")


def test_what_a_plan_rests_on_is_kept_as_it_was_frozen(begun_plan):
    with pytest.raises(IntegrityError), begun_plan.runtime.database.write(EVERYTHING) as session:
        session.execute(update(AnnualPlan).values(basis={}))


def test_a_training_of_the_filed_plan_is_begun_once_as_it_was_planned(begun_plan):
    filed(begun_plan)
    actor = begun_plan.actor("coordinator")
    with begun_plan.runtime.database.read(EVERYTHING) as session:
        first, *_ = foreseen_trainings(session, begun_plan.offices.provider, YEAR)
    assert (first.row["topic"], first.case_id) == ("节后复工安全培训", None)
    case_id = begin_training(begun_plan.runtime, BeginTraining("a", first.key), actor)
    assert begin_training(begun_plan.runtime, BeginTraining("b", first.key), actor) == case_id
    with pytest.raises(NotFoundError):
        begin_training(begun_plan.runtime, BeginTraining("c", "plan:none"), actor)
    with begun_plan.runtime.database.read(EVERYTHING) as session:
        act = new_act(begun_plan.runtime, session, session.get(Case, case_id), actor, begun_plan.clock.at)
        assert answering_context(act).prefill["topic"] == "节后复工安全培训"
        assert foreseen_trainings(session, begun_plan.offices.provider, YEAR)[0].case_id == case_id


def test_a_year_without_its_plan_is_a_risk_until_the_plan_is_submitted(begun_plan):
    def standing():
        with begun_plan.runtime.database.read(EVERYTHING) as session:
            day = legal_day(begun_plan.clock.at)
            return judge(session, duty_of("annual_plans"), as_of(session, day)).standing

    assert standing() is Standing.MET
    begun_plan.clock.at = datetime(YEAR, 4, 2, 1, tzinfo=UTC)
    assert standing() is Standing.AT_RISK
    begun_plan.clock.at = datetime(YEAR + 1, 1, 2, 1, tzinfo=UTC)
    assert standing() is Standing.BROKEN
    filed(begun_plan)
    assert standing() is Standing.MET
