"""Cases through the browser: the list, one case, its story, its papers, what may be sent and opened there."""

import io
import re
import zipfile
from datetime import date

import pytest
from msgspec.structs import replace
from sqlalchemy import event, select, update

from store.tables import CaseFile, Deadline, Incident, RoleGrant, Subscription, Visit
from tests.support.world import agree, open_first
from tests.webapp.conftest import DEMO_PASSWORD, EVERYTHING
from tests.webapp.test_by_clicks import latin, spoken
from workflows.accounts import add_person
from workflows.catalogue import OPERATIONS
from workflows.handlers.deadlines import recompute_deadlines
from workflows.handlers.openings import ROLE

READERS = (
    "coordinator",
    "provider_manager",
    "insurer",
    "policyholder",
    "joint_office",
    "return_visitor",
    "provider_finance",
)


def visit_of(city):
    """Return the first visit's case."""
    return city.world.cases("service_visit")[0]


def cycle_of(city):
    """Return the service cycle's case."""
    (cycle,) = city.world.cases("service_cycle")
    return cycle


def newcomer(city) -> str:
    """Add an expert of the provider who was never sent anywhere; return the login."""
    world = city.world
    with world.runtime.database.write(EVERYTHING, now=world.clock()) as session:
        add_person(
            session,
            login="newcomer",
            name="周行知",
            roles=("expert",),
            org_id=world.offices.provider,
            password=DEMO_PASSWORD,
            now=world.clock(),
        )
    return "newcomer"


def offer(page: str, title: str) -> str:
    """Return the address of a message that the page offers."""
    found = re.search(rf'<a class="button" href="([^"]+/messages/[^"]+)">{title}</a>', page)
    assert found is not None, page
    return found[1]


def hidden(page: str, name: str) -> str:
    """Return the value of a hidden field."""
    return re.search(rf'name="{name}" value="([^"]*)"', page)[1]


def test_the_list_says_where_each_case_stands_and_who_has_it(city):
    page = city.browser("coordinator").get("/cases/").text
    assert "温州演示投保单位有限公司 服务周期" in page
    assert "核实单位情况" in page
    assert "协调员" in page


@pytest.mark.parametrize(
    ("query", "found"), [("演示", True), ("投保单位", True), ("45000", True), ("冶炼", False), ("!?", False)]
)
def test_a_unit_or_a_number_finds_a_case(city, query, found):
    page = city.browser("coordinator").get(f"/cases/?q={query}").text
    assert ("温州演示投保单位有限公司 服务周期" in page) is found
    assert (f"没有找到“{query}”" in page) is not found


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("?state=mine", True),
        ("?state=ended", False),
        ("?state=all", True),
        ("?process=service_cycle", True),
        ("?process=service_visit", False),
        ("?process=nonsense", True),
        ("?state=nonsense", True),
        ("?before=nonsense", True),
        ("?before=00000000-0000-0000-0000-000000000000", False),
    ],
)
def test_filters_narrow_the_list_and_nonsense_is_ignored(city, address, found):
    answer = city.browser("coordinator").get(f"/cases/{address}")
    assert answer.status_code == 200
    assert ("温州演示投保单位有限公司 服务周期" in answer.text) is found


def test_what_waits_for_another_organization_is_not_mine(city):
    assert "没有等本单位办的办件" in city.browser("insurer").get("/cases/?state=mine").text


def test_the_search_of_the_top_bar_lands_on_cases(city):
    answer = city.browser("coordinator").get("/search?q=演示", follow_redirects=True)
    assert answer.request.path == "/cases/"
    assert "服务周期" in answer.text


@pytest.mark.parametrize("login", READERS)
def test_each_party_of_a_case_sees_it(city, login):
    page = city.browser(login).get(f"/cases/{cycle_of(city).id}")
    assert page.status_code == 200
    assert "走到哪一步" in page.text
    assert "核实单位情况" in page.text


@pytest.mark.parametrize("login", ["expert", "agency_manager", "complaint_officer", "auditor"])
def test_to_everybody_else_it_looks_like_a_missing_one(city, login):
    browser = city.browser(login)
    for path in ("", "/diagram.bpmn", "/answers/1.0", "/archive.zip", "/openings/visit"):
        assert browser.get(f"/cases/{cycle_of(city).id}{path}").status_code == 404, path


def test_the_diagram_is_the_pinned_one_with_roles_in_chinese(city):
    answer = city.browser("coordinator").get(f"/cases/{cycle_of(city).id}/diagram.bpmn")
    assert answer.mimetype == "application/xml"
    assert 'name="协调员"' in answer.text
    assert 'name="coordinator"' not in answer.text
    assert 'id="confirm_unit_facts"' in answer.text


