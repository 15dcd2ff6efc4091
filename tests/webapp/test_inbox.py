"""The inbox: what lies where, finding, claiming, drafting, submitting, and what goes wrong in between."""

import re
from datetime import timedelta

import pytest

from store.tables import AnswerDraft, WorkItem
from tests.support.world import open_first
from tests.webapp.conftest import DEMO_PASSWORD, EVERYTHING
from workflows.accounts import add_person
from workflows.projection import NEVER


def hidden(page: str, name: str) -> str:
    """Return the value of a hidden field."""
    return re.search(rf'name="{name}" value="([^"]*)"', page)[1]


def facts(item: WorkItem, page: str, **changes: object) -> dict[str, object]:
    """Return the fields of 核实单位情况, as a person would fill them in."""
    given = {
        "key": hidden(page, "key"),
        "version": item.version,
        "high_risk_kind": "none",
        "is_key": "false",
        "risk_level": "yellow",
        "dishonesty_listing": "false",
        "needs": "隐患排查和培训",
        "contact": "黄建洲",
        "mobile": "13800000000",
        "contact_log-contacted_at": "2026-03-02T08:30",
        "contact_log-method": "phone",
        "contact_log-person": "黄建洲",
        "contact_log-content": "约好了服务时间",
    }
    return {**given, **changes}


def stored(city, item: WorkItem) -> WorkItem:
    """Return the item as it is now."""
    with city.world.runtime.database.read(EVERYTHING) as session:
        return session.get_one(WorkItem, item.id)


def colleague(city, role: str = "coordinator") -> str:
    """Add a second person with a role; return the login."""
    with city.world.runtime.database.write(EVERYTHING, now=city.world.clock()) as session:
        add_person(
            session,
            login="colleague",
            name="王工",
            roles=(role,),
            org_id=city.world.offices.provider,
            password=DEMO_PASSWORD,
            now=city.world.clock(),
        )
    return "colleague"


def test_a_new_step_lies_in_the_pool_of_its_role(city):
    page = city.browser("coordinator").get("/inbox/").text
    assert "核实单位情况" in page
    assert "温州演示投保单位有限公司" in page
    assert "为什么是我" in page


@pytest.mark.parametrize("login", ["expert", "insurer", "policyholder", "joint_office"])
def test_others_do_not_see_the_step(city, login):
    browser = city.browser(login)
    item = city.item("confirm_unit_facts")
    assert "核实单位情况" not in browser.get("/inbox/").text
    assert browser.get("/inbox/?view=pool").status_code == 200
    assert browser.post(f"/inbox/{item.id}/claim", {"version": item.version}).status_code in {403, 404, 303}
    assert stored(city, item).assignee_id is None


def test_a_foreign_task_looks_like_a_missing_one(city):
    item = city.item("confirm_unit_facts")
    browser = city.browser("joint_office")
    missing = browser.get("/inbox/0192f3a4-5b6c-7d8e-9f00-112233445566")
    foreign = city.browser("agency_manager").get(f"/inbox/{item.id}")
    assert missing.status_code == foreign.status_code == 404


def test_two_characters_find_a_unit(city):
    browser = city.browser("coordinator")
    assert "核实单位情况" in browser.get("/inbox/?view=pool&q=演示").text
    nothing = browser.get("/inbox/?view=pool&q=冶炼").text
    assert "没有找到“冶炼”" in nothing


def test_claiming_moves_a_step_from_the_pool_to_me_and_back(city):
    browser, item = city.browser("coordinator"), city.item("confirm_unit_facts")
    browser.post(f"/inbox/{item.id}/claim", {"version": item.version})
    claimed = stored(city, item)
    assert claimed.status == 1
    assert "退回本组" in browser.get("/inbox/?view=mine").text
    browser.post(f"/inbox/{item.id}/release", {"version": claimed.version})
    assert stored(city, item).assignee_id is None


