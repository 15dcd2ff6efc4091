"""The card of one's own mail: chosen, refused with what was typed, tested, ended."""

from msgspec.structs import replace
from sqlalchemy import select

from store.tables import Job
from tests.support.world import EVERYTHING
from tests.webapp.conftest import web_settings
from webapp import create_app
from workflows.mail import MailServer

CHOICE = {"address": "chen@office.example", "kind": ["deadlines"]}


def browser_with_mail(web):
    """Return a browser of an installation that sends mail."""
    me = web.person("coordinator")
    runtime = replace(web.runtime, mail=MailServer("127.0.0.1", 1, "weiran@office.example"))
    app = create_app(web_settings(), runtime)
    app.jinja_env.globals["asset"] = "/static/dist/{}".format
    web.app = app
    return web.client(me)


def test_where_no_server_takes_mail_the_page_says_so_and_refuses(web):
    browser = web.client(web.person("coordinator"))
    assert "系统还没有接上邮件" in browser.get("/account").text
    assert "mail-address" not in browser.get("/account").text
    assert browser.post("/account/mail", CHOICE).status_code == 422


def test_a_person_chooses_tests_and_ends_it(web):
    browser = browser_with_mail(web)
    assert "寄一封测试邮件" not in browser.get("/account").text
    browser.post("/account/mail", CHOICE)
    page = browser.get("/account").text
    assert "寄到 chen@office.example" in page
    assert 'value="deadlines" checked' in page
    assert 'value="news" checked' not in page
    assert browser.post("/account/mail/test").status_code == 303
    with web.runtime.database.read(EVERYTHING) as session:
        assert session.scalars(select(Job.kind)).all() == ["send_test"]
    browser.post("/account/mail", {"address": ""})
    assert "没有开" in browser.get("/account").text


def test_what_was_typed_stands_beside_the_reason_of_a_refusal(web):
    answer = browser_with_mail(web).post("/account/mail", {"address": "<b>chen", "kind": ["news"]})
    assert answer.status_code == 422
    assert "不像一个邮箱地址" in answer.text
    assert 'value="&lt;b&gt;chen"' in answer.text
    assert 'value="deadlines" checked' not in answer.text
