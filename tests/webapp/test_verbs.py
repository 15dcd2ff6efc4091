"""The verbs from the inbox and the case page: what is offered, what it shows before, what it says after."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from store.tables import AnswerDraft, WorkItem
from tests.webapp.conftest import EVERYTHING
from tests.webapp.test_inbox import colleague, hidden, stored
from workflows.commands import ClaimWorkItem
from workflows.handlers.work_items import claim_work_item


def the_colleague(city):
    """Return the id of a second coordinator."""
    login = colleague(city)
    with city.world.runtime.database.read(EVERYTHING) as session:
        from store.tables import Person

        return session.scalar(select(Person.id).where(Person.login == login))


def claimed(city, step="confirm_unit_facts", login="coordinator"):
    """Return an item of this person."""
    item = city.item(step)
    claim_work_item(city.world.runtime, ClaimWorkItem(item.id, item.version), city.world.actor(login))
    return stored(city, item)


def do(browser, address: str, **fields):
    """Open the page of a verb, send its form; return what is answered in the end."""
    page = browser.get(address).text
    given = {"key": hidden(page, "key"), "version": hidden(page, "version"), **fields}
    return browser.post(address, given, follow_redirects=True)


def test_the_task_offers_what_may_be_done_and_says_why_something_may_not(city):
    item = claimed(city)
    page = city.browser("coordinator").get(f"/inbox/{item.id}").text
    assert "更多操作" in page
    assert "前面没有可以退回的步骤" in page
    assert f"/inbox/{item.id}/verbs/transfer" not in page
    assert f"/inbox/cases/{item.case_id}/verbs/copy" in page


def test_work_is_transferred_from_its_page(city):
    item, other = claimed(city), the_colleague(city)
    browser = city.browser("coordinator")
    answer = do(browser, f"/inbox/{item.id}/verbs/transfer", to=other, reason="出差")
    assert "已转办" in answer.text
    assert stored(city, item).assignee_id == other
    page = city.browser("colleague").get(f"/inbox/{item.id}").text
    assert "转给王工办：出差" in page


def test_a_delegate_gives_the_work_back_with_what_was_filled_in(city):
    item, other = claimed(city), the_colleague(city)
    do(city.browser("coordinator"), f"/inbox/{item.id}/verbs/delegate", to=other)
    browser = city.browser("colleague")
    page = browser.get(f"/inbox/{item.id}").text
    assert "办好了，交回" in page
    given = {"version": stored(city, item).version, "needs": "培训", "_hand_back": "1"}
    asked = browser.post(f"/inbox/{item.id}", given)
    assert asked.headers["Location"].endswith("/verbs/hand_back")
    answer = do(browser, f"/inbox/{item.id}/verbs/hand_back", reason="按电话里说的填好了")
    assert "已交回" in answer.text
    now = stored(city, item)
    assert now.owner_id is None
    with city.world.runtime.database.read(EVERYTHING) as session:
        rows = select(AnswerDraft.body).where(AnswerDraft.person_id == now.assignee_id)
        assert session.scalar(rows)["needs"] == "培训"


def test_a_return_shows_what_it_costs_and_an_old_preview_is_told(city):
    world = city.world
    world.do("confirm_unit_facts", is_key=False)
    world.do("draft_scheme")
    item = city.item("approve_scheme")
    browser = city.browser("provider_manager")
    address = f"/inbox/{item.id}/verbs/return"
    page = browser.get(address).text
    assert "上次由" in page
    to = re.search(r'name="to" value="([^"]+)"', page)[1]
    given = {"key": hidden(page, "key"), "version": hidden(page, "version"), "reason": "次数不对"}
    refused = browser.post(address, {**given, "to": to.split("|")[0] + "|old"})
    assert refused.status_code == 409
    assert "情况变了" in refused.text
    assert "次数不对" in refused.text
    answer = browser.post(address, {**given, "to": to}, follow_redirects=True)
    assert "已驳回" in answer.text
    page = city.browser("coordinator").get(f"/inbox/{city.item('draft_scheme').id}").text
    assert "驳回到“编方案”：次数不对" in page
    page = browser.get(f"/inbox/{item.id}").text
    assert "驳回到“编方案”：次数不对" in page


def test_finished_work_is_withdrawn_until_somebody_has_opened_the_next(city):
    world = city.world
    world.do("confirm_unit_facts", is_key=False)
    world.do("draft_scheme")
    with world.runtime.database.read(EVERYTHING) as session:
        done = session.scalars(select(WorkItem).where(WorkItem.step == "draft_scheme")).one()
        from store.tables import Person

        login = session.get_one(Person, done.done_by).login
    browser = city.browser(login)
    address = f"/inbox/{done.id}/verbs/withdraw"
    assert address in browser.get(f"/inbox/{done.id}").text
    city.browser("provider_manager").get(f"/inbox/{city.item('approve_scheme').id}")
    page = browser.get(f"/inbox/{done.id}").text
    assert address not in page
    assert "已经打开“审方案”" in page


def test_others_see_a_copied_case_and_are_urged(city):
    item, other = claimed(city), the_colleague(city)
    browser = city.browser("provider_manager")
    answer = do(browser, f"/inbox/cases/{item.case_id}/verbs/copy", to=other, reason="请知悉")
    assert "已抄送给 1 人" in answer.text
    assert "抄送王工：请知悉" in answer.text
    answer = do(browser, f"/inbox/{item.id}/verbs/urge", reason="")
    assert "已催办" in answer.text
    assert browser.get(f"/inbox/{item.id}/verbs/urge").status_code == 409


def test_a_remark_stands_in_the_story(city):
    item = claimed(city)
    answer = do(
        city.browser("coordinator"), f"/inbox/cases/{item.case_id}/verbs/comment", reason="电话里说过"
    )
    assert "批注：电话里说过" in answer.text


@pytest.mark.parametrize("verb", ["nonsense", "copy"])
def test_a_verb_that_there_is_not_is_not_found(city, verb):
    item = claimed(city)
    assert city.browser("coordinator").get(f"/inbox/{item.id}/verbs/{verb}").status_code == 404


def test_the_case_page_offers_the_verbs_on_its_steps_and_on_itself(city):
    item = claimed(city)
    page = city.browser("provider_manager").get(f"/cases/{item.case_id}").text
    assert f"催办“{item.title}”" in page
    assert f"/inbox/cases/{item.case_id}/verbs/comment" in page
    assert "更多操作" not in city.browser("district_office").get(f"/cases/{item.case_id}").text


def test_the_lists_of_what_i_started_what_is_copied_to_me_and_what_i_have_done(city):
    item, other = claimed(city), the_colleague(city)
    manager, reader = city.browser("provider_manager"), city.browser("colleague")
    do(manager, f"/inbox/cases/{item.case_id}/verbs/copy", to=other, reason="")
    listed = reader.get("/cases/?state=copied").text
    assert "新抄送" in listed
    assert str(item.case_id) in listed
    reader.get(f"/cases/{item.case_id}")
    assert "新抄送" not in reader.get("/cases/?state=copied").text
    assert str(item.case_id) not in manager.get("/cases/?state=copied").text
    assert "没有你发起的办件" in reader.get("/cases/?state=started").text
    with city.world.runtime.database.write(EVERYTHING) as session:
        from store.tables import Case

        session.get_one(Case, item.case_id).opened_by = other
    assert str(item.case_id) in reader.get("/cases/?state=started").text
    city.world.do("confirm_unit_facts", is_key=False)
    page = city.browser("coordinator").get("/inbox/?view=done").text
    assert f"/inbox/{item.id}" in page
    assert "抄送我的" in page


def test_what_i_delegated_stays_in_a_list_of_mine(city):
    item, other = claimed(city), the_colleague(city)
    browser = city.browser("coordinator")
    assert "我委派的" not in browser.get("/inbox/").text
    do(browser, f"/inbox/{item.id}/verbs/delegate", to=other)
    page = browser.get("/inbox/?view=handed_on").text
    assert f"/inbox/{item.id}" in page
    assert "收回委派" in browser.get(f"/inbox/{item.id}/verbs/hand_back").text


def test_an_absence_is_set_on_the_own_page_and_on_the_administrators(city):
    the_colleague(city)
    browser = city.browser("coordinator")
    page = browser.get("/account").text
    assert "登记外出" in page
    substitute = re.search(r'<option value="([^"]+)">王工', page)[1]
    day = city.world.clock().date()
    given = {"key": hidden(page, "key"), "substitute": substitute, "starts_on": day.isoformat()}
    refused = browser.post("/account/absence", {**given, "returns_on": day.isoformat(), "reason": "休假"})
    assert refused.status_code == 422
    assert "返回日期" in refused.text
    assert 'value="休假"' in refused.text
    later = (day + timedelta(days=9)).isoformat()
    answer = browser.post("/account/absence", {**given, "returns_on": later}, follow_redirects=True)
    assert "由王工代办" in answer.text
    person_id = city.world.offices.people["coordinator"]
    page = city.browser("security_admin").get(f"/admin/people/{person_id}").text
    assert "由王工代办" in page
    ends = re.search(r'action="(/account/absence/[^"]+/end)"', answer.text)[1]
    assert "外出已经结束" in browser.post(ends, follow_redirects=True).text
    again = browser.post(ends, follow_redirects=True)
    assert (again.status_code, "这次外出已经结束了" in again.text) == (200, True)


def test_several_items_are_done_at_once_and_each_that_failed_is_named(city):
    world = city.world
    world.do("confirm_unit_facts", is_key=False)
    world.do("draft_scheme")
    item = city.item("approve_scheme")
    browser = city.browser("provider_manager")
    page = browser.get("/inbox/bulk?view=pool").text
    assert "提交、转办" in page
    assert f"{item.id}:{item.version}" in page
    assert browser.post("/inbox/bulk", {"view": "pool"}).status_code == 422
    given = {
        "view": "pool",
        "key": "b1",
        "_complete": "1",
        "item": [f"{item.id}:7", f"{item.id}:{item.version}"],
    }
    answer = browser.post("/inbox/bulk", {**given, "decision-approve_scheme": "approve"}).text
    assert "1 条已提交，1 条没有办成" in answer
    assert "打开以后变过" in answer
    assert world.steps() == ["policyholder_confirm_scheme"]


def test_several_items_are_given_away_at_once(city):
    item, other = claimed(city), the_colleague(city)
    browser = city.browser("coordinator")
    page = browser.get("/inbox/bulk").text
    assert "王工" in page
    given = {"item": f"{item.id}:{item.version}", "to": other, "_transfer": "1", "reason": "出差"}
    assert "1 条已转办" in browser.post("/inbox/bulk", given).text
    assert stored(city, item).assignee_id == other
    again = browser.post("/inbox/bulk", {**given, "key": "other"}).text
    assert "没有办成" in again