def test_who_has_not_the_role_is_told_whose_step_it_is(city):
    item, browser = city.item("confirm_unit_facts"), city.browser("return_visitor")
    browser.post(f"/inbox/{item.id}/claim", {"version": item.version})
    assert "这一步由协调员办，你没有这个角色" in browser.get("/inbox/").text


def test_who_claims_second_is_told_who_was_first(city):
    item, login = city.item("confirm_unit_facts"), colleague(city)
    city.browser(login).post(f"/inbox/{item.id}/claim", {"version": item.version})
    late = city.browser("coordinator")
    answer = late.post(f"/inbox/{item.id}/claim", {"version": item.version}, follow_redirects=True)
    assert "已经被王工领走了" in answer.text
    assert "这一条由王工办" in answer.text


def test_a_complete_form_finishes_the_step_and_leads_to_the_next(city):
    browser, item = city.browser("coordinator"), city.item("confirm_unit_facts")
    page = browser.get(f"/inbox/{item.id}").text
    answer = browser.post(f"/inbox/{item.id}", facts(item, page))
    assert answer.status_code == 303, answer.text
    assert stored(city, item).status == 2
    following = browser.get(answer.headers["Location"]).text
    assert "编方案" in following
    assert "已提交" in following


def test_the_same_submission_twice_counts_once(city):
    browser, item = city.browser("coordinator"), city.item("confirm_unit_facts")
    fields = facts(item, browser.get(f"/inbox/{item.id}").text)
    first, second = (browser.post(f"/inbox/{item.id}", fields) for _ in range(2))
    assert first.status_code == second.status_code == 303
    assert city.world.steps() == ["draft_scheme"]


def test_what_is_missing_is_listed_and_what_was_typed_stays(city):
    browser, item = city.browser("coordinator"), city.item("confirm_unit_facts")
    page = browser.get(f"/inbox/{item.id}").text
    answer = browser.post(f"/inbox/{item.id}", facts(item, page, needs="", contact="李师傅"))
    assert answer.status_code == 422
    assert "还有 1 处要改" in answer.text
    assert "李师傅" in answer.text
    assert stored(city, item).status == 0


def test_a_stale_form_keeps_what_was_typed(city):
    browser, item, login = city.browser("coordinator"), city.item("confirm_unit_facts"), colleague(city)
    page = browser.get(f"/inbox/{item.id}").text
    other = city.browser(login)
    other.post(f"/inbox/{item.id}/claim", {"version": item.version})
    other.post(f"/inbox/{item.id}/release", {"version": item.version + 1})
    answer = browser.post(f"/inbox/{item.id}", facts(item, page, contact="李师傅"))
    assert answer.status_code == 409
    assert "这一条在你打开以后变过" in answer.text
    assert "李师傅" in answer.text


def test_a_form_that_a_colleague_has_taken_meanwhile_keeps_what_was_typed(city):
    browser, item, login = city.browser("coordinator"), city.item("confirm_unit_facts"), colleague(city)
    page = browser.get(f"/inbox/{item.id}").text
    city.browser(login).post(f"/inbox/{item.id}/claim", {"version": item.version})
    answer = browser.post(f"/inbox/{item.id}", facts(item, page, contact="李师傅"))
    assert answer.status_code == 409
    assert "领走了" in answer.text
    assert "李师傅" in answer.text
    assert stored(city, item).status == 1
    with city.world.runtime.database.read(EVERYTHING) as session:
        assert session.query(AnswerDraft).one().body["contact"] == "李师傅"


def test_a_draft_is_kept_and_comes_back(city):
    browser, item = city.browser("coordinator"), city.item("confirm_unit_facts")
    answer = browser.post(
        f"/inbox/{item.id}/draft", {"contact": "李师傅"}, headers={"X-Requested-With": "fetch"}
    )
    assert answer.json == {"saved_at": "09:00"}
    page = browser.get(f"/inbox/{item.id}").text
    assert "李师傅" in page
    assert "草稿已保存" in page


