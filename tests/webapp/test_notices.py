"""The bell: who is addressed, what is unread, where it leads."""

from datetime import timedelta

from store.tables import Notice
from tests.webapp.conftest import EVERYTHING


def tell(web, **columns):
    row = Notice(kind="remind", title="回访快到期了", at=web.clock(), **columns)
    with web.runtime.database.write(EVERYTHING) as session:
        session.add(row)
    return row.id


def test_a_person_sees_what_is_addressed_to_them_or_their_role(web):
    me, other = web.person("coordinator"), web.person("expert")
    tell(web, person_id=me.id, body="给我的")
    tell(web, role="coordinator", holder_id=me.org_id, body="给协调员的")
    tell(web, role="coordinator", holder_id=web.organization("insurer"), body="给别家协调员的")
    mine = web.client(me).get("/notices/").text
    assert "给我的" in mine
    assert "给协调员的" in mine
    assert "给别家" not in mine
    assert "没有通知" in web.client(other).get("/notices/").text


def test_reading_is_counted_for_each_person_of_a_role(web):
    first, second = web.person("coordinator"), web.person("coordinator", login="second")
    tell(web, role="coordinator", holder_id=first.org_id)
    reader = web.client(first)
    assert "1 条未读" in reader.get("/notices/").text
    reader.post("/notices/read")
    assert "条未读" not in reader.get("/notices/").text
    assert "1 条未读" in web.client(second).get("/notices/").text


def test_opening_a_notice_reads_it_and_leads_on(web):
    me = web.person("coordinator")
    there, nowhere = (
        tell(web, person_id=me.id, link="/help"),
        tell(web, person_id=me.id, link="https://evil.example"),
    )
    browser = web.client(me)
    assert browser.post(f"/notices/{there}/open").headers["Location"] == "/help"
    assert browser.post(f"/notices/{nowhere}/open").headers["Location"] == "/notices/"
    assert "条未读" not in browser.get("/notices/").text


def test_older_notices_follow_on_the_next_page(web):
    me = web.person("coordinator")
    for n in range(55):
        web.clock.pass_by(timedelta(seconds=1))
        tell(web, person_id=me.id, body=f"第 {n} 条通知")
    browser = web.client(me)
    page = browser.get("/notices/").text
    assert "第 54 条通知" in page
    assert "第 2 条通知" not in page
    following = page.split('rel="next"')[0].rsplit('href="', 1)[1].split('"')[0].replace("&amp;", "&")
    assert "第 2 条通知" in browser.get(following).text
