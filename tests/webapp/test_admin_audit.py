"""The auditor's pages: who did what and saw what, and whether anything was changed behind the product."""

import re

import pytest
from sqlalchemy import select, text

from store.tables import AccessLog, CaseEvent, RecordEvent
from tests.webapp.conftest import EVERYTHING


def without_guards(database, statement):
    """Run a statement as a database administrator would who first removes what is in the way."""
    with database.writing() as connection:
        names = connection.scalars(
            text("SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE '%keep%'")
        )
        for name in names.all():
            connection.execute(text(f"DROP TRIGGER {name}"))
        connection.execute(text(statement))


def lock_somebody(web):
    """Let a security administrator change an account twice."""
    browser, person = web.client(web.person("security_admin")), web.person("coordinator")
    browser.post(f"/admin/people/{person.id}/lock", {"reason": "手机丢了"})
    browser.post(f"/admin/people/{person.id}/unlock")
    return person


def test_changes_are_listed_filtered_and_lead_to_the_whole_history(web):
    person, browser = lock_somebody(web), web.client(web.person("auditor"))
    page = browser.get("/admin/changes").text
    assert "手机丢了" in page
    assert f"人员账号 {person.name}" in page
    assert "手机丢了" in browser.get("/admin/changes?kind=person&actor=林若衡&since=2026-11-23").text
    for nothing in ("actor=没有这个人", "until=2026-11-01", "kind=organization", "since=2026-12-01"):
        assert "没有找到变更" in browser.get(f"/admin/changes?{nothing}").text, nothing
    history = browser.get(f"/admin/records/person/{person.id}").text
    assert f"人员账号 {person.name}的经过" in history
    assert history.index("解除") < history.index("手机丢了")


def test_nonsense_in_the_address_narrows_nothing(web):
    lock_somebody(web)
    browser = web.client(web.person("auditor"))
    page = browser.get("/admin/changes?since=x&until=9999-12-31&after=AAAA&kind=%00").text
    assert "手机丢了" in page


def test_changes_are_paged(web):
    browser, person = web.client(web.person("security_admin")), web.person("coordinator")
    for _ in range(26):
        browser.post(f"/admin/people/{person.id}/lock", {"reason": "试"})
        browser.post(f"/admin/people/{person.id}/unlock")
    auditor = web.client(web.person("auditor"))
    for path in ("/admin/changes", f"/admin/records/person/{person.id}"):
        page = auditor.get(path).text
        later = re.search(r'href="([^"]+)" rel="next"', page)[1].replace("&amp;", "&")
        counts = [text.count("<code class") for text in (page, auditor.get(later).text)]
        assert counts[:2] in ([50, 2], [51, 3]), path


def test_events_of_cases_are_listed_without_what_was_filled_in(city):
    city.world.do("confirm_unit_facts", is_key=False, contact="李师傅")
    browser = city.browser("auditor")
    page = browser.get("/admin/case-events?kind=AZX-45000.00").text
    assert "核实单位情况" in page
    assert "李师傅" not in page
    assert "没有找到事件" in browser.get("/admin/case-events?kind=没有").text


def test_what_was_filled_in_is_not_read_by_the_address_of_an_event(city):
    city.world.do("confirm_unit_facts", is_key=False, contact="李师傅")
    with city.web.runtime.database.read(EVERYTHING) as session:
        done = session.scalars(select(CaseEvent).where(CaseEvent.kind == "step.completed")).one()
    address = f"/cases/{done.case_id}/answers/{done.version}.{done.n}"
    assert "李师傅" in city.browser("coordinator").get(address).text
    assert city.browser("auditor").get(address).status_code == 404


def test_untouched_chains_are_counted(city):
    browser = city.browser("auditor")
    page = browser.post("/admin/verification").text
    with city.web.runtime.database.read(EVERYTHING) as session:
        events = len(session.scalars(select(CaseEvent.hash)).all())
        events += len(session.scalars(select(RecordEvent.hash)).all()) - 1
    assert f"{events} 条事件全部对得上" in page
    assert "没有发现改动" in browser.get("/admin/changes?kind=chains").text


def test_a_tampered_event_of_a_case_is_named(city):
    without_guards(city.web.runtime.database, "UPDATE case_event SET kind = 'x' WHERE n = 0")
    page = city.browser("auditor").post("/admin/verification").text
    assert "发现一处不对" in page
    assert "AZX-45000.00" in page


def test_a_removed_change_of_a_record_is_named(web):
    person = lock_somebody(web)
    without_guards(web.runtime.database, "DELETE FROM record_event WHERE number = 1")
    page = web.client(web.person("auditor")).post("/admin/verification").text
    assert "发现一处不对：人员账号，第 2 条" in page
    assert f"/admin/records/person/{person.id}" in page


def test_sign_ins_failures_and_denials_are_logged(web):
    person = web.person("expert")
    browser = web.client(person)
    browser.get("/admin/")
    browser.post("/logout")
    web.anonymous().sign_in("expert", "wrong-password-1")
    web.anonymous().sign_in("ghost", "wrong-password-1")
    auditor = web.client(web.person("auditor"))
    page = auditor.get("/admin/accesses").text
    for words in ("打开没有权限的页面", "登录没成", "退出", "没有这个账号"):
        assert words in page
    assert "ghost" not in page
    assert "登录没成" not in auditor.get("/admin/accesses?kind=denied").text.partition("<tbody>")[2]
    with web.runtime.database.read(EVERYTHING) as session:
        actions = session.scalars(select(AccessLog.action).where(AccessLog.person_id == person.id)).all()
    assert sorted(actions) == ["denied", "sign_in_failed", "signed_in", "signed_out"]


@pytest.mark.parametrize("role", ["coordinator", "security_admin", "system_admin", "joint_office"])
def test_other_roles_audit_nothing(web, role):
    browser = web.client(web.person(role))
    for path in ("changes", "case-events", "accesses", "verification"):
        assert browser.get(f"/admin/{path}").status_code == 403, path
    assert browser.post("/admin/verification").status_code == 403


def test_a_record_that_has_no_history_is_not_found(web):
    browser = web.client(web.person("auditor"))
    assert browser.get("/admin/records/person/0192f3a4-5b6c-7d8e-9f00-112233445566").status_code == 404