def test_saving_by_the_button_leads_back_to_the_list(city):
    browser, item = city.browser("coordinator"), city.item("confirm_unit_facts")
    answer = browser.post(f"/inbox/{item.id}", {"contact": "李师傅", "_save": "1"})
    assert answer.status_code == 303
    with city.world.runtime.database.read(EVERYTHING) as session:
        assert session.query(AnswerDraft).one().body["contact"] == "李师傅"


def test_a_row_button_works_without_script(city):
    browser, item = city.browser("coordinator"), city.item("confirm_unit_facts")
    answer = browser.post(f"/inbox/{item.id}", {"contact": "李师傅", "_add": "accidents"})
    assert answer.status_code == 200
    assert 'name="accidents-0-description"' in answer.text
    assert "李师傅" in answer.text


@pytest.mark.parametrize("button", [{"_add": "contact_log"}, {"_remove": "contact_log-²"}])
def test_a_row_button_opens_no_form_that_is_not_mine(city, button):
    item = city.item("confirm_unit_facts")
    answer = city.browser("provider_manager").post(f"/inbox/{item.id}", button)
    assert answer.status_code == 403
    assert "contact_log" not in answer.text


def test_a_row_button_with_a_strange_number_changes_nothing(city):
    item = city.item("confirm_unit_facts")
    answer = city.browser("coordinator").post(f"/inbox/{item.id}", {"_remove": "contact_log-²"})
    assert answer.status_code == 200


def test_a_session_that_ends_in_the_middle_of_a_form_loses_nothing(city):
    browser, item = city.browser("coordinator"), city.item("confirm_unit_facts")
    fields = facts(item, browser.get(f"/inbox/{item.id}").text, contact="李师傅")
    token = browser.csrf()
    city.world.clock.pass_by(hours=1)
    refused = browser.client.post(f"/inbox/{item.id}", data={"csrf_token": token, **fields})
    assert refused.status_code == 401
    assert "登录已经到时" in refused.text
    held = re.search(r'name="held" value="([^"]*)"', refused.text)[1].replace("&#34;", '"')
    answer = browser.sign_in("coordinator", DEMO_PASSWORD, held=held, next=f"/inbox/{item.id}")
    assert answer.headers["Location"] == f"/inbox/{item.id}"
    page = browser.get(f"/inbox/{item.id}").text
    assert "李师傅" in page
    assert "刚才填的内容还在" in page


def test_a_held_form_is_not_kept_for_somebody_who_may_not_do_it(city):
    item = city.item("confirm_unit_facts")
    browser = city.web.anonymous()
    browser.sign_in("expert", DEMO_PASSWORD, held='[["contact", "x"]]', next=f"/inbox/{item.id}")
    with city.world.runtime.database.read(EVERYTHING) as session:
        assert session.query(AnswerDraft).count() == 0


@pytest.mark.parametrize("held", ["{", '{"a": 1}', "[1, [2]]", '[["contact"]]', "x" * 400_000])
def test_a_forged_held_form_does_no_harm(city, held):
    item = city.item("confirm_unit_facts")
    answer = city.web.anonymous().sign_in("coordinator", DEMO_PASSWORD, held=held, next=f"/inbox/{item.id}")
    assert answer.status_code == 302


def test_what_is_done_is_listed_and_no_longer_asks(city):
    browser, item = city.browser("coordinator"), city.item("confirm_unit_facts")
    browser.post(f"/inbox/{item.id}", facts(item, browser.get(f"/inbox/{item.id}").text))
    done = browser.get("/inbox/?view=done_today").text
    assert "核实单位情况" in done
    assert "你已经办完这一条" in browser.get(f"/inbox/{item.id}").text


def test_overdue_steps_are_counted_and_stand_first(city):
    browser, item = city.browser("coordinator"), city.item("confirm_unit_facts")
    browser.post(f"/inbox/{item.id}", facts(item, browser.get(f"/inbox/{item.id}").text))
    city.world.clock.pass_by(days=30)
    page = city.browser("coordinator").get("/inbox/?view=overdue").text
    assert "已逾期" in page
    assert re.search(r"逾期 \d+ 个工作日", page)
    assert "编方案" in page


