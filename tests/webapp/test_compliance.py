"""The page of the duties: what each reader sees there, and the way from a figure to its rows."""

import re
from io import BytesIO

import pytest
from pypdf import PdfReader
from python_calamine import CalamineWorkbook

from tests.webapp.conftest import city_at
from webapp.compliance.trend import month_ends
from workflows.compliance import main


@pytest.fixture
def told(sqlite_pasts, tmp_path):
    """Return the city when the notice of a hazard is served and the visit is to be archived."""
    with city_at("told", sqlite_pasts, tmp_path) as found:
        yield found


def test_a_late_archive_stands_on_the_page_with_its_way_to_the_case(told):
    told.world.clock.pass_by(days=60)
    page = told.browser("coordinator").get("/compliance/")
    assert "服务完成后按期归档" in page.text
    assert "逾期未归档 1 次" in page.text
    assert "怎么补" in page.text
    (visit,) = told.world.cases("service_visit")
    rows = told.browser("coordinator").get("/compliance/archive")
    assert f"/cases/{visit.id}" in rows.text


def test_choosing_a_standing_leaves_the_others_out(told):
    told.world.clock.pass_by(days=60)
    broken = told.browser("joint_office").get("/compliance/?standing=broken").text
    assert "服务完成后按期归档" in broken
    assert "第三方服务机构已备案登记" not in broken
    assert "没有这样的条" in told.browser("joint_office").get("/compliance/?standing=to_judge").text


def test_nonsense_in_the_address_asks_for_nothing_in_particular(told):
    browser = told.browser("joint_office")
    assert browser.get("/compliance/?standing=x&on=2026-13-45&office=1&unit=zz").status_code == 200
    assert browser.get("/compliance/nothing").status_code == 404
    assert browser.get("/compliance/nothing.xlsx").status_code == 404


def test_the_rows_come_as_excel(told):
    told.world.clock.pass_by(days=60)
    body = told.browser("insurer").get("/compliance/archive.xlsx").data
    head, row = CalamineWorkbook.from_filelike(BytesIO(body)).get_sheet_by_index(0).to_python()
    assert head == ["情况", "单位或机构", "说明", "日期"]
    assert row[0] == "不符合"


def test_a_day_to_come_is_not_judged(told):
    page = told.browser("joint_office").get("/compliance/?on=2030-01-01").text
    assert "截至 2026-" in page


@pytest.mark.parametrize("day", ["2019-01-01", "2020-06-01", "1900-01-01"])
def test_before_the_standard_the_first_day_is_judged(told, day):
    browser = told.browser("joint_office")
    assert "截至 2020-06-01" in browser.get(f"/compliance/?on={day}").text
    assert browser.get(f"/compliance/report.pdf?on={day}").status_code == 200


@pytest.mark.parametrize("day", ["2019-12-31", "9999-12-31", "yesterday"])
def test_the_command_says_of_which_days_it_may_be_asked(told, day, capsys):
    with pytest.raises(SystemExit) as ended:
        main(["--on", day], told.web.runtime)
    assert ended.value.code == 2
    assert "2020-06-01" in capsys.readouterr().err


def test_a_unit_leads_to_its_own_duties(told):
    unit = told.world.offices.unit
    browser = told.browser("coordinator")
    assert f'href="/compliance/?unit={unit}"' in browser.get(f"/registers/units/{unit}").text
    assert "只看 " in browser.get(f"/compliance/?unit={unit}").text
    assert "/compliance/" not in told.browser("policyholder").get(f"/registers/units/{unit}").text


def test_the_whole_comes_as_a_pdf_with_the_rows_behind_it(told):
    told.world.clock.pass_by(days=60)
    address = "/compliance/report.pdf"
    assert f'href="{address}"' in told.browser("insurer").get("/compliance/").text
    text = "".join(
        page.extract_text() for page in PdfReader(BytesIO(told.browser("insurer").get(address).data)).pages
    )
    assert "逐条合规报告" in text
    assert "服务完成后按期归档" in text
    assert "逾期未归档 1 次" in text


def test_the_last_twelve_months_stand_beside_each_other_and_say_what_the_page_says_of_each_day(archived):
    browser = archived.browser("joint_office")
    (href,) = set(re.findall(r'href="(/compliance/trend[^"]*)"', browser.get("/compliance/").text))
    page = browser.get(href).text
    ends = month_ends(archived.world.clock().date())
    assert [f"{day:%y-%m}" for day in ends] == re.findall(r'num">(\d\d-\d\d)<', page)
    assert len(set(re.findall(r"on=(20\d\d-\d\d-\d\d)", page))) == 12
