"""What a form is told about the case's records: by name, and only what it asks for."""

from contextlib import contextmanager
from datetime import datetime, timedelta

import pytest
from sqlalchemy import event

from rules.checklists import checklist, checklists
from store.tables import Anomaly, Visit
from tests.support.world import EVERYTHING, arrange, arrive
from workflows.advance import new_act
from workflows.answering import answering_context
from workflows.facts import facts_of
from workflows.facts.choices import HostLists
from workflows.facts.groups import CaseFacts, Group, UndeclaredFactError
from workflows.people import SYSTEM
from workflows.runtime import SHANGHAI


@pytest.fixture
def act(arrived):
    """A command on a visit at whose unit the expert stands."""
    (visit,) = arrived.cases("service_visit")
    with arrived.runtime.database.write(EVERYTHING, now=arrived.clock.at) as session:
        case = session.get_one(type(visit), visit.id)
        yield new_act(arrived.runtime, session, case, SYSTEM, arrived.clock.at)


def asked(act, look) -> list[str]:
    """Return the statements that a look at the facts sends."""
    sent = []

    def note(_connection, _cursor, statement, *_rest):
        sent.append(statement)

    engine = act.session.get_bind()
    event.listen(engine, "before_cursor_execute", note)
    look()
    event.remove(engine, "before_cursor_execute", note)
    return sent


def test_what_no_form_asks_for_is_not_read(act):
    context = answering_context(act)
    assert asked(act, lambda: context.variables["planned_on"])
    assert not asked(act, lambda: context.variables["planned_on"]), "one look at the records is enough"
    whole = asked(act, lambda: dict(context.variables))
    assert len(whole) > 10, "the other facts had not been read before"


def test_the_visit_speaks_for_what_its_policy_also_knows(act):
    facts = facts_of(act)
    assert facts["opinion"] is None, "nobody was called back yet, whatever was said about the scheme"
    assert facts["escort"].startswith("王建国")
    assert len(facts) == len(dict(facts)) > 30


def test_a_case_without_a_hazard_has_no_facts_of_one(act):
    assert "deadline" not in facts_of(act)
    with pytest.raises(KeyError):
        facts_of(act)["deadline"]


def test_without_a_hazard_every_way_of_rechecking_is_listed(act):
    assert [way.value for way in HostLists(act)["recheck_method"]] == ["photo", "phone", "onsite"]


def test_a_fact_that_no_form_could_find_is_told_at_once(act):
    silent = Group(lambda _: {"known": 1, "forgotten": 2}, frozenset({"known"}))
    with pytest.raises(UndeclaredFactError, match="forgotten"):
        CaseFacts(act, [silent])["known"]


@contextmanager
def acting(world, process):
    """Give a command on the case of this process."""
    (case,) = world.cases(process)
    with world.runtime.database.write(EVERYTHING, now=world.clock.at) as session:
        yield new_act(world.runtime, session, session.get_one(type(case), case.id), SYSTEM, world.clock.at)


def test_what_the_record_has_stands_under_each_element(act):
    listed = {choice.value: choice.about for choice in HostLists(act)["record_elements"]}
    visit = act.session.get_one(Visit, act.case.visit_id)
    assert visit.place == ""
    assert listed["place"] == "没有记录"
    assert listed["time"].startswith(f"{visit.arrived_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}")
    assert listed["personnel"]
    assert listed["org"].endswith("公司")
    assert listed.keys() == {"time", "place", "org", "personnel", "content", "process"}


@pytest.mark.parametrize(
    ("left", "told"),
    [
        (None, "，没有记离场"),
        (timedelta(hours=2), " 至 11:00"),
        (timedelta(hours=26), " 至 2026-03-04 11:00"),
    ],
)
def test_a_stay_names_the_day_on_which_it_ends_if_it_is_another(act, left, told):
    visit = act.session.get_one(Visit, act.case.visit_id)
    visit.arrived_at = datetime(2026, 3, 3, 9, tzinfo=SHANGHAI)
    visit.left_at = visit.arrived_at + left if left is not None else None
    listed = {choice.value: choice.about for choice in HostLists(act)["record_elements"]}
    assert listed["time"] == f"2026-03-03 09:00{told}"


@pytest.mark.parametrize(
    ("code", "detail", "told"),
    [
        ("short_stay", {"minutes": 12}, "在场 12 分钟，不到 30 分钟"),
        ("no_position", {"reason": "地下室没有信号"}, "签到时写的原因：地下室没有信号"),
        ("no_position", {"reason": ""}, ""),
        ("two_places", {"visit": "FW-2"}, "同一时段还在服务 FW-2"),
        (
            "clock_skew",
            {"device": "2026-03-02T01:00:00+00:00", "server": "2026-03-02T01:20:00+00:00"},
            "手机上是 2026-03-02 09:00，系统收到是 2026-03-02 09:20",
        ),
    ],
)
def test_an_anomaly_is_told_with_its_figures(act, code, detail, told):
    found = {"visit_id": act.case.visit_id, "found_at": act.now, **act.owners()}
    act.session.add(Anomaly(code=code, detail=detail, **found))
    act.session.flush()
    (choice,) = HostLists(act)["visit_anomalies"]
    assert choice.about == told


def test_a_refusal_written_in_an_answer_is_not_typed_again(arranged):
    arranged.do("policyholder_confirm_visit", answer="refuse", refuse_reason="正在停产检修")
    with acting(arranged, "service_refusal") as act:
        values = answering_context(act).prefill
    assert values["reason"] == "正在停产检修"
    assert (values["refused_on"], values["scope"]) == (arranged.clock.at.date(), "this_visit")
    assert values["refused_by"] == arranged.actor("policyholder").name


def test_a_refused_scheme_refuses_all(world):
    world.register("45000.00", "none")
    world.do("confirm_unit_facts", is_key=False)
    world.do("draft_scheme")
    world.do("approve_scheme", decision="approve")
    world.do("policyholder_confirm_scheme", answer="refuse", refuse_reason="已有自己的专家")
    with acting(world, "service_refusal") as act:
        values = answering_context(act).prefill
    assert (values["reason"], values["scope"]) == ("已有自己的专家", "all")
    assert values["refused_by"].startswith("王建国")


def test_a_moment_that_a_form_is_compared_with_has_no_seconds(opened):
    """A field knows minutes only: what it was filled with at the gate must not be too early for its own rule."""
    (visit,) = opened.cases("service_visit")
    opened.clock.pass_by(seconds=37)
    arrange(opened)
    arrive(opened)
    with opened.runtime.database.read(EVERYTHING) as session:
        case = session.get_one(type(visit), visit.id)
        found = session.get_one(Visit, case.visit_id)
        told = facts_of(new_act(opened.runtime, session, case, SYSTEM, opened.clock()))
        assert found.arrived_at.second == 37
        assert told["arrived_at"] == found.arrived_at.replace(second=0)
        assert told["granted_at"].second == 0


def test_an_item_that_is_not_met_brings_the_words_on_which_its_hazard_rests(act):
    codes = sorted(checklists())
    act.session.get_one(Visit, act.case.visit_id).checklists = codes
    chosen = {choice.value: choice for choice in HostLists(act)["baseline_items"]}
    listed = [(entry, item) for entry in map(checklist, codes) for item in entry.items]
    assert len(listed) == 51
    for entry, item in listed:
        basis = chosen[item.key].facts["basis_clause"]
        assert basis == f"《{entry.title}》第 {item.number} 条：{item.text}"
        assert len(basis) <= 200