def test_the_outline_tells_the_way_without_a_script(agreed):
    page = agreed.browser("coordinator").get(f"/cases/{cycle_of(agreed).id}").text
    outline = page[page.index('<ol class="outline-steps">') :]
    outline = outline[: outline.index("</ol>")]
    done = re.findall(r'outline-step-done" data-element="([^"]+)"', outline)
    assert done == ["confirm_unit_facts", "draft_scheme", "approve_scheme", "policyholder_confirm_scheme"]
    assert "03-02 09:00" in outline
    assert 'data-now="await_cycle_event"' in page


def test_the_story_reads_newest_first_and_answers_unfold(agreed):
    browser = agreed.browser("coordinator")
    page = browser.get(f"/cases/{cycle_of(agreed).id}").text
    assert page.index("完成“审方案”") < page.index("完成“编方案”") < page.index("单位服务周期开始")
    link = re.search(r'完成“核实单位情况” <a class="timeline-more" href="([^"]+)"', page)[1]
    told = browser.get(link).text
    assert "投保单位需求" in told or "需求" in told
    assert "needs" not in told
    piece = browser.get(link, headers={"HX-Request": "true"}).text
    assert "<html" not in piece


def test_the_story_says_why_a_condition_was_not_true(city, monkeypatch):
    forgetful = replace(OPERATIONS["decide_scheme"], run=lambda act, inputs: {"may_approve": None})
    monkeypatch.setitem(OPERATIONS, "decide_scheme", forgetful)
    city.world.do("confirm_unit_facts", is_key=False)
    city.world.do("draft_scheme")
    city.world.do("approve_scheme", decision="approve")
    page = city.browser("coordinator").get(f"/cases/{cycle_of(city).id}").text
    assert "没有走：条件里有值是空的" in page
    assert "<code>may_approve</code>" in page
    assert {word for text in spoken(page) for word in latin(text)} == set()


def test_a_waiting_cycle_says_when_the_next_visit_opens_and_what_else_is_due_first(agreed):
    page = agreed.browser("coordinator").get(f"/cases/{cycle_of(agreed).id}").text
    waiting = re.search(r"等到 [^<]*", page)
    assert waiting is not None
    assert "：该开下一次" in waiting[0]
    assert waiting[0].count("；") == 1, "two of its timers, in their order"


def test_finance_reads_no_answers_but_its_own(agreed):
    browser = agreed.browser("provider_finance")
    case_id = cycle_of(agreed).id
    assert "看填了什么" not in browser.get(f"/cases/{case_id}").text
    assert browser.get(f"/cases/{case_id}/answers/2.0").status_code == 404


def test_my_step_is_the_filled_button(city):
    page = city.browser("coordinator").get(f"/cases/{cycle_of(city).id}").text
    item = city.item("confirm_unit_facts")
    assert f'<a class="button button-filled" href="/inbox/{item.id}">' in page
    assert "button-filled" not in city.browser("insurer").get(f"/cases/{cycle_of(city).id}").text


def test_an_incident_is_told_in_plain_words(city):
    case = cycle_of(city)
    with city.world.runtime.database.write(EVERYTHING) as session:
        session.add(
            Incident(case_id=case.id, kind="operation", message="算不出期限", opened_at=city.world.clock())
        )
    browser = city.browser("coordinator")
    assert "算不出期限" in browser.get(f"/cases/{case.id}").text
    assert "等人处理" in browser.get("/cases/").text


def test_a_step_that_nobody_can_take_is_told_with_what_to_do(city):
    address = f"/cases/{cycle_of(city).id}"
    assert "还没有人能办" not in city.browser("provider_manager").get(address).text
    with city.world.runtime.database.write(EVERYTHING) as session:
        session.execute(
            update(RoleGrant).where(RoleGrant.role == "coordinator").values(revoked_at=city.world.clock())
        )
    page = city.browser("provider_manager").get(address).text
    assert "“核实单位情况”还没有人能办。" in page
    assert re.search("这一步由协调员办，“[^”]+公司”还没有这个角色的账号", page)


def test_deadlines_name_their_article_and_start(arranged):
    (visit,) = arranged.world.cases("service_visit")
    page = arranged.browser("coordinator").get(f"/cases/{visit.id}").text
    assert "确认预约" in page
    assert re.search(r"第十八条，从 \d\d-\d\d 起算，\d+ 个工作日", page)