def test_pages_follow_each_other_without_gaps(city):
    item = city.item("confirm_unit_facts")
    columns = {c.name for c in WorkItem.__table__.columns} - {"id", "title", "task_id", "due_at"}
    with city.world.runtime.database.write(EVERYTHING) as session:
        original = session.get_one(WorkItem, item.id)
        for n in range(120):
            copy = {name: getattr(original, name) for name in columns}
            due = (
                original.opened_at + timedelta(days=n // 7) if n < 40 else NEVER
            )  # the others have no deadline
            session.add(WorkItem(title=f"第{n}条", task_id=f"t{n}", due_at=due, **copy))
    browser = city.browser("coordinator")
    address, seen = "/inbox/?view=pool", []
    while address and len(seen) < 200:
        page = browser.get(address).text
        seen += re.findall(r"<span>(第\d+条|核实单位情况)</span>", page)
        following = re.search(r'href="([^"]+)" rel="next"', page)
        address = following[1].replace("&amp;", "&") if following else ""
    assert len(seen) == 121
    assert len(set(seen)) == 121
    counted = r'class="inbox-list-count">(\d*)<'
    assert re.findall(counted, browser.get("/inbox/?view=pool").text) == ["121"]
    assert re.findall(counted, browser.get("/inbox/?view=pool&q=演示").text) == [""]
    assert re.findall(counted, browser.get("/inbox/?view=pool&q=第7条").text) == ["1"]


def test_the_whole_page_form_shows_its_outline(city):
    browser, item = city.browser("coordinator"), city.item("confirm_unit_facts")
    page = browser.get(f"/inbox/{item.id}/full").text
    assert 'class="outline' in page
    fields = facts(item, page, needs="", _full="1")
    answer = browser.post(f"/inbox/{item.id}", fields)
    assert answer.status_code == 422
    assert "1 处要改" in answer.text


def test_a_script_gets_the_task_alone(city):
    browser, item = city.browser("coordinator"), city.item("confirm_unit_facts")
    part = browser.get(f"/inbox/{item.id}", headers={"HX-Request": "true"}).text
    assert part.lstrip().startswith("<section")
    assert "inbox-filters" not in part


def test_a_stranger_to_the_work_sees_a_page_of_first_steps(city):
    page = city.browser("system_admin").get("/", follow_redirects=True).text
    assert "先做这几件" in page


def test_who_is_to_sign_finds_the_paper_on_the_task(city):
    city.world.do("confirm_unit_facts", is_key=False)
    city.world.do("draft_scheme")
    city.world.do("approve_scheme", decision="approve")
    item = city.world.item("policyholder_confirm_scheme")
    browser = city.browser("policyholder")
    paper = re.search(r'<a href="([^"]*\.pdf)"[^>]*>事故预防工作方案', browser.get(f"/inbox/{item.id}").text)
    assert paper is not None
    with browser.get(paper[1]) as answer:
        assert answer.mimetype == "application/pdf"


def test_a_step_that_came_back_says_how_often_it_is_done_not_which_visit_it_is(agreed):
    open_first(agreed.world)
    agreed.world.do("dispatch_visit")
    agreed.world.do("accept_visit", accepted="no")
    item = agreed.world.item("dispatch_visit")
    assert "第 2 次办" in agreed.browser("coordinator").get(f"/inbox/{item.id}").text


def test_a_unit_is_a_link_to_those_alone_who_may_open_its_page(arranged):
    visit = arranged.world.cases("service_visit")[0]
    arranged.world.do("policyholder_confirm_visit", answer="agree")
    page = arranged.browser("expert").get(f"/inbox/{arranged.world.item('check_in').id}").text
    assert "投保单位有限公司" in page
    assert "/registers/" not in page
    assert (
        f"/registers/units/{visit.policyholder_id}"
        in arranged.browser("coordinator").get(f"/cases/{visit.id}").text
    )
