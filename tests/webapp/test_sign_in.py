"""Signing in: one answer for every failure, growing waits, sessions on the server, safe ways on."""

from datetime import timedelta

import pytest

from store.tables import LoginSession, Person, RoleGrant
from tests.webapp.conftest import EVERYTHING, PASSWORD
from webapp.redirects import safe_next
from webapp.throttle import wait_after
from workflows import passwords


def test_a_person_signs_in_and_finds_the_inbox_one_click_away(web):
    browser = web.client(web.person("coordinator"))
    assert 'href="/inbox/"' in browser.get("/").text
    assert "我的待办" in browser.get("/inbox/").text


def test_a_mobile_number_serves_as_a_login(web):
    web.person("coordinator", mobile="13900001234")
    assert web.anonymous().sign_in("139 0000 1234").status_code == 302


def test_failures_read_the_same_for_known_and_unknown_names(web):
    web.person("coordinator", login="known")
    known, unknown = (
        web.anonymous().sign_in("known", "wrong-password-1"),
        web.anonymous().sign_in("ghost", "wrong-password-1"),
    )
    assert known.status_code == unknown.status_code == 401
    assert "账号或密码不对" in known.text
    assert "账号或密码不对" in unknown.text


@pytest.mark.slow
def test_an_unknown_name_costs_as_much_as_a_known_one(web, monkeypatch):
    web.person("coordinator", login="known")
    work: list[str] = []
    verify = passwords.PasswordHasher.verify
    monkeypatch.setattr(
        passwords.PasswordHasher,
        "verify",
        lambda hasher, stored, given: (
            work.append(stored.rpartition("$")[0].rpartition("$")[0]) or verify(hasher, stored, given)
        ),
    )
    for login in ("known", "ghost"):
        assert web.anonymous().sign_in(login, "wrong-password-1").status_code == 401
    known, ghost = work
    assert known == ghost


def test_a_sign_in_page_that_lay_open_too_long_leads_where_it_would_have_led(web):
    someone, browser = web.person("coordinator"), web.anonymous()
    held = '[["needs", "隐患排查"]]'
    typed = {"login": someone.login, "password": "x", "next": "/cases/", "held": held}
    answer = browser.client.post("/login", data={"csrf_token": "stale", **typed})
    assert answer.status_code == 400
    assert "开得太久了" in answer.text
    assert 'name="next" value="/cases/"' in answer.text
    assert "隐患排查" in answer.text
    assert f'value="{someone.login}"' in answer.text


def test_a_name_with_a_nul_is_nobodys(web):
    assert web.anonymous().sign_in("coord\0inator").status_code == 401


def test_inactive_people_cannot_sign_in(web):
    web.person("coordinator", login="gone", active=False)
    assert web.anonymous().sign_in("gone").status_code == 401


def test_after_some_failures_even_the_right_password_must_wait(web):
    web.person("coordinator", login="guessed")
    stranger = web.anonymous()
    answers = [stranger.sign_in("guessed", f"wrong-password-{n}").status_code for n in range(8)]
    assert answers[:6] == [401] * 6
    assert answers[6:] == [429] * 2
    assert stranger.sign_in("guessed").status_code == 429
    web.clock.pass_by(timedelta(minutes=6))
    assert stranger.sign_in("guessed").status_code == 302


def test_the_owner_gets_in_on_a_known_device_while_strangers_guess(web):
    someone = web.person("coordinator", login="owner")
    own_device = web.client(someone)
    own_device.post("/logout")
    stranger = web.anonymous()
    for n in range(8):
        stranger.sign_in("owner", f"wrong-password-{n}")
    assert stranger.sign_in("owner").status_code == 429
    assert own_device.sign_in("owner").status_code == 302


def test_waits_grow_but_never_lock():
    waits = [wait_after(failures) for failures in range(40)]
    assert waits == sorted(waits)
    assert waits[5] == timedelta(0)
    assert waits[-1] == timedelta(minutes=5)


def test_a_session_ends_after_half_an_hour_of_silence(web):
    browser = web.client(web.person("coordinator"))
    web.clock.pass_by(timedelta(minutes=29))
    assert browser.get("/inbox/").status_code == 200
    web.clock.pass_by(timedelta(minutes=29))
    assert browser.get("/inbox/").status_code == 200
    web.clock.pass_by(timedelta(minutes=31))
    assert browser.get("/inbox/").status_code == 302


def test_a_kept_session_ends_after_twelve_hours(web):
    someone = web.person("coordinator")
    browser = web.anonymous()
    browser.sign_in(someone.login, keep="1")
    web.clock.pass_by(timedelta(hours=11, minutes=59))
    assert browser.get("/inbox/").status_code == 200
    web.clock.pass_by(timedelta(minutes=2))
    assert browser.get("/inbox/").status_code == 302


