"""Suspending, resuming and cancelling a case through the browser, by the manager and by operations staff."""

import re

from tests.workflows.interventions.asking import status


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
