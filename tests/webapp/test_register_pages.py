"""The lists and pages of the registers: search, filters, paging, bounded queries, scope, a city that works."""

import re
from contextlib import contextmanager
from datetime import date, timedelta

import pytest
from sqlalchemy import event, select

from rules.visit_counting import Counting
from store.files import FileStore
from store.pages import register_lists
from store.tables import Case, PlannedVisit, Policy, QuotaSnapshot, Visit
from tests.webapp.conftest import EVERYTHING, Clock, Web, web_settings
from tests.webapp.registering import enter, open_for_business, policy, unit, uscc
from webapp import create_app
from webapp.registers.year_line import WIDTH, year_line
from workflows.runtime import Runtime, legal_day

LISTS = ("units", "policies", "claims", "year-facts", "people")


@pytest.fixture
def town(database, tmp_path):
    """The application on either database, with a provider that may serve an insurer's policies."""
    runtime = Runtime(database=database, files=FileStore(tmp_path / "files"), clock=Clock())
    app = create_app(web_settings(), runtime)
    app.jinja_env.globals["asset"] = "/static/dist/{}".format
    web = Web(app, runtime, runtime.clock)
    open_for_business(web)
    return web


@pytest.fixture
def browser(town):
    """A browser of the provider's coordinator."""
    return town.client(town.person("coordinator"))


@contextmanager
def counted(database):
    """Count the statements that reach the database."""
    statements = []

    def note(_connection, _cursor, statement, *_more):
        statements.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    yield statements
    event.remove(database.engine, "before_cursor_execute", note)


def names(page):
    """Return the units that a list shows, in order."""
    return re.findall(r'<th scope="row"><a href="/registers/units/[^"]+">([^<]+)</a>', page.text)


@pytest.mark.parametrize("section", LISTS)
def test_an_empty_list_says_what_to_do(town, section):
    page = town.client(town.person("provider_manager")).get(f"/registers/{section}/")
    assert page.status_code == 200
    if section != "people":  # whoever asks is one of the people
        assert "还没有登记" in page.text
    nothing = town.client("provider_manager").get(f"/registers/{section}/?q=查无此词")
    assert "没有符合条件的" in nothing.text


def test_units_are_found_by_two_characters_by_code_and_by_policy_number(town, browser):
    enter(browser, "units", **unit(1, name="瑞安市汇川铸造有限公司"))
    enter(
        browser, "units", **unit(2, name="瓯海区东岙阀门厂", region_code="瓯海区", high_risk_kind="金属冶炼")
    )
    enter(browser, "policies", **policy(7, of=2))
    assert names(browser.get("/registers/units/")) == ["瑞安市汇川铸造有限公司", "瓯海区东岙阀门厂"]
    for query in ("阀门", "东岙阀", uscc(2), "AZX000007", "AZX0"):
        assert names(browser.get(f"/registers/units/?q={query}")) == ["瓯海区东岙阀门厂"], query
    for wanted in ("region=330304", "kind=metal_smelting", "state=not_begun"):
        assert names(browser.get(f"/registers/units/?{wanted}")) == ["瓯海区东岙阀门厂"], wanted
    assert names(browser.get("/registers/units/?state=no_policy")) == ["瑞安市汇川铸造有限公司"]
    assert names(browser.get("/registers/units/?region=999999&kind=x&state=x&after=x,y")) != []
    assert (
        browser.get("/registers/?q=阀门")
        .headers["Location"]
        .endswith("/registers/units/?q=%E9%98%80%E9%97%A8")
    )


@pytest.mark.parametrize("query", ["'", '"', "%", "_", "*", "\\", "<b>", "x" * 5000, "\x00", "（）", "NEAR("])
def test_a_hostile_query_finds_nothing_and_breaks_nothing(town, browser, query):
    enter(browser, "units", **unit())
    for section in ("units", "policies", "claims", "year-facts"):
        page = browser.get(f"/registers/{section}/", query_string={"q": query, "after": query})
        assert page.status_code == 200, section


def test_pages_follow_each_other_without_gap_or_repeat(town, browser, monkeypatch):
    monkeypatch.setattr(register_lists, "PAGE", 2)
    monkeypatch.setattr("store.pages.unit_list.PAGE", 2)
    monkeypatch.setattr("store.pages.policy_list.PAGE", 2)
    for number in range(1, 6):
        enter(browser, "units", **unit(number))
        enter(browser, "policies", **policy(number, of=number, term_end=f"2027-10-{20 + number % 2}"))
    for section, pattern in (("units", r"units/[0-9a-f-]{36}"), ("policies", r"policies/[0-9a-f-]{36}")):
        address, seen = f"/registers/{section}/", []
        while address:
            text = browser.get(address).text
            seen += list(
                dict.fromkeys(re.findall(f'<th scope="row"[^>]*><a href="/registers/({pattern})"', text))
            )
            later = re.search(r'href="([^"]+)" rel="next"', text)
            address = later[1].replace("&amp;", "&") if later else ""
        assert len(seen) == len(set(seen)) == 5, section


