"""The pages of processes: what runs, drawn and step by step, for those who answer for it."""

import pytest
from sqlalchemy import select

from store.tables import Case
from tests.support.world import EVERYTHING
from workflows.pinned import spec_of
from workflows.releases import newest_release

PROCESSES = {
    "service_cycle": "单位服务周期",
    "service_visit": "单次服务",
    "hazard_closure": "隐患闭环",
    "service_refusal": "拒绝服务",
    "monthly_report": "月度隐患统计",
    "self_review": "半年自评",
    "group_training": "集中培训",
    "assessment": "年度考核",
    "complaint": "投诉",
    "exchange_meeting": "协商交流",
    "online_push": "线上推送",
    "annual_plan": "年度工作计划",
    "fund_filing": "费用备案",
    "fund_reversal": "红字冲销",
}


def test_the_designer_comes_from_the_start_page_to_every_process(agreed):
    browser = agreed.browser("process_designer")
    assert 'href="/studio/"' in browser.get("/").text
    listed = browser.get("/studio/").text
    for process, title in PROCESSES.items():
        assert f'<a href="/studio/{process}">{title}</a>' in listed


@pytest.mark.parametrize("process", PROCESSES)
def test_a_process_names_each_step_with_who_does_it(agreed, process):
    page = agreed.browser("process_designer").get(f"/studio/{process}").text
    with agreed.web.runtime.database.read(EVERYTHING) as session:
        spec = spec_of(session, newest_release(session, process).id)
    places = [page.index(f'data-element="{step}"') for step in spec.steps]
    assert len(places) == len(spec.steps)
    assert "coordinator" not in page.partition("<main")[2]


def test_steps_stand_in_the_order_of_the_work(agreed):
    page = agreed.browser("process_designer").get("/studio/service_visit").text
    order = ["dispatch_visit", "accept_visit", "check_in", "record_visit", "make_return_visit"]
    places = [page.index(f'data-element="{step}"') for step in order]
    assert places == sorted(places)


def test_cases_are_counted_and_none_is_shown(agreed):
    with agreed.web.runtime.database.read(EVERYTHING) as session:
        cycle = session.scalars(select(Case).where(Case.process == "service_cycle")).one()
    page = agreed.browser("process_designer").get("/studio/service_cycle").text
    assert "这一版在办 1 件" in page
    assert cycle.number not in page
    assert str(cycle.id) not in page


def test_the_drawing_names_lanes_as_people_do(agreed):
    answer = agreed.browser("process_designer").get("/studio/service_visit/diagram.bpmn")
    assert answer.status_code == 200
    assert 'name="协调员"' in answer.text
    assert 'name="coordinator"' not in answer.text


def test_an_unknown_process_is_not_found_and_others_may_not(agreed):
    designer = agreed.browser("process_designer")
    for url in ("/studio/nothing", "/studio/nothing/diagram.bpmn"):
        assert designer.get(url).status_code == 404
    assert agreed.browser("coordinator").get("/studio/").status_code in {403, 404}


def test_the_bar_of_a_phone_has_what_there_is(agreed):
    assert 'class="rail-item" href="/studio/"' in agreed.browser("process_designer").get("/").text
    assert 'class="rail-item rail-item-wide" href="/boards/"' in agreed.browser("coordinator").get("/").text