def test_signing_out_ends_the_session_on_the_server(web):
    browser = web.client(web.person("coordinator"))
    stolen = browser.client.get_cookie("weiran").value
    browser.post("/logout")
    thief = web.anonymous()
    thief.client.set_cookie("weiran", stolen)
    assert thief.get("/inbox/").status_code == 302


def test_signing_in_rotates_the_session(web):
    someone = web.person("coordinator")
    browser = web.client(someone)
    first = browser.client.get_cookie("weiran").value
    browser.post("/logout")
    browser.sign_in(someone.login)
    assert browser.client.get_cookie("weiran").value != first


def test_losing_the_account_or_the_role_counts_at_once(web):
    someone = web.person("coordinator")
    browser = web.client(someone)
    with web.runtime.database.write(EVERYTHING) as session:
        grant = session.query(RoleGrant).filter_by(person_id=someone.id).one()
        grant.revoked_at = web.clock()
    assert browser.get("/inbox/").status_code == 403
    with web.runtime.database.write(EVERYTHING) as session:
        session.get(Person, someone.id).active = False
    assert browser.get("/inbox/").status_code == 302


def test_only_the_hash_of_the_secret_is_kept(web):
    browser = web.client(web.person("coordinator"))
    cookie = browser.client.get_cookie("weiran").value
    with web.runtime.database.read(EVERYTHING) as session:
        kept = session.query(LoginSession).one().token_hash
    assert len(kept) == 64
    assert kept not in cookie


def test_own_sessions_are_listed_and_ended(web):
    someone = web.person("coordinator")
    here, elsewhere = web.client(someone), web.client(someone)
    assert "退出其他设备" in here.get("/account").text
    here.post("/account/sessions/end-others")
    assert here.get("/inbox/").status_code == 200
    assert elsewhere.get("/inbox/").status_code == 302


def test_nobody_ends_another_persons_session(web):
    somebody_else = web.person("expert")
    mine, other = web.client(web.person("coordinator")), web.client(somebody_else)
    with web.runtime.database.read(EVERYTHING) as session:
        foreign = session.query(LoginSession).filter_by(person_id=somebody_else.id).one().id
    assert mine.post(f"/account/sessions/{foreign}/end").status_code == 404
    assert other.get("/inbox/").status_code == 200


def test_a_new_password_ends_other_sessions_and_is_strong(web):
    someone = web.person("coordinator", login="linruoheng")
    here, elsewhere = web.client(someone), web.client(someone)
    weak = {"current": PASSWORD, "new": "linruoheng-2026", "repeated": "linruoheng-2026"}
    refused = here.post("/account/password", weak)
    assert refused.status_code == 422
    assert "不要有姓名、账号" in refused.text
    good = {"current": PASSWORD, "new": "north-pier-lantern-8", "repeated": "north-pier-lantern-8"}
    assert here.post("/account/password", good).status_code == 302
    assert elsewhere.get("/inbox/").status_code == 302
    assert web.anonymous().sign_in("linruoheng").status_code == 401
    assert web.anonymous().sign_in("linruoheng", "north-pier-lantern-8").status_code == 302


@pytest.mark.parametrize("new", ["short", "password1234", "aaaaaaaaaaaaaaa"])
def test_weak_passwords_are_refused(web, new):
    browser = web.client(web.person("coordinator"))
    answer = browser.post("/account/password", {"current": PASSWORD, "new": new, "repeated": new})
    assert answer.status_code == 422


def test_a_password_set_by_somebody_else_is_changed_first(web):
    someone = web.person("coordinator", must_change_password=True)
    browser = web.client(someone)
    assert browser.get("/inbox/").headers["Location"] == "/account/password"
    new = "north-pier-lantern-8"
    changed = browser.post("/account/password", {"current": PASSWORD, "new": new, "repeated": new})
    assert changed.headers["Location"] == "/", "the work begins where every other day begins"
    assert browser.get("/inbox/").status_code == 200


@pytest.mark.parametrize(
    "target",
    [
        "//evil.example",
        "/\\evil.example",
        "https://evil.example",
        "/%09/evil.example",
        "/a\\b",
        "",
        None,
        "javascript:1",
        "/a b",
    ],
)
def test_a_sign_in_never_leads_off_the_site(target):
    assert safe_next(target) == "/"


def test_a_sign_in_leads_back_to_the_page_that_was_asked_for(web):
    someone = web.person("coordinator")
    browser = web.anonymous()
    assert browser.get("/notices/?before=x").headers["Location"] == "/login?next=/notices/?before%3Dx"
    answer = browser.sign_in(someone.login, next="/notices/")
    assert answer.headers["Location"] == "/notices/"
    assert web.anonymous().sign_in(someone.login, next="//evil.example").headers["Location"] == "/"