OWNERS = ("org_id", "insurer_id", "policyholder_id")


def owes(town, *years):
    """Keep what the one policy owes in each of its policy years; return it and the owners of its rows."""
    now = town.clock()
    with town.runtime.database.write(EVERYTHING, now=now) as session:
        row = session.scalars(select(Policy)).one()
        owners = {name: getattr(row, name) for name in OWNERS}
        more = {"facts": {}, "profile": "wenzhou-2020", "parameter_rows": [], "computed_at": now}
        for year, visits in enumerate(years, 1):
            tiers = {"by_premium": visits, "by_industry": 0, "by_history": 0}
            session.add(
                QuotaSnapshot(policy_id=row.id, policy_year=year, required=visits, **tiers, **more, **owners)
            )
        return row, owners


def test_shortfall_is_what_is_owed_and_neither_done_nor_arranged(town, browser):
    enter(browser, "units", **unit())
    enter(browser, "policies", **policy(written_premium="30000"))
    assert names(browser.get("/registers/units/?state=short")) == []
    now = town.clock()
    row, owners = owes(town, 2)
    plan = {"policy_id": row.id, "planned_on": legal_day(now) + timedelta(days=40), **owners}
    with town.runtime.database.write(EVERYTHING, now=now) as session:
        session.add(PlannedVisit(sequence=1, state="planned", **plan))
    assert len(names(browser.get("/registers/units/?state=short"))) == 1
    assert "还有 1 次没排" in browser.get("/registers/policies/?state=short").text
    with town.runtime.database.write(EVERYTHING, now=now) as session:
        session.add(PlannedVisit(sequence=2, state="planned", **plan))
    assert names(browser.get("/registers/units/?state=short")) == []


def visited(town, visits, planned_on=None):
    """Add visits, each as its state and the day on which it was completed, to the one policy there is."""
    with town.runtime.database.write(EVERYTHING, now=town.clock()) as session:
        row = session.scalars(select(Policy)).one()
        owners = {name: getattr(row, name) for name in OWNERS}
        for sequence, (state, done) in enumerate(visits, 1):
            session.add(
                Visit(
                    policy_id=row.id,
                    number=f"FW{sequence}",
                    sequence=sequence,
                    state=state,
                    planned_on=planned_on,
                    completed_on=done,
                    responsible_org_id=row.org_id,
                    **owners,
                )
            )
        return row


def test_visits_too_many_in_one_policy_year_do_not_make_up_for_another(town, browser):
    enter(browser, "units", **unit())
    typed = policy(written_premium="30000", term_start="2026-11-01", term_end="2028-10-31")
    page = enter(browser, "policies", **typed)
    early = [("completed", date(2026, 11, day)) for day in range(2, 6)]
    owes(town, 2, 2)
    visited(town, [*early, ("archived", date(2027, 10, 31))])
    assert "应服务 4 次，已完成 5 次" in (text := browser.get(page.request.path).text)
    assert "还有 2 次没排" in text
    assert "还有 2 次没排" in browser.get("/registers/policies/?state=short").text
    assert len(names(browser.get("/registers/units/?state=short"))) == 1


def test_each_visit_says_whether_it_counts_and_why_not(town, browser):
    enter(browser, "units", **unit())
    page = enter(browser, "policies", **policy(written_premium="10万"))
    day = date(2026, 11, 6)
    done = (day, day, None, None, None, date(2026, 10, 29))
    states = ("archived", "completed", "cancelled", "entry_refused", "in_progress", "completed")
    row = visited(town, zip(states, done, strict=True), planned_on=day)
    for path in (page.request.path, f"/registers/units/{row.policyholder_id}"):
        text = browser.get(path).text
        for words in ("计 1 次", "同一天已计 1 次", "已取消", "被拒入场", "还没有完成", "不在保险期间内"):
            assert words in text, words
        assert "应服务 4 次，已完成 1 次，已排 1 次" in text
    assert len(Counting) == 7


