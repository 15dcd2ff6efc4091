"""The pages of filed reports: reached by clicks, every figure leads to rows that add up to it, also as Excel."""

import re
from datetime import date
from html import unescape
from io import BytesIO

import pytest
from python_calamine import CalamineWorkbook

from workflows.duties import begin_duty_for


@pytest.fixture
def filed(archived):
    """A city whose provider has filed the report of the month in which a hazard was found."""
    world = archived.world
    hazard = next(iter(world.cases("hazard_closure")))
    month = hazard.opened_at.date()
    following = date(month.year + month.month // 12, month.month % 12 + 1, 1)
    begin_duty_for(world.runtime, "monthly_report", f"{month:%Y-%m}", following, world.offices.provider)
    world.do("analyse_hazards")
    world.do("approve_monthly_report", decision="approve")
    return archived


def links(page, pattern):
    return [unescape(found) for found in re.findall(rf'href="({pattern})"', page)]


def sheet(browser, href):
    book = CalamineWorkbook.from_filelike(BytesIO(browser.get(href).data))
    head, *rows = book.get_sheet_by_index(0).to_python()
    return [dict(zip(head, row, strict=True)) for row in rows]


def test_a_report_is_reached_by_clicks_and_every_figure_leads_to_its_rows(filed):
    browser = filed.browser("joint_office")
    (listed,) = links(browser.get("/reports/").text, "/filed-reports/")
    (href,) = links(browser.get(listed).text, "/filed-reports/[0-9a-f-]{36}")
    assert re.search(r'href="/boards/"[^>]*aria-current="true"', browser.get(href).text)
    page = browser.get(href).text
    assert "已报送" in page
    figures = re.findall(r'figure nowrap"><a href="([^"]+)">([^<]+)</a>', page)
    assert len(figures) == 5
    for rows_href, value in figures:
        behind = browser.get(unescape(rows_href)).text
        assert value in behind
        (excel,) = links(behind, '/filed-reports/[^"]+rows.xlsx[^"]*') or [None]
        if excel is not None and value.endswith("项"):
            assert sum(row["计入"] for row in sheet(browser, excel)) == int(value.split()[0])
    (cell,) = sheet(browser, f"{href}.xlsx")
    assert (cell["区域"], cell["发现隐患"]) == ("鹿城区", 1)
    (narrowed,) = [
        each for each in links(page, '/filed-reports/[^"]+category=[^"]+') if "hazards_found" in each
    ]
    behind = browser.get(narrowed).text
    assert "只看：" in behind
    assert links(behind, "/hazards/[0-9a-f-]{36}")


def test_an_accepted_report_offers_its_correction(filed):
    filed.world.do("receive_monthly_report", receipt="accept")
    browser = filed.browser("coordinator")
    (href,) = links(browser.get("/filed-reports/").text, "/filed-reports/[0-9a-f-]{36}")
    (form,) = links(browser.get(href).text, f"{href}/correction")
    assert links(filed.browser("joint_office").get(href).text, f"{href}/correction") == []
    assert browser.post(form, {"reason": "短", "key": "k"}).status_code == 422
    assert browser.post(form, {"reason": "漏报一项隐患", "key": "k"}).status_code == 303
    assert browser.get(form).status_code == 404, "the next version is in work already"
    assert "漏报一项隐患" in browser.get(href).text, "among its versions"


def test_the_case_leads_to_its_report(filed):
    (case,) = filed.world.cases("monthly_report")
    browser = filed.browser("coordinator")
    (href,) = links(browser.get(f"/cases/{case.id}").text, "/filed-reports/[0-9a-f-]{36}")
    assert browser.get(href).status_code == 200
    assert browser.get(f"{href}/rows?figure=nothing").status_code == 404
    assert browser.get("/filed-reports/?kind=self_review").text.count("还没有报告") == 1