def test_the_story_says_why_a_deadline_was_computed_anew(city):
    (case,) = city.world.cases("service_cycle")
    kept = {
        "kind": "return_visit",
        "anchor": date(2026, 6, 10),
        "due": date(2026, 6, 24),
        "working_days": False,
    }
    with city.web.runtime.database.write(EVERYTHING) as session:
        session.add(
            Deadline(
                case_id=case.id, provisional=True, set_at=city.world.clock.at, org_id=case.org_id, **kept
            )
        )
    recompute_deadlines(city.web.runtime, case.id, 2026)
    assert "工作日历公布，期限 2026-06-24 已确定" in city.browser("coordinator").get(f"/cases/{case.id}").text


def test_papers_are_linked_and_missing_ones_named(arranged):
    visit = visit_of(arranged)
    browser = arranged.browser("policyholder")
    page = browser.get(f"/cases/{visit.id}").text
    link = re.search(r'href="([^"]+/papers/[^"]+\.pdf)"', page)[1]
    answer = browser.get(link)
    assert answer.data.startswith(b"%PDF")
    answer.close()
    assert "事故预防服务记录表" in page
    assert arranged.browser("agency_manager").get(link).status_code == 404


def test_a_party_sends_the_message_that_an_event_waits_for(arranged):
    visit = visit_of(arranged)
    browser = arranged.browser("policyholder")
    link = offer(browser.get(f"/cases/{visit.id}").text, "撤回允许")
    page = browser.get(link).text
    assert "提交后服务人员立即停止，不再进入作业现场。" in page, (
        "what follows is the form's own, not any message's"
    )
    fields = {"key": hidden(page, "key"), "_event": hidden(page, "_event"), **revocation()}
    first, second = (browser.post(link, fields) for _ in range(2))
    assert first.status_code == second.status_code == 303, first.text
    assert arranged.world.steps() == ["arrange_pre_contact"]
    story = browser.get(f"/cases/{visit.id}").text
    assert story.count("：撤回允许") == 1


def revocation(**changes: object) -> dict[str, object]:
    """Return the fields of 撤回允许, as a person would fill them in."""
    given = {
        "revoked_by": "王建国",
        "revoked_at": "2026-03-02 09:00",
        "method": "phone",
        "reason": "当天停产检修，没有人陪同",
    }
    return {**given, **changes}


def test_a_wrong_message_keeps_what_was_typed(arranged):
    visit = visit_of(arranged)
    browser = arranged.browser("policyholder")
    link = offer(browser.get(f"/cases/{visit.id}").text, "撤回允许")
    answer = browser.post(link, {"key": "k", **revocation(reason="", revoked_by="王建国甲")})
    assert answer.status_code == 422
    assert "王建国甲" in answer.text
    assert arranged.world.steps() == ["policyholder_confirm_visit"]


def test_a_message_nobody_waits_for_any_more_keeps_what_was_typed(arranged):
    visit = visit_of(arranged)
    browser = arranged.browser("policyholder")
    link = offer(browser.get(f"/cases/{visit.id}").text, "撤回允许")
    element = hidden(browser.get(link).text, "_event")
    arranged.world.do("policyholder_confirm_visit", answer="refuse")
    answer = browser.post(link, {"key": "k", "_event": element, **revocation()})
    assert answer.status_code == 409
    assert "现在不等这件事" in answer.text
    assert "当天停产检修，没有人陪同" in answer.text
    assert browser.get(link).status_code == 404


def test_who_may_not_send_a_message_cannot(arranged):
    visit = visit_of(arranged)
    with arranged.world.runtime.database.read(EVERYTHING) as session:
        waiting = session.scalars(
            select(Subscription).where(
                Subscription.case_id == visit.id, Subscription.name == "permission_revoked"
            )
        ).first()
    link = f"/cases/{visit.id}/messages/{waiting.id}"
    for login, status in {"insurer": 403, "agency_manager": 404, newcomer(arranged): 404}.items():
        browser = arranged.browser(login)
        assert "/messages/" not in browser.get(f"/cases/{visit.id}").text, login
        assert browser.get(link).status_code == status, login
        assert browser.post(link, {"key": "k", **revocation()}).status_code == status, login
    assert arranged.world.steps() == ["policyholder_confirm_visit"]


def test_the_archive_package_is_handed_out_with_the_head_to_keep_outside(archived):
    visit = visit_of(archived)
    browser = archived.browser("policyholder")
    page = browser.get(f"/cases/{visit.id}").text
    with archived.world.runtime.database.read(EVERYTHING) as session:
        file = session.scalars(select(CaseFile).where(CaseFile.case_id == visit.id)).one()
    assert file.chain_head in page
    assert "包外留存" in page
    package = browser.get(f"/cases/{visit.id}/archive.zip")
    assert any(name.endswith("verify.py") for name in zipfile.ZipFile(io.BytesIO(package.data)).namelist())
    package.close()
    for login in ("agency_manager", newcomer(archived), "provider_finance"):
        assert archived.browser(login).get(f"/cases/{visit.id}/archive.zip").status_code == 404, login


