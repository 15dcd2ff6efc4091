"""Countersigning on the pages: who has signed and what they said, who is awaited, whose turn comes later."""

import re
from uuid import uuid4

import pytest

from tests.webapp.conftest import city_at
from tests.webapp.test_inbox import hidden

TAGS = re.compile(r"<[^>]+>|\s+")


@pytest.fixture
def disputed(sqlite_pasts, tmp_path):
    """A city in which a hazard is to be withdrawn: the coordinator signs first, then the manager."""
    with city_at("told", sqlite_pasts, tmp_path) as city:
        city.world.do("plan_rectification", answer="dispute")
        city.world.do("review_dispute", dispute_result="withdraw")
        yield city


def words(page: str) -> str:
    """Return what a page says, without its tags."""
    return TAGS.sub("", page)


def signs(city, login: str, decision: str, opinion: str = "") -> str:
    """Let somebody sign through the page; return the page they saw before."""
    item, browser = city.item("confirm_dispute"), city.browser(login)
    address = f"/inbox/{item.id}"
    page = browser.get(address).text
    fields = {"key": str(uuid4()), "version": hidden(page, "version")}
    answer = browser.post(address, {**fields, "decision": decision, "opinion": opinion})
    assert answer.status_code == 303, answer.text
    return words(page)


def test_who_signs_reads_what_those_before_have_said(disputed):
    first = signs(disputed, "coordinator", "approve", "照片能对上，同意撤销")
    assert "依次会签已签0，共2按顺序一个一个签" in first
    assert "第三方负责人还没轮到" in first
    second = signs(disputed, "provider_manager", "approve")
    assert "林若衡协调员同意" in second
    assert "照片能对上，同意撤销" in second
    assert "这一签是你的" in second


def test_the_case_tells_of_each_signature_and_how_the_round_ended(disputed):
    (case,) = disputed.world.cases("hazard_closure")
    signs(disputed, "coordinator", "approve", "同意撤销")
    page = words(disputed.browser("coordinator").get(f"/cases/{case.id}").text)
    assert "会签异议依次会签已签1，共2" in page
    assert "第三方负责人办“会签异议”" in page
    signs(disputed, "provider_manager", "return", "还要补照片")
    page = words(disputed.browser("coordinator").get(f"/cases/{case.id}").text)
    assert "会签异议依次会签不通过" in page
    assert "周行知依次会签“会签异议”，不同意：还要补照片" in page
    assert "“会签异议”依次会签不通过：1人同意，1人不同意" in page


def test_an_opinion_is_not_for_the_finance_people_of_the_provider(disputed):
    (case,) = disputed.world.cases("hazard_closure")
    signs(disputed, "coordinator", "approve", "同意撤销")
    page = words(disputed.browser("provider_finance").get(f"/cases/{case.id}").text)
    card = page.partition("会签异议依次会签")[2].partition("经过")[0]
    assert "林若衡" in card
    assert "同意撤销" not in card


def test_what_was_signed_can_be_read_from_the_story(disputed):
    (case,) = disputed.world.cases("hazard_closure")
    signs(disputed, "coordinator", "approve", "同意撤销")
    browser = disputed.browser("coordinator")
    page = browser.get(f"/cases/{case.id}").text
    link = re.search(r"/cases/[^\"]+/answers/[0-9.]+", page)[0]
    assert "同意撤销" in browser.get(link).text


def test_a_step_of_one_person_shows_no_signers(city):
    page = city.browser("coordinator").get(f"/inbox/{city.item('confirm_unit_facts').id}").text
    assert "signers" not in page


def posts(browser, address: str, **fields: str):
    """Send the form of a verb as its page gave it."""
    page = browser.get(address)
    assert page.status_code == 200, page.text
    given = {
        name: hidden(page.text, name) for name in ("key", "version", "seen") if f'name="{name}"' in page.text
    }
    return browser.post(address, {**given, **fields})


def test_signers_are_added_and_removed_from_the_page_of_the_task(city):
    browser, item = city.browser("coordinator"), city.item("confirm_unit_facts")
    address = f"/inbox/{item.id}"
    assert "先领取，再请别人加签" in browser.get(address).text
    browser.post(f"{address}/claim", {"version": item.version})
    manager = str(city.world.offices.people["provider_manager"])
    answer = posts(browser, f"{address}/verbs/add_signer", how="beside", person=manager, reason="核一下")
    assert answer.status_code == 303, answer.text
    page = words(browser.get(address).text)
    assert "周行知第三方负责人林若衡加签，同时签" in page
    (seat,) = [one for one in city.world.items() if str(one.assignee_id) == manager]
    opinion = city.browser("provider_manager").get(f"/inbox/{seat.id}").text
    assert "加签意见" in opinion or 'name="opinion"' in opinion
    form = browser.get(f"{address}/verbs/remove_signer").text
    assert "周行知不用再签" in form
    refused = posts(browser, f"{address}/verbs/remove_signer", seat=str(seat.id), reason="")
    assert refused.status_code == 409
    answer = posts(browser, f"{address}/verbs/remove_signer", seat=str(seat.id), reason="不用了")
    assert answer.status_code == 303, answer.text
    assert "不用签了" in browser.get(address).text


def test_nobody_but_the_holder_reaches_the_page_of_adding(city):
    item = city.item("confirm_unit_facts")
    browser = city.browser("coordinator")
    browser.post(f"/inbox/{item.id}/claim", {"version": item.version})
    for login in ("provider_manager", "insurer"):
        assert city.browser(login).get(f"/inbox/{item.id}/verbs/add_signer").status_code == 404
