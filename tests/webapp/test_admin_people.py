"""The security administrator's pages: accounts, roles, sessions, leavers, organizations."""

import re
from uuid import uuid4

import pytest
from sqlalchemy import select

from demo.offices import sample_uscc
from store.events import verify
from store.tables import LoginSession, Organization, Person, RecordEvent, RoleGrant
from tests.webapp.conftest import EVERYTHING

MISSING = "0192f3a4-5b6c-7d8e-9f00-112233445566"


def security(web):
    return web.client(web.person("security_admin"))


def new_account(browser, **fields):
    given = {"organization": "温州provider单位", "name": "金晓梅", "login": "jin.xm", "key": uuid4().hex}
    return browser.post("/admin/people/new", given | fields)


def password_on(page):
    return re.search(r"<code>([2-9a-z]{4}(?:-[2-9a-z]{4}){3})</code>", page)[1]


def person_of(web, login):
    with web.runtime.database.read(EVERYTHING) as session:
        return session.scalars(select(Person).where(Person.login == login)).one()


def told(web, record_id):
    with web.runtime.database.read(EVERYTHING) as session:
        assert verify(session) is None
        query = select(RecordEvent.kind).where(RecordEvent.record_id == record_id)
        return session.scalars(query.order_by(RecordEvent.number)).all()


def test_a_new_account_gets_a_password_once_and_must_change_it(web):
    web.organization("provider")
    page = new_account(security(web))
    assert page.status_code == 200
    password = password_on(page.text)
    first = web.client("jin.xm", password)
    assert first.get("/").headers["Location"] == "/account/password"
    first.post(
        "/account/password",
        {"current": password, "new": "海阔天空-2026-远航", "repeated": "海阔天空-2026-远航"},
    )
    assert first.get("/account").status_code == 200
    assert told(web, person_of(web, "jin.xm").id) == ["added"]


def test_the_same_form_twice_makes_one_account_and_shows_no_second_password(web):
    web.organization("provider")
    browser, key = security(web), uuid4().hex
    assert new_account(browser, key=key).status_code == 200
    again = new_account(browser, key=key)
    assert again.status_code == 409
    assert "只显示一次" in again.text


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("organization", "没有这一家", "选一家在用的机构"),
        ("organization", "", "选一家在用的机构"),
        ("name", "", "姓名要 2 到 40 个字"),
        ("name", "长" * 300, "姓名要 2 到 40 个字"),
        ("login", "金", "登录名用字母开头"),
        ("login", "a b<script>", "登录名用字母开头"),
        ("login", "security_admin", "已有人使用"),
        ("mobile", "12345", "手机号是 11 位数字"),
        ("title", "职" * 41, "职务最多 40 个字"),
    ],
)
def test_a_wrong_field_is_told_and_nothing_typed_is_lost(web, field, value, sentence):
    web.organization("provider")
    answer = new_account(security(web), **{field: value})
    assert answer.status_code == 422
    assert sentence in answer.text
    assert ("jin.xm" if field != "login" else "金晓梅") in answer.text
    with web.runtime.database.read(EVERYTHING) as session:
        assert session.scalars(select(Person.login).where(Person.name == "金晓梅")).all() == []


def test_a_hostile_name_is_shown_as_text(web):
    web.organization("provider")
    new_account(security(web), name="<b>甲</b>\u202e乙")
    page = web.client("security_admin").get("/admin/people").text
    assert "&lt;b&gt;甲&lt;/b&gt;乙" in page
    assert "\u202e" not in page


def test_a_granted_role_takes_effect_at_the_next_request_and_so_does_a_revoked_one(web):
    browser, person = security(web), web.person(login="helper", organization=web.organization("provider"))
    helper = web.client(person)
    assert helper.get("/inbox/").status_code == 403
    browser.post(f"/admin/people/{person.id}/roles", {"role": "coordinator", "regions": ["330302"]})
    assert helper.get("/inbox/").status_code == 200
    assert "鹿城区" in browser.get(f"/admin/people/{person.id}").text
    browser.post(f"/admin/people/{person.id}/roles/coordinator/revoke")
    assert helper.get("/inbox/").status_code == 403
    assert told(web, person.id) == ["role_granted", "role_revoked"]


@pytest.mark.parametrize(
    ("holds", "wanted", "sentence"),
    [
        ("system_admin", "security_admin", "三员分立"),
        ("auditor", "system_admin", "三员分立"),
        ("security_admin", "auditor", "三员分立"),
        ("auditor", "expert", "不是"),
    ],
)
def test_a_role_that_does_not_fit_is_refused(web, holds, wanted, sentence):
    browser, person = security(web), web.person(holds, login="someone")
    answer = browser.post(f"/admin/people/{person.id}/roles", {"role": wanted}, follow_redirects=True)
    assert sentence in answer.text
    with web.runtime.database.read(EVERYTHING) as session:
        held = session.scalars(select(RoleGrant.role).where(RoleGrant.person_id == person.id)).all()
    assert held == [holds]


