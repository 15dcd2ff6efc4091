"""Hazards through the browser: the list with its filters, the record of one."""

import pytest
from sqlalchemy import select

from store.tables import Hazard
from tests.webapp.conftest import EVERYTHING
from tests.webapp.test_cases import statements


@pytest.fixture
def hazard(archived):
    """A hazard of an archived visit, waiting for the unit's plan."""
    with archived.world.runtime.database.read(EVERYTHING) as session:
        return session.scalars(select(Hazard)).one()


def test_without_hazards_the_list_says_where_they_come_from(city):
    assert "没有未闭环的隐患" in city.browser("coordinator").get("/hazards/").text


FILTERS = {
    "": True,
    "?view=all": True,
    "?view=overdue": False,
    "?view=refused": False,
    "?view=ended": False,
    "?level=general": True,
    "?level=major": False,
    "?level=nonsense": True,
    "?district=330302": True,
    "?district=330381": False,
    "?q=演示": True,
    "?q=冶炼": False,
    "?after=nonsense": True,
    "?after=2199-01-01,00000000-0000-0000-0000-000000000000": False,
}
WHO = {
    "coordinator": 200,
    "provider_manager": 200,
    "insurer": 200,
    "policyholder": 200,
    "joint_office": 200,
    "expert": 200,
    "agency_manager": 404,
    "provider_finance": 403,
}


def test_filters_narrow_the_list(archived, hazard):
    browser = archived.browser("coordinator")
    answers = {address: browser.get(f"/hazards/{address}") for address in FILTERS}
    assert {answer.status_code for answer in answers.values()} == {200}
    assert {address: "配电箱前堆放杂物" in answer.text for address, answer in answers.items()} == FILTERS


def test_a_deadline_is_counted_in_natural_days(archived, hazard):
    archived.world.clock.pass_by(days=(hazard.deadline - archived.world.clock.at.date()).days + 3)
    page = archived.browser("coordinator").get("/hazards/?view=overdue").text
    assert "逾期 3 天" in page


def test_each_party_sees_the_hazard_and_nobody_else(archived, hazard):
    answers = {login: archived.browser(login).get(f"/hazards/{hazard.id}") for login in WHO}
    assert {login: answer.status_code for login, answer in answers.items()} == WHO
    assert "五落实" in answers["policyholder"].text
    assert "整改前后" in answers["policyholder"].text


def test_the_record_tells_each_round_and_leads_to_case_visit_and_notice(archived, hazard):
    world = archived.world
    world.do("plan_rectification", answer="accept")
    world.do("submit_rectification")
    world.do("recheck_hazard", result="failed")
    world.do("submit_rectification")
    world.do("recheck_hazard", result="passed")
    page = archived.browser("policyholder").get(f"/hazards/{hazard.id}").text
    (case,) = world.cases("hazard_closure")
    (visit,) = world.cases("service_visit")
    assert "第 2 轮" in page
    assert "不合格" in page
    assert "已闭环" in page
    assert f'href="/cases/{case.id}"' in page
    assert f'href="/cases/{visit.id}"' in page
    assert ".pdf" in page
    assert "整改后的照片 1" in page


def test_an_extension_keeps_the_day_that_was_first_agreed(archived, hazard):
    world = archived.world
    world.do("plan_rectification", answer="accept")
    (case,) = world.cases("hazard_closure")
    later = hazard.deadline.replace(year=hazard.deadline.year + 1)
    with world.runtime.database.write(EVERYTHING) as session:
        session.get_one(Hazard, hazard.id).deadline = later
    page = archived.browser("policyholder").get(f"/hazards/{hazard.id}").text
    assert "原定" in page
    assert "申请延期" in archived.browser("policyholder").get(f"/cases/{case.id}").text


def test_a_longer_list_asks_no_more_of_the_database(archived, hazard):
    few = statements(archived, "coordinator", "/hazards/")
    with archived.world.runtime.database.write(EVERYTHING) as session:
        names = [column.key for column in Hazard.__table__.columns if column.key not in {"id", "number"}]
        for n in range(8):
            session.add(Hazard(number=f"YH-{n}", **{name: getattr(hazard, name) for name in names}))
    assert statements(archived, "coordinator", "/hazards/") <= few


def test_a_step_of_a_hazard_leads_to_its_photos(archived, hazard):
    archived.world.do("plan_rectification", answer="accept")
    archived.world.do("submit_rectification")
    item = archived.world.item("recheck_hazard")
    page = archived.browser("expert").get(f"/inbox/{item.id}").text
    assert f'href="/hazards/{hazard.id}"' in page
