"""Group trainings: whom they invite, what must be there before they count, what they cost (第十五条)."""

from datetime import date

import pytest
from sqlalchemy import func, select

from demo.offices import UNIT
from store.tables import Document, FundEntry, GroupTraining, Notice, TrainingInvitation
from tests.support.world import EVERYTHING
from worker.loop import drain
from workflows.commands import BeginTraining
from workflows.errors import InvalidAnswersError, NotAllowedError
from workflows.handlers.gatherings import begin_training


def begin(world):
    begin_training(world.runtime, BeginTraining("first"), world.actor("coordinator"))
    drain(world.runtime)


def announced(world):
    begin(world)
    world.do("plan_training")
    world.do("approve_training", decision="approve")


def the_training(world) -> GroupTraining:
    with world.runtime.database.read(EVERYTHING) as session:
        return session.scalars(select(GroupTraining)).one()


def test_a_training_goes_from_its_plan_to_the_ledger(begun):
    announced(begun)
    assert "hold_training" not in begun.steps()
    begun.pass_until(the_training(begun).planned_on.isoformat())
    begun.do("hold_training")
    begun.do("evaluate_training")
    (case,) = begun.cases("group_training")
    assert case.end_event == "end_held"
    training = the_training(begun)
    assert (training.state, training.score) == ("held", 88.5)
    with begun.runtime.database.read(EVERYTHING) as session:
        (invited,) = session.scalars(select(TrainingInvitation))
        (told,) = session.scalars(select(Notice).where(Notice.title.startswith("邀请参加")))
        (spent,) = session.scalars(select(FundEntry))
        papers = session.scalars(select(Document.template).where(Document.case_id == case.id))
        assert sorted(papers) == ["training_invitation", "training_record"]
    assert (invited.channel, invited.people) == ("account", 2)
    assert (told.holder_id, told.link) == (begun.offices.unit, f"/gatherings/trainings/{training.id}")
    assert spent.public_activity == case.title == "集中培训 节后复工安全培训"
    assert spent.insurer_id == begun.offices.insurer


def test_a_condition_that_means_nobody_is_told_at_the_form(begun):
    begin(begun)
    for rule, problem in (
        ("premium >", "读不了"),
        ("size > 3", "没有“size”这一项"),
        ("premium + 1", "是或否"),
        ('high_risk_kind = "烟花爆竹"', "没有一家"),
        ("count(for a in 1..9999 return for b in 1..9999 return a) > 0", "读不了"),
    ):
        with pytest.raises(InvalidAnswersError) as refused:
            begun.do("plan_training", audience_rule=rule)
        assert problem in refused.value.errors["audience_rule"]


def test_who_came_is_a_list_of_known_units_and_nothing_is_held_without_its_sheet(begun):
    announced(begun)
    begun.pass_until(the_training(begun).planned_on.isoformat())
    for attendance in ("没有这家单位 3", "只有名字", f"{UNIT} 0", f"{UNIT} 1\n{UNIT} 2"):
        with pytest.raises(InvalidAnswersError) as refused:
            begun.do("hold_training", attendance=attendance)
        assert "行：" in refused.value.errors["attendance"]
    with pytest.raises(InvalidAnswersError) as refused:
        begun.do("hold_training", sheet=[], material=[])
    assert refused.value.errors.keys() == {"sheet", "material"}


def test_a_training_that_is_put_off_invites_nobody_twice_and_one_cancelled_counts_for_nothing(begun):
    announced(begun)
    begun.pass_until(the_training(begun).planned_on.isoformat())
    begun.do("hold_training", outcome="postponed", reason="台风")
    begun.do("plan_training")
    begun.do("approve_training", decision="approve")
    with begun.runtime.database.read(EVERYTHING) as session:
        assert session.scalar(select(func.count()).select_from(TrainingInvitation)) == 1
    begun.pass_until(the_training(begun).planned_on.isoformat())
    begun.do("hold_training", outcome="cancelled", reason="讲师生病")
    assert begun.cases("group_training")[0].end_event == "end_cancelled"
    assert (the_training(begun).state, the_training(begun).held_on) == ("cancelled", None)


def test_a_plan_goes_back_with_its_reason_and_a_cost_waits_for_its_plan(begun):
    begin(begun)
    begun.do("plan_training", planned_on=date(2026, 3, 20))
    begun.do("approve_training", decision="return", opinion="对象太宽")
    assert the_training(begun).opinion == "对象太宽"
    begun.do("plan_training", planned_on=date(2026, 3, 20))
    begun.do("approve_training", decision="approve")
    begun.pass_until("2026-03-20")
    begun.do("hold_training")
    begun.do("evaluate_training", amount="99999999.00")
    (case,) = begun.cases("group_training")
    assert (case.status, case.variables["cost_reason"]) == ("open", "超出年度费用计划总额")
    begun.do("evaluate_training", has_cost="no")
    assert begun.cases("group_training")[0].end_event == "end_held"


def test_only_a_coordinator_begins_a_training_and_once_for_a_key(begun):
    with pytest.raises(NotAllowedError):
        begin_training(begun.runtime, BeginTraining("x"), begun.actor("expert"))
    coordinator = begun.actor("coordinator")
    first = begin_training(begun.runtime, BeginTraining("x"), coordinator)
    assert begin_training(begun.runtime, BeginTraining("x"), coordinator) == first