def test_parent_and_child_lead_to_each_other(agreed):
    visit = open_first(agreed.world)
    cycle = cycle_of(agreed)
    browser = agreed.browser("coordinator")
    assert f'href="/cases/{visit.id}"' in browser.get(f"/cases/{cycle.id}").text
    assert f'href="/cases/{cycle.id}"' in browser.get(f"/cases/{visit.id}").text


def extra(city, **changes: object):
    """Post the form of an extra visit."""
    fields = {"key": "k", "planned_on": "2026-05-11", "reason": "单位要求复产前再查一次", **changes}
    return city.browser("coordinator").post(f"/cases/{cycle_of(city).id}/openings/visit", fields)


def test_a_coordinator_opens_an_extra_visit_once_with_its_reason(agreed):
    first, second = extra(agreed), extra(agreed)
    assert first.status_code == second.status_code == 303, first.text
    assert first.headers["Location"] == second.headers["Location"]
    (case,) = agreed.world.cases("service_visit")
    with agreed.world.runtime.database.read(EVERYTHING) as session:
        visit = session.get_one(Visit, case.visit_id)
    assert (visit.source, visit.reason, visit.planned_on) == (
        "extra",
        "单位要求复产前再查一次",
        date(2026, 5, 11),
    )
    page = agreed.browser("coordinator").get(first.headers["Location"]).text
    assert "加单理由" in page
    assert "加开第" in agreed.browser("coordinator").get(f"/cases/{cycle_of(agreed).id}").text


def test_a_wrong_extra_visit_says_what_to_change(agreed):
    wrong = {
        "填计划日期": {"planned_on": ""},
        "计划日期要在": {"planned_on": "2030-01-01"},
        "写明理由": {"reason": "查"},
        "理由最多": {"reason": "查" * 501},
    }
    for words, changes in wrong.items():
        answer = extra(agreed, **changes)
        assert answer.status_code == 422, words
        assert words in answer.text
    assert agreed.world.cases("service_visit") == []


def test_no_extra_visit_before_the_unit_agreed_to_a_scheme(city):
    answer = extra(city)
    assert answer.status_code == 422
    assert "工作方案还没有经单位确认" in answer.text


def test_only_a_coordinator_opens_cases_by_hand(city):
    assert ROLE == "coordinator"
    for login in ("provider_manager", "insurer", "policyholder", "joint_office"):
        browser = city.browser(login)
        assert "加单" not in browser.get(f"/cases/{cycle_of(city).id}").text, login
        answer = browser.post(f"/cases/{cycle_of(city).id}/openings/visit", {"key": "k"})
        assert answer.status_code == 404, login


def test_a_refusal_that_no_step_heard_of_gets_its_case_once(agreed):
    browser = agreed.browser("coordinator")
    link = f"/cases/{cycle_of(agreed).id}/openings/refusal"
    fields = {"key": "k", "reason": "负责人来电说今年不再接受服务"}
    assert browser.post(link, fields).status_code == 303
    assert agreed.world.steps() == ["register_refusal"]
    again = browser.post(link, {**fields, "key": "other"})
    assert again.status_code == 422
    assert "已经有一张在办的拒绝服务单" in again.text


def statements(city, login: str, path: str) -> int:
    """Return how many statements a page needs."""
    browser = city.browser(login)
    browser.get(path)
    asked = []

    def note(_connection, _cursor, statement, _parameters, _context, _many):
        asked.append(statement)

    engine = city.world.runtime.database.engine
    event.listen(engine, "before_cursor_execute", note)
    assert browser.get(path).status_code == 200
    event.remove(engine, "before_cursor_execute", note)
    return len(asked)


def test_a_longer_list_asks_no_more_of_the_database(city):
    few = statements(city, "coordinator", "/cases/?state=all")
    agree(city.world)
    open_first(city.world)
    for premium in ("50000.00", "60000.00", "70000.00"):
        city.world.register(premium)
    assert statements(city, "coordinator", "/cases/?state=all") <= few + 2


def test_a_longer_story_asks_no_more_of_the_database(arranged):
    visit = visit_of(arranged)
    few = statements(arranged, "coordinator", f"/cases/{visit.id}")
    arranged.world.do("policyholder_confirm_visit", answer="reschedule")
    arranged.world.do("arrange_pre_contact")
    assert statements(arranged, "coordinator", f"/cases/{visit.id}") <= few
    assert few < 50
