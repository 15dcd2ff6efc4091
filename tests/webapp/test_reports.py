"""The pages of reports: reached from the dashboards, over a period, the same as Excel."""

from io import BytesIO

from python_calamine import CalamineWorkbook

from store.reports.catalogue import catalogue

NAME = "visits_by_insurer"


def test_every_report_is_reached_from_the_dashboards_and_says_what_it_counts(agreed):
    browser = agreed.browser("joint_office")
    assert 'href="/reports/"' in browser.get("/boards/risk").text
    listed = browser.get("/reports/").text
    for name, report in catalogue().items():
        assert f'href="/reports/{name}"' in listed
        assert report.about in browser.get(f"/reports/{name}").text


def test_a_report_shows_its_period_and_gives_the_same_as_excel(agreed):
    browser = agreed.browser("coordinator")
    span = "from=2027-01-01&to=2027-12-31"
    page = browser.get(f"/reports/{NAME}?{span}").text
    assert 'data-label="应服务" class="figure">2</td>' in page
    assert f'href="/reports/{NAME}.xlsx?from=2027-01-01&amp;to=2027-12-31"' in page
    sheet = CalamineWorkbook.from_filelike(BytesIO(browser.get(f"/reports/{NAME}.xlsx?{span}").data))
    head, row = sheet.get_sheet_by_index(0).to_python()
    assert dict(zip(head, row, strict=True))["应服务"] == 2


def test_a_period_without_figures_says_so_and_an_unknown_report_is_not_found(agreed):
    browser = agreed.browser("coordinator")
    empty = browser.get(f"/reports/{NAME}?from=2031-01-01&to=2031-12-31").text
    assert "这段时间没有可统计的" in empty
    assert 'value="2027-12-31"' in browser.get(f"/reports/{NAME}?to=nonsense").text
    assert browser.get("/reports/nothing").status_code == 404