def test_a_region_that_is_none_is_refused(web):
    browser, person = security(web), web.person("coordinator")
    data = {"role": "coordinator", "regions": ["999999"]}
    assert (
        "片区要从列表里选"
        in browser.post(f"/admin/people/{person.id}/roles", data, follow_redirects=True).text
    )


def test_nobody_changes_the_own_roles_or_locks_oneself_out(web):
    admin = web.person("security_admin")
    browser = web.client(admin)
    for path, data in {
        "roles": {"role": "process_designer"},
        "roles/security_admin/revoke": {},
        "lock": {"reason": "试"},
        "leave": {"reason": "试"},
        "password": {"key": "k"},
    }.items():
        answer = browser.post(f"/admin/people/{admin.id}/{path}", data, follow_redirects=True)
        assert "自己" in answer.text, path
    assert browser.get("/admin/people").status_code == 200


def test_a_locked_account_is_out_at_once_and_comes_back(web):
    browser, person = security(web), web.person("coordinator")
    theirs = web.client(person)
    browser.post(f"/admin/people/{person.id}/lock", {"reason": "手机丢了"})
    assert theirs.get("/inbox/").status_code == 302
    assert web.anonymous().sign_in("coordinator").status_code == 401
    assert "已锁定" in browser.get(f"/admin/people/{person.id}").text
    browser.post(f"/admin/people/{person.id}/unlock")
    assert web.client(person).get("/inbox/").status_code == 200
    assert theirs.get("/inbox/").status_code == 302
    assert told(web, person.id) == ["locked", "unlocked"]


def test_a_reason_is_asked_for(web):
    browser, person = security(web), web.person("coordinator")
    for path in ("lock", "leave"):
        answer = browser.post(f"/admin/people/{person.id}/{path}", {"reason": " \n"}, follow_redirects=True)
        assert "写明原因" in answer.text
    assert web.client(person).get("/inbox/").status_code == 200


def test_a_new_password_ends_all_sessions_and_must_be_changed(web):
    browser, person = security(web), web.person("coordinator")
    theirs = web.client(person)
    page = browser.post(f"/admin/people/{person.id}/password", {"key": "once"})
    assert theirs.get("/inbox/").status_code == 302
    again = web.client("coordinator", password_on(page.text))
    assert again.get("/inbox/").headers["Location"] == "/account/password"
    assert browser.post(f"/admin/people/{person.id}/password", {"key": "once"}).status_code == 409


def test_one_session_or_all_are_ended_from_afar(web):
    browser, person = security(web), web.person("coordinator")
    here, there = web.client(person), web.client(person)
    with web.runtime.database.read(EVERYTHING) as session:
        query = select(LoginSession.id).where(LoginSession.person_id == person.id)
        first = session.scalars(query.order_by(LoginSession.id)).first()
    browser.post(f"/admin/people/{person.id}/sessions/{first}/end")
    assert (here.get("/inbox/").status_code, there.get("/inbox/").status_code) == (302, 200)
    browser.post(f"/admin/people/{person.id}/sessions/end")
    assert there.get("/inbox/").status_code == 302
    assert browser.post(f"/admin/people/{person.id}/sessions/{first}/end").status_code == 404


def test_people_are_found_by_name_role_state_and_organization(web):
    browser = security(web)
    person = web.person("coordinator", login="lin.rh")
    assert "lin.rh" in browser.get("/admin/people?role=coordinator").text
    assert "lin.rh" not in browser.get("/admin/people?role=expert").text
    assert "lin.rh" in browser.get(f"/admin/people?organization={person.org_id}").text
    assert "lin.rh" not in browser.get("/admin/people?state=left").text
    assert browser.get("/admin/people?role=x&state=y&after=%00&organization=z").status_code == 200


def test_the_list_of_people_is_paged(web):
    browser, home = security(web), web.organization("provider")
    with web.runtime.database.write(EVERYTHING) as session:
        session.add_all(Person(name=f"人员{n:03}", login=f"p{n:03}", org_id=home) for n in range(60))
    page = browser.get(f"/admin/people?organization={home}").text
    later = re.search(r'href="([^"]+)" rel="next"', page)[1].replace("&amp;", "&")
    names = set(re.findall("人员[0-9]{3}", page)), set(re.findall("人员[0-9]{3}", browser.get(later).text))
    assert (len(names[0]), len(names[1])) == (50, 10)
    assert not names[0] & names[1]


