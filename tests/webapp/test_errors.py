"""Errors speak Chinese, carry the request's number, and show nothing of the inside."""

from datetime import timedelta

import pytest
from sqlalchemy.exc import OperationalError

from workflows.errors import (
    NotAllowedError,
    NotFoundError,
    RepeatedCommandError,
    RuleRefusedError,
    StaleVersionError,
)


def raising(web, error):
    """Make the help page fail with this error."""

    def fail():
        raise error

    web.app.view_functions["shell.help_page"] = fail


def test_a_missing_page_is_told_in_chinese_with_a_number(web):
    answer = web.client(web.person("coordinator")).get("/nowhere")
    assert answer.status_code == 404
    assert "没有找到这一页" in answer.text
    assert "编号" in answer.text


def test_a_missing_page_is_told_to_strangers_too(web):
    assert web.anonymous().get("/nowhere").status_code == 404


@pytest.mark.parametrize(
    "address",
    [
        "/notices/?before=0001-01-01T00:00:00%2B14:00",
        "/inbox/?after=9999-12-31T23:59:59-12:00,0192f3a4-5b6c-7d8e-9f00-112233445566",
        "/hazards/?after=0001-01-01,0192f3a4-5b6c-7d8e-9f00-112233445566",
        "/inbox/?q=a%00b",
        "/cases/?q=%00&before=nonsense",
    ],
)
def test_nonsense_in_an_address_is_left_out(web, address):
    assert web.client(web.person("coordinator")).get(address).status_code == 200


@pytest.mark.parametrize("query", ["since=0001-01-01", "until=9999-12-31", "actor=%00"])
def test_nonsense_in_the_addresses_of_the_audit_is_left_out(web, query):
    assert web.client(web.person("auditor")).get(f"/admin/changes?{query}").status_code == 200


@pytest.mark.parametrize(
    ("error", "status", "words"),
    [
        (NotFoundError("case", "1"), 404, "没有找到这一页"),
        (NotAllowedError("look"), 403, "没有打开这里的权限"),
        (StaleVersionError(None, 1, 2), 409, "这一条在你打开以后变过"),
        (RuleRefusedError("保单已经退保"), 409, "现在不能这样做"),
        (RepeatedCommandError("k"), 409, "现在不能这样做"),
        (RuntimeError("SELECT secret FROM person"), 500, "系统出错了"),
        (OperationalError("SELECT secret", {}, Exception("away")), 503, "系统暂时不能用"),
    ],
)
def test_errors_are_mapped_and_show_nothing_of_the_inside(web, error, status, words):
    browser = web.client(web.person("coordinator"))
    raising(web, error)
    answer = browser.get("/help")
    assert answer.status_code == status
    assert words in answer.text
    assert "Traceback" not in answer.text
    assert "secret" not in answer.text


def test_a_script_is_answered_with_a_problem_document(web):
    browser = web.client(web.person("coordinator"))
    raising(web, RuntimeError("inside"))
    answer = browser.get("/help", headers={"X-Requested-With": "fetch"})
    assert answer.status_code == 500
    assert answer.mimetype == "application/problem+json"
    assert answer.json["title"] == "系统出错了"
    assert answer.json["request_id"]


def test_too_large_a_request_is_told_so(web):
    browser = web.client(web.person("coordinator"))
    token = browser.csrf()
    web.app.config["MAX_CONTENT_LENGTH"] = 1000
    answer = browser.client.post("/account/theme", data={"csrf_token": token, "theme": "x" * 2000})
    assert answer.status_code == 413
    assert "文件太大" in answer.text


def test_a_database_that_is_away_when_it_is_asked_who_looks_is_told_on_our_page(web, monkeypatch):
    browser = web.client(web.person("coordinator"))

    def away(*_args):
        raise OperationalError("SELECT secret", {}, Exception("away"))

    monkeypatch.setattr("webapp.sessions.find_session", away)
    answer = browser.get("/inbox/")
    assert answer.status_code == 503
    assert "系统暂时不能用" in answer.text
    assert "secret" not in answer.text


def test_pages_can_be_read_while_nothing_can_be_written(web, monkeypatch):
    browser = web.client(web.person("coordinator"))
    web.clock.pass_by(timedelta(minutes=5))

    def full(*_args):
        raise OperationalError("UPDATE", {}, Exception("database or disk is full"))

    monkeypatch.setattr("webapp.sessions.note_seen", full)
    assert browser.get("/inbox/").status_code == 200
