"""A unit complains by clicks, is told what the insurer publishes, and each reader sees his own complaints."""

import re
from html import unescape

import pytest

from store.tables import InsurerProfile
from tests.webapp.conftest import EVERYTHING

ANSWERS = {
    "complainant": "王建国 厂长",
    "mobile": "13800000000",
    "target": "provider",
    "target_person": "林若衡",
    "request": "约好的服务时间改了三次，希望按时上门",
}


def links(page, pattern):
    return [unescape(found) for found in re.findall(rf'href="({pattern})"', page)]


@pytest.fixture
def complained(city):
    """A city whose unit has complained; the address of the case."""
    profile = InsurerProfile(
        organization_id=city.world.offices.insurer,
        complaint_phone="0577-88880000",
        complaint_procedure="先受理，再核实，书面答复",
        mediation_method="人民调解",
    )
    with city.web.runtime.database.write(EVERYTHING, now=city.world.clock()) as session:
        session.merge(profile)
    browser = city.browser("policyholder")
    (begin,) = set(links(browser.get("/").text, "/begin/"))
    (form,) = links(browser.get(begin).text, '/begin/complaint/[^"]+')
    asked = browser.get(form, follow_redirects=True)
    assert "0577-88880000" in asked.text
    assert "人民调解" in asked.text
    assert re.search('data-path="received_on"[^>]* hidden', asked.text)
    empty = browser.post(asked.request.full_path, {"key": "k"})
    assert empty.status_code == 422
    done = browser.post(asked.request.full_path, {"key": "k"} | ANSWERS)
    assert done.status_code == 303, done.text
    again = browser.post(asked.request.full_path, {"key": "k"} | ANSWERS)
    assert again.headers["Location"] == done.headers["Location"]
    return city, done.headers["Location"]


def test_a_complaint_is_reached_by_clicks_with_its_clock_and_state(complained):
    city, case = complained
    for login in ("policyholder", "insurer", "coordinator", "joint_office", "complaint_officer"):
        browser = city.browser(login)
        (listed,) = set(links(browser.get("/cases/").text, "/complaints/"))
        page = browser.get(listed).text
        assert "已受理" in page
        assert "剩" in page
        (href,) = links(page, "/complaints/[0-9a-f-]{36}")
        shown = browser.get(href).text
        assert ANSWERS["request"] in shown
        assert case in links(shown, "/cases/[0-9a-f-]{36}")
        assert href in links(browser.get(case).text, "/complaints/[0-9a-f-]{36}")
    assert "受理投诉" in city.browser("complaint_officer").get(case).text
    assert ANSWERS["request"] in city.browser("insurer").get(_answers(city, case)).text


def _answers(city, case):
    return links(city.browser("insurer").get(case).text, f"{case}/answers/[0-9.]+")[-1]