def test_a_changed_person_is_found_under_the_new_name_and_a_stale_form_is_told(web):
    browser, person = security(web), web.person("coordinator", mobile="13900001234")
    page = browser.get(f"/admin/people/{person.id}/edit").text
    assert "139****1234" in page
    assert "13900001234" not in page
    seen = re.search(r'name="row_version" value="(\d+)"', page)[1]
    form = {"name": "林海", "login": "lin.hai", "title": "", "mobile": "", "row_version": seen}
    assert browser.post(f"/admin/people/{person.id}/edit", form).status_code == 303
    assert "林海" in browser.get("/admin/people?q=林海").text
    stale = browser.post(f"/admin/people/{person.id}/edit", form | {"name": "林江"})
    assert stale.status_code == 409
    assert "林江" in stale.text
    assert person_of(web, "lin.hai").mobile_index is not None


ORGANIZATION = {
    "kind": "provider",
    "name": "温州新安技术服务有限公司",
    "uscc": sample_uscc(77),
    "region_code": "330302",
}


def test_an_organization_is_added_changed_closed_and_opened(web):
    browser = security(web)
    where = browser.post("/admin/organizations/new", ORGANIZATION).headers["Location"]
    page = browser.get(f"{where}/edit").text
    seen = re.search(r'name="row_version" value="(\d+)"', page)[1]
    browser.post(f"{where}/edit", ORGANIZATION | {"phone": "0577-88880000", "row_version": seen})
    assert "0577-88880000" in browser.get(where).text
    home = where.rpartition("/")[2]
    new_account(browser, organization=ORGANIZATION["name"])
    with web.runtime.database.read(EVERYTHING) as session:
        assert session.scalars(select(Organization.name).where(Organization.code.is_not(None))).all() == []
    browser.post(f"{where}/close", {"reason": "合同到期"})
    assert "停用" in browser.get("/admin/organizations?state=suspended").text
    browser.post(f"{where}/open")
    assert "正常" in browser.get(where).text
    with web.runtime.database.read(EVERYTHING) as session:
        kinds = session.scalars(
            select(RecordEvent.kind)
            .where(RecordEvent.record_kind == "organization")
            .order_by(RecordEvent.number)
        ).all()
    assert (kinds, len(home)) == (["added", "changed", "closed", "opened"], 36)


def test_people_of_a_closed_organization_are_out_at_once(web):
    browser, person = security(web), web.person("coordinator")
    theirs = web.client(person)
    browser.post(f"/admin/organizations/{person.org_id}/close", {"reason": "合同到期"})
    assert theirs.get("/inbox/").status_code == 302
    assert web.anonymous().sign_in("coordinator").status_code == 401


def test_nobody_closes_the_own_organization(web):
    admin = web.person("security_admin")
    answer = web.client(admin).post(
        f"/admin/organizations/{admin.org_id}/close", {"reason": "试"}, follow_redirects=True
    )
    assert "不能停用自己所在的机构" in answer.text


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"name": ""}, "名称要 2 到 100 个字"),
        ({"name": "温州provider单位"}, "已有名为"),
        ({"uscc": sample_uscc(78)[:-1] + "!"}, "校验位"),
        ({"uscc": "不是代码"}, "校验位"),
        ({"code": "wz-1"}, "机构码是"),
        ({"kind": "policyholder"}, "从列表里选一种类别"),
        ({"kind": "district_office", "region_code": ""}, "要选区县"),
        ({"kind": "industry_authority"}, "要选行业"),
        ({"region_code": "110101"}, "现行的区县"),
        ({"industry": "x"}, "从列表里选一个行业"),
        ({"address": "址" * 500}, "最多 200 个字"),
    ],
)
def test_a_wrong_organization_is_told(web, change, sentence):
    web.organization("provider")
    answer = security(web).post("/admin/organizations/new", ORGANIZATION | change)
    assert answer.status_code == 422
    assert sentence in answer.text


def test_two_organizations_share_no_code(web):
    browser = security(web)
    browser.post("/admin/organizations/new", ORGANIZATION)
    answer = browser.post("/admin/organizations/new", ORGANIZATION | {"name": "另一家公司"})
    assert "另一家机构名下" in answer.text


@pytest.mark.parametrize(
    "role", ["coordinator", "system_admin", "auditor", "joint_office", "process_designer"]
)
def test_other_roles_see_nothing_of_accounts(web, role):
    browser, person = web.client(web.person(role)), web.person("expert")
    assert browser.get("/admin/people").status_code == 403
    assert browser.get(f"/admin/people/{person.id}").status_code == 403
    assert browser.post(f"/admin/people/{person.id}/password", {"key": "k"}).status_code == 403
    assert browser.post("/admin/organizations/new", ORGANIZATION).status_code == 403


def test_what_is_not_there_is_not_found(web):
    browser = security(web)
    for path in ("people", "organizations"):
        assert browser.get(f"/admin/{path}/{MISSING}").status_code == 404
    assert browser.post(f"/admin/people/{MISSING}/lock", {"reason": "x"}).status_code == 404
    assert browser.post(f"/admin/organizations/{MISSING}/close", {"reason": "x"}).status_code == 404
