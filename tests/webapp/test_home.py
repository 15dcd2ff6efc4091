"""The start page: for each role what to do first, figures that lead to their rows, no dead link."""

import re
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import update

from rules.roles import ROLES
from store.tables import Incident, WorkItem
from tests.webapp.conftest import EVERYTHING


def links(page):
    return set(re.findall(r'<a [^>]*href="(/[^"#]*)"', page))


@pytest.mark.parametrize("role", sorted(ROLES))
def test_every_role_finds_something_to_do_and_every_link_opens(city, role):
    browser = city.browser(role)
    answer = browser.get("/")
    assert answer.status_code == 200
    assert "先做这几件" in answer.text or "接下来" in answer.text
    assert len(re.findall('class="empty-way"|class="card-row urgent', answer.text)) >= 1
    for link in links(answer.text):
        opened = browser.get(link.replace("&amp;", "&"), follow_redirects=True)
        assert opened.status_code == 200, link


def test_the_most_urgent_items_stand_first_and_lead_to_themselves(city):
    item = city.item("confirm_unit_facts")
    page = city.browser("coordinator").get("/").text
    assert f"/inbox/{item.id}" in page
    assert "本组待领" in page
    assert city.browser("coordinator").get(f"/inbox/{item.id}").status_code == 200


def test_what_is_overdue_is_red_and_counted(city):
    with city.web.runtime.database.write(EVERYTHING) as session:
        session.execute(
            update(WorkItem).values(due_on=date(2026, 2, 1), due_at=datetime(2026, 2, 1, 16, tzinfo=UTC))
        )
    page = city.browser("coordinator").get("/").text
    assert "tile-red" in page
    assert "urgent-red" in page
    assert 'href="/inbox/?view=overdue"' in page


def test_an_empty_inbox_offers_three_ways_on(city):
    page = city.browser("expert").get("/").text
    assert "现在没有等你办的事" in page
    first = page.partition('id="first"')[2].partition("</section>")[0]
    assert first.count('class="empty-way"') == 3


def test_nothing_of_another_organization_stands_on_the_start_page(city):
    assert "核实单位情况" not in city.browser("agency_manager").get("/").text


def test_a_person_without_a_role_is_told_who_gives_one(web):
    browser = web.client(web.person(login="newcomer", organization=web.organization("provider")))
    page = browser.get("/").text
    assert "角色由安全管理员给" in page
    assert browser.get("/account").status_code == 200


def test_incidents_and_dead_jobs_alarm_the_system_administrator_alone(city):
    with city.web.runtime.database.write(EVERYTHING, now=city.web.clock()) as session:
        session.add(Incident(kind="service", message="x", opened_at=city.web.clock()))
    page = city.browser("system_admin").get("/").text
    assert re.search(r'tile-red" href="/admin/incidents"', page)
    assert "/admin/incidents" not in city.browser("security_admin").get("/").text


def test_units_owed_visits_are_counted_until_the_visits_are_arranged(city):
    figure = r'tile(?: tile-red)?" href="/registers/units/\?state=short"><span class="figure-number">(\d+)'
    browser = city.browser("coordinator")
    city.world.do("confirm_unit_facts", is_key=False)
    city.world.do("draft_scheme")
    assert re.findall(figure, browser.get("/").text) == ["1"]
    city.world.do("approve_scheme", decision="approve")
    city.world.do("policyholder_confirm_scheme", answer="accept")
    assert re.findall(figure, browser.get("/").text) == ["0"]
