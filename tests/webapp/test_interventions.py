"""Suspending, resuming and cancelling a case through the browser, by the manager and by operations staff."""

import re
import shutil

from tests.webapp.conftest import EVERYTHING
from tests.workflows.interventions.asking import status
from worker.loop import drain
from workflows import bundles, releases


def the_visit(city):
    (found,) = city.world.cases("service_visit")
    return found


def seen_in(page: str) -> str:
    return re.search(r'name="seen" value="([^"]+)"', page)[1]


def test_the_manager_suspends_a_case_whose_holders_see_why_they_cannot_go_on(arranged):
    case, manager = the_visit(arranged), arranged.browser("provider_manager")
    page = manager.get(f"/cases/{case.id}").text
    assert f"/cases/{case.id}/interventions/suspend" in page
    url = f"/cases/{case.id}/interventions/suspend"
    assert "先存着" in manager.get(url).text
    assert "写明原因" in manager.post(url, {"reason": " "}).text
    page = manager.post(url, {"reason": "单位停业整顿"}, follow_redirects=True).text
    assert "已挂起" in page
    assert "挂起了办件：单位停业整顿" in page
    assert "已挂起" in manager.get("/cases/").text
    unit, item = arranged.browser("policyholder"), arranged.item("policyholder_confirm_visit")
    task = unit.get(f"/inbox/{item.id}").text
    assert "办件已挂起，恢复以后接着办。" in task
    assert "单位停业整顿" in task
    assert "已挂起" in unit.get("/inbox/").text
    late = unit.post(f"/inbox/{item.id}", {"version": item.version, "answer": "agree"})
    assert (late.status_code, "办件刚刚挂起了" in late.text) == (409, True)
    manager.post(f"/cases/{case.id}/interventions/resume", {"reason": "复产了"})
    assert status(arranged.world, case) == "open"


def test_operations_staff_find_a_case_by_its_number_and_cancel_it_without_its_content(arranged):
    case, browser = the_visit(arranged), arranged.browser("system_admin")
    assert "没有挂起的办件" in browser.get("/admin/cases").text
    assert case.number in browser.get(f"/admin/cases?q={case.number[:6]}").text
    page = browser.get(f"/admin/cases/{case.id}").text
    assert "预约确认" in page
    assert case.title not in page
    url = f"/admin/cases/{case.id}/interventions/cancel"
    sheet = browser.get(url).text
    assert "会作废的工作" in sheet
    stale = browser.post(url, {"reason": "重复", "seen": "x"})
    assert (stale.status_code, "情况变了" in stale.text) == (409, True)
    page = browser.post(url, {"reason": "重复", "seen": seen_in(sheet)}, follow_redirects=True).text
    assert "已终止" in page
    assert "终止办件：重复" in page
    again = browser.get(f"/admin/cases/{case.id}/interventions/resume").text
    assert "办件现在的状态不能恢复" in again
    assert arranged.browser("provider_manager").get(f"/cases/{case.id}").status_code == 200


def test_the_fate_of_each_case_is_told_before_it_goes_over_to_another_release(
    arranged, monkeypatch, tmp_path
):
    folder = tmp_path / "schemas"
    shutil.copytree(bundles.SCHEMAS, folder)
    monkeypatch.setattr(bundles, "SCHEMAS", folder)
    (folder / "check_in.json").write_bytes((folder / "check_in.json").read_bytes() + b"\n")
    browser, case = arranged.browser("system_admin"), the_visit(arranged)
    assert "这个流程只有一版" in browser.get("/admin/migrations/service_visit").text
    with arranged.web.runtime.database.write(EVERYTHING, now=arranged.world.clock()) as session:
        assert releases.publish_shipped(session, arranged.world.clock()) == ["service_visit"]
    assert "第 2 版" in browser.get("/admin/migrations").text
    page = browser.get("/admin/migrations/service_visit").text
    assert "可以迁" in page
    assert "停着的环节在新版里没有变" in page
    form = dict(
        re.findall(r'<input type="(?:hidden|checkbox)" name="(old|to|key|case)" value="([^"]+)"', page)
    )
    url = "/admin/migrations/service_visit"
    assert "写明原因" in browser.post(url, form).text
    for _click in range(2):
        browser.post(url, form | {"reason": "签到表改了"})
    drain(arranged.web.runtime)
    page = browser.get(url).text
    assert "迁好 1 件" in page
    assert "件没有迁" not in page
    assert "没有要迁的办件" in page
    assert "从第 1 版迁到第 2 版：签到表改了" in browser.get(f"/admin/cases/{case.id}").text


def test_tokens_are_moved_by_two_administrators_who_both_saw_what_it_costs(arranged):
    first, second, case = (
        arranged.browser("system_admin"),
        arranged.browser("system_admin_2"),
        the_visit(arranged),
    )
    url = f"/admin/cases/{case.id}/move"
    token = re.search(
        r'name="cancel" value="([^"]+)"><span><span class="verb-choice-title">预约确认', first.get(url).text
    )[1]
    chosen = {"cancel": token, "start": "arrange_pre_contact"}
    page = first.get(url, query_string=chosen).text
    assert "会收回的工作" in page
    assert "服务前沟通" in page
    assert "已经没有" not in page
    answer = first.post(url, chosen | {"seen": seen_in(page), "reason": "换了联系人"}, follow_redirects=True)
    assert "另一位系统管理员确认以后才改走" in answer.text
    link = re.search(r'href="(/admin/moves/[^"]+)"', second.get("/admin/cases").text)[1]
    assert "确认改走" not in first.get(link).text
    assert "自己提出的" in first.post(f"{link}/confirm", follow_redirects=True).text
    assert "确认改走" in second.get(link).text
    assert "已改走" in second.post(f"{link}/confirm", follow_redirects=True).text
    assert arranged.world.steps() == ["arrange_pre_contact"]
    assert "已经有结果" in second.post(f"{link}/decline", {"reason": "x"}, follow_redirects=True).text
    assert first.get(url, query_string={"start": "check_in", "cancel": "x"}).status_code == 200
