"""What runs of a process: its live numbers are those of the rows and of the log that one may take along."""

import json
import re
from collections import Counter
from datetime import timedelta
from html import unescape

from lxml import etree
from sqlalchemy import select

from documents.event_logs import XES
from rules.roles import ROLES
from store.tables import Case, Person, WorkItem
from tests.support.world import EVERYTHING
from webapp.studio import running

PAGE = "/studio/service_visit/running?from=2020-01-01&to=2099-12-31"
LOG = "/studio/service_visit/log.{}?from=2020-01-01&to=2099-12-31"
CONFIRM = "policyholder_confirm_visit"
COLUMNS = ("role", "waiting", "overdue", "stopped", "passed", "median", "ninth")


def table(page: str) -> dict[str, dict[str, str]]:
    """Return the cells of each element, by the names of their columns."""
    rows = re.findall(r'<tr data-element="([^"]+)".*?</tr>', page, re.DOTALL)
    found = {}
    for row in re.finditer(r'<tr data-element="([^"]+)"(.*?)</tr>', page, re.DOTALL):
        cells = re.findall(r"<td[^>]*>(.*?)</td>", row[2], re.DOTALL)
        found[row[1]] = dict(zip(COLUMNS, (unescape(cell).strip() for cell in cells), strict=True))
    assert len(found) == len(rows)
    return found


def figure(cell: str) -> int:
    return 0 if cell == "—" else int(cell)


def test_how_often_a_step_was_passed_is_what_the_log_says(archived):
    browser = archived.browser("process_designer")
    log = etree.fromstring(browser.get(LOG.format("xes")).data)
    names = {"x": XES}
    told = Counter(log.xpath("//x:event/x:string[@key='concept:instance']/@value", namespaces=names))
    cells = table(browser.get(PAGE).text)
    assert {name: figure(row["passed"]) for name, row in cells.items() if name in told} == dict(told)
    assert told["dispatch_visit"] == 1
    (page_cases,) = re.findall(r"期内开的 (\d+) 件", browser.get(PAGE).text)
    assert int(page_cases) == len(log.findall("x:trace", names))


def test_waits_are_those_of_the_finished_items(archived):
    with archived.web.runtime.database.read(EVERYTHING) as session:
        query = select(WorkItem.step, WorkItem.opened_at, WorkItem.done_at).join(
            Case, Case.id == WorkItem.case_id
        )
        rows = session.execute(
            query.where(Case.process == "service_visit", WorkItem.done_at.is_not(None))
        ).all()
    waits: dict[str, list[timedelta]] = {}
    for step, opened_at, done_at in rows:
        waits.setdefault(step, []).append(done_at - opened_at)
    cells = table(archived.browser("process_designer").get(PAGE).text)
    for step, each in waits.items():
        middle = sorted(each)[(len(each) + 1) // 2 - 1].total_seconds()
        hours, days = f"{middle / 3600:.1f} 小时", f"{middle / 86400:.1f} 天"
        assert cells[step]["median"] in {hours, days}, step


def test_what_stands_open_is_counted_whenever_it_began(arranged):
    browser = arranged.browser("process_designer")
    cells = table(browser.get("/studio/service_visit/running?from=2020-01-01&to=2020-01-02").text)
    assert (cells[CONFIRM]["waiting"], cells[CONFIRM]["passed"]) == ("1", "—")


def test_no_case_is_shown_and_no_person_is_named(archived):
    browser = archived.browser("process_designer")
    with archived.web.runtime.database.read(EVERYTHING) as session:
        numbers = list(session.scalars(select(Case.number).where(Case.process == "service_visit")))
        people = set(session.scalars(select(Person.name))) - {ROLES["process_designer"].title}
    for path in (PAGE, LOG.format("xes"), LOG.format("ocel")):
        told = browser.get(path).text
        assert not [number for number in numbers if number in told], path
        assert not [name for name in people if name in told.partition("<main")[2]], path


def test_more_than_one_download_may_have_is_refused_in_words(archived, monkeypatch):
    monkeypatch.setattr(running, "MOST_EVENTS", 3)
    answer = archived.browser("process_designer").get(LOG.format("xes"))
    assert answer.status_code == 409
    assert "请把日子缩短" in answer.text


def test_the_log_of_objects_tells_the_same_events(archived):
    browser = archived.browser("process_designer")
    log = json.loads(browser.get(LOG.format("ocel")).data)
    assert {event["relationships"][0]["objectId"] for event in log["events"]} <= {
        one["id"] for one in log["objects"]
    }
    assert {event["type"] for event in log["events"]} == {one["name"] for one in log["eventTypes"]}
    assert {one["type"] for one in log["objects"]} <= {one["name"] for one in log["objectTypes"]}
    xes = etree.fromstring(browser.get(LOG.format("xes")).data)
    assert len(log["events"]) == len(xes.findall(".//{*}event"))


def test_every_flow_into_a_step_adds_up_to_its_passages(archived):
    page = archived.browser("process_designer").get(PAGE).text
    into = Counter()
    for row in re.finditer(
        r'<tr data-flow="[^"]+".*?data-badge="(\d+)">.*?<td[^>]*>(.*?)</td>', page, re.DOTALL
    ):
        into[unescape(row[2])] += int(row[1])
    titles = dict(re.findall(r'<tr data-element="([^"]+)".*?<th scope="row">(.*?)</th>', page, re.DOTALL))
    cells = table(page)
    for step in ("accept_visit", "check_in", "record_visit"):
        assert into[unescape(titles[step])] == figure(cells[step]["passed"]) == 1


def test_nonsense_in_the_address_is_left_out(agreed):
    browser = agreed.browser("process_designer")
    for words in (
        "?from=x&to=9999-99-99&release=zz&show=nothing",
        "?release=-1",
        "?from=2099-01-01&to=2000-01-01",
    ):
        answer = browser.get(f"/studio/service_visit/running{words}")
        assert answer.status_code == 200, words
    assert browser.get("/studio/nowhere/running").status_code == 404
    assert browser.get("/studio/service_visit/log.csv").status_code == 404