def test_no_page_asks_more_of_a_full_city_than_of_a_small_one(town, browser):
    def statements(path):
        with counted(town.runtime.database) as found:
            assert browser.get(path).status_code == 200
        return len(found)

    enter(browser, "units", **unit())
    policy_page = enter(browser, "policies", **policy()).request.path
    unit_page = re.search(r'href="(/registers/units/[0-9a-f-]{36})"', browser.get(policy_page).text)[1]
    paths = [f"/registers/{section}/" for section in LISTS[:4]] + [unit_page, policy_page]
    before = {path: statements(path) for path in paths}
    for number in range(2, 14):
        enter(browser, "units", **unit(number))
        enter(browser, "policies", **policy(number, of=number))
    after = {path: statements(path) for path in paths}
    assert after == before
    assert max(after.values()) <= 60, after


def test_money_and_renewal_stand_on_the_page_of_a_unit(town, browser):
    enter(browser, "units", **unit())
    page = enter(browser, "policies", **policy(written_premium="68400", collected_premium="68400"))
    text = browser.get(re.search(r'href="(/registers/units/[0-9a-f-]{36})"', page.text)[1]).text
    for words in ("23,940.00 元", "不低于签单净保费的 35%", "14,364.00 元", "不高于实收保费的 21%"):
        assert words in text
    assert "两套规则不能同时满足" in text
    for ground in ("配合服务", "隐患整改", "风险控制"):
        assert ground in text


def test_a_finance_clerk_sees_no_contacts(town, browser):
    page = enter(browser, "units", **unit())
    text = town.client(town.person("provider_finance")).get(page.request.path).text
    assert "138****5678" not in text
    assert "黄建洲" not in text


def test_templates_are_still_handed_out_beside_the_lists(town, browser):
    for register in ("policyholders", "policies", "claims", "year_facts"):
        answer = browser.get(f"/registers/{register}/template.xlsx")
        assert answer.status_code == 200
        assert answer.data[:2] == b"PK"
        answer.close()
    assert "还没有选择文件" in browser.post("/registers/policies", follow_redirects=True).text


def test_marks_stay_on_the_line_whatever_the_term():
    line = year_line(date(2026, 11, 1), date(2026, 11, 1), date(2026, 11, 1), [], [])
    assert line.today is not None
    assert 0 <= line.today <= WIDTH
    line = year_line(date(2026, 1, 1), date(2036, 1, 1), date(2040, 1, 1), [], [])
    assert line.today is None
    assert len(line.months) <= 12


def test_a_case_that_runs_is_told_on_the_pages_of_its_unit_and_policy(city):
    browser = city.browser("coordinator")
    link = re.search(r'href="(/registers/policies/[0-9a-f-]{36})"', browser.get("/registers/policies/").text)[
        1
    ]
    text = browser.get(link).text
    assert "进行中" in text
    assert "应服务 2 次" in text


def test_a_number_is_seen_in_full_for_a_purpose_that_auditors_read(city):
    unit_id = city.world.offices.unit
    address = f"/registers/units/{unit_id}"
    browser = city.browser("coordinator")
    assert "13800000000" not in browser.get(address).text
    seen = browser.post(f"{address}/mobile", {"purpose": "arrange"}).text
    assert 'href="tel:13800000000"' in seen
    assert "13800000000" not in browser.get(address).text
    log = city.browser("auditor").get("/admin/accesses?kind=saw_number").text
    assert "看电话号码" in log
    assert "温州演示投保单位有限公司" in log
    assert "约上门服务" in log


@pytest.mark.parametrize(
    ("login", "purpose", "status"),
    [("coordinator", "", 404), ("coordinator", "x", 404), ("agency_manager", "check", 403)],
)
def test_without_purpose_or_right_no_number_is_shown(city, login, purpose, status):
    unit_id = city.world.offices.unit
    answer = city.browser(login).post(f"/registers/units/{unit_id}/mobile", {"purpose": purpose})
    assert answer.status_code == status
    assert "13800000000" not in answer.text


def test_a_finance_clerk_is_not_shown_the_number_either(city):
    address = f"/registers/units/{city.world.offices.unit}"
    browser = city.browser("provider_finance")
    assert "看号码" not in browser.get(address).text
    assert browser.post(f"{address}/mobile", {"purpose": "check"}).status_code == 403


def test_a_planned_visit_says_when_it_is_opened_and_leads_to_its_case_once_it_is(agreed, arranged):
    ahead = agreed.browser("coordinator").get(f"/registers/policies/{agreed.world.policy_id}").text
    assert re.search(r"2\d{3}-\d\d-\d\d 开单，到时在协调员的待办里", ahead)
    opened = arranged.browser("coordinator").get(f"/registers/policies/{arranged.world.policy_id}").text
    with arranged.web.runtime.database.read(EVERYTHING) as session:
        visit = session.scalars(select(Case).where(Case.process == "service_visit")).one()
    assert f'<a href="/cases/{visit.id}">第 1 次</a>' in opened
