"""监测: each figure is what its exported rows add up to, also after a command; each role has its own alone."""

import re
from decimal import ROUND_HALF_UP, Decimal
from html import unescape
from io import BytesIO

import pytest
from python_calamine import CalamineWorkbook

from rules.roles import ROLES
from store.measures.boards import BOARDS
from store.measures.catalogue import MEASURES
from store.measures.wording import told

YEAR = "from=2026-01-01&to=2026-12-31"
ROWS = "/boards/rows.xlsx"
DONE = ["1 次", "100.0 %"]
OWN = {
    "joint_office": DONE,
    "district_office": DONE,
    "industry_authority": ["0 次", "—"],
    "coordinator": DONE,
    "provider_manager": DONE,
    "insurer": DONE,
}
"""What the only unit of the city, which is of no high-risk trade, adds to the figures that each role sees."""
TOLD = ("insured_units", "premium_written", "visits_done", "hazards_found", "archive_on_time", "fund_spent")


def sheet(browser, address):
    """Return the rows of an Excel file, by the heads of its columns."""
    book = CalamineWorkbook.from_filelike(BytesIO(browser.get(address).data))
    head, *rows = book.get_sheet_by_index(0).to_python()
    return [dict(zip(head, row, strict=True)) for row in rows]


def recomputed(browser, name):
    """Return a figure in words, computed from its exported rows without any code of the measures."""
    rows = sheet(browser, f"{ROWS}?measure={name}&{YEAR}")
    part = sum((Decimal(str(row["计入"])) for row in rows), Decimal(0))
    whole = sum((Decimal(str(row.get("应计") or 0)) for row in rows), Decimal(0))
    measure = MEASURES[name]
    if measure.unit in {"count", "yuan"}:
        return told(part, measure.word)
    times = 100 if measure.unit == "percent" else 1
    share = (part * times / whole).quantize(Decimal("0.1"), ROUND_HALF_UP) if whole else None
    return told(share, measure.word)


def shown(browser, name):
    """Return a figure as the page of its rows tells it."""
    page = browser.get(f"/boards/rows?measure={name}&{YEAR}").text
    return re.search(r'<h1>[^<]*<span class="num nowrap">([^<]*)</span>', page)[1]


def tile(browser, board, title):
    """Return the number on a tile."""
    page = browser.get(f"/boards/{board}?{YEAR}").text
    found = re.search(rf'gauge-title">{title}</span>\s*<span class="gauge-number">([^<]*)<', page)
    return found[1]


def test_every_figure_is_what_its_exported_rows_add_up_to(archived):
    browser = archived.browser("joint_office")
    told_all = {name: (shown(browser, name), recomputed(browser, name)) for name in MEASURES}
    assert {name: pair for name, pair in told_all.items() if pair[0] != pair[1]} == {}
    nothing = {"—", *(told(Decimal(0), measure.word) for measure in MEASURES.values())}
    assert len([name for name, (value, _) in told_all.items() if value not in nothing]) > 15, (
        "or nothing was added up"
    )


def test_a_command_shows_at_the_next_load(archived):
    browser = archived.browser("joint_office")
    assert tile(browser, "risk", "整改率") == "0.0"
    archived.world.do("plan_rectification")
    archived.world.do("submit_rectification")
    archived.world.do("recheck_hazard", result="passed")
    page = browser.get(f"/boards/rows?measure=hazards_closed&{YEAR}").text
    assert "1 项" in page
    assert tile(browser, "risk", "整改率") == "100.0"
    assert shown(browser, "rectification_rate") == recomputed(browser, "rectification_rate") == "100.0 %"


def test_every_figure_of_a_chart_leads_to_rows_that_add_up_to_it(archived):
    browser = archived.browser("joint_office")
    followed = 0
    for board in BOARDS:
        page = browser.get(f"/boards/{board}?{YEAR}").text
        for href, value in re.findall(r'data-value="[^"]*"><a href="([^"]+)">([^<]+)</a>', page):
            assert f">{value}</span></h1>" in browser.get(unescape(href)).text, (board, href)
            followed += 1
    assert followed > 10


@pytest.mark.parametrize("role", OWN)
def test_people_who_monitor_see_their_own_business_and_others_nothing(archived, role):
    browser = archived.browser(role)
    assert [shown(browser, name) for name in ("visits_done", "return_visit_on_time")] == OWN[role]
    if role == "joint_office":
        return
    elsewhere = archived.web.organization(ROLES[role].party.value, "别处的机构")
    stranger = archived.web.client(archived.web.person(role, login="stranger", organization=elsewhere))
    for board in BOARDS:
        assert 'data-value="1"' not in stranger.get(f"/boards/{board}?{YEAR}").text
    assert {name: rows for name in TOLD if (rows := sheet(stranger, f"{ROWS}?measure={name}&{YEAR}"))} == {}


def test_an_analysis_is_held_by_its_address_and_comes_as_excel(archived):
    browser = archived.browser("coordinator")
    address = f"measure=visits_done&measure=hazards_found&by=region_code&also=industry&{YEAR}"
    page = browser.get(f"/boards/analysis?{address}").text
    assert re.search(r'value="hazards_found" checked', page)
    assert re.search(r'<option value="industry" selected>', page)
    (row,) = sheet(browser, f"/boards/analysis.xlsx?{address}")
    assert (row["区域"], row["完成服务（次）"], row["发现隐患（项）"]) == ("鹿城区", 1, 1)
    href = re.search(r'data-value="1"><a href="(/boards/rows[^"]+)">', page)[1]
    assert "1 条记录" in browser.get(unescape(href)).text


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("measure=coverage_rate&by=month", "不分月份"),
        ("measure=hazards_found&measure=fund_spent&by=category", "类别不是同一种"),
        ("measure=visits_done&by=category", "没有类别"),
        ("measure=nothing", "选一个到六个指标"),
    ],
)
def test_what_cannot_be_told_apart_says_why(archived, asked, said):
    assert said in archived.browser("joint_office").get(f"/boards/analysis?{asked}").text


def test_figures_by_month_by_class_and_by_insurer_lead_to_their_rows(archived):
    browser = archived.browser("joint_office")
    for measure, by in [
        ("hazards_found", "month"),
        ("hazards_found", "category"),
        ("coverage_rate", "insurer_id"),
        ("insured_units", "org_id"),
        ("premium_written", "category"),
    ]:
        page = browser.get(f"/boards/analysis?measure={measure}&by={by}&{YEAR}").text
        links = re.findall(r'data-value="[^"]*"><a href="(/boards/rows[^"]+)">([^<]+)</a>', page)
        assert links, measure
        for href, value in links:
            assert f">{value}</span></h1>" in browser.get(unescape(href)).text, (measure, by)


def test_nonsense_in_an_address_is_left_out_and_an_unknown_figure_not_found(archived):
    browser = archived.browser("joint_office")
    assert browser.get("/boards/risk?from=x&to=y&region=1&insurer=2&industry=3&measure=4").status_code == 200
    assert browser.get("/boards/rows?measure=nothing").status_code == 404
    assert browser.get("/boards/nothing").status_code == 404
    assert browser.get("/boards/").headers["Location"] == "/boards/enrolment"
