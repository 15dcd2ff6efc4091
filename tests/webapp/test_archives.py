"""The pages of the archive: reached by clicks, three people dispose of a volume on them, nothing typed is lost."""

import re
from datetime import timedelta
from io import BytesIO

import openpyxl
from sqlalchemy import delete, update

from store.tables import Case, Hazard, Timer
from tests.support.world import EVERYTHING
from worker.loop import drain


def settle(city):
    """Let the years go by in which nothing else happens."""
    with city.web.runtime.database.write(EVERYTHING) as session:
        session.execute(delete(Timer))
        session.execute(update(Case).values(status="completed"))
        session.execute(update(Hazard).values(state="closed"))
    city.world.clock.at += timedelta(days=6 * 366)


def the_link(page, pattern):
    (href,) = set(re.findall(f'href="({pattern})"', page))
    return href


def test_a_volume_says_how_long_it_is_kept_and_may_be_held(archived):
    browser = archived.browser("insurer")
    index = browser.get(the_link(browser.get("/registers/").text, "/archives/")).text
    page = the_link(index, '/archives/volumes/[^"]+')
    shown = browser.get(page).text
    assert "2032-02-28" in shown
    assert "保管期未满" in shown
    refused = browser.post(f"{page}/hold", {"reason": " "})
    assert refused.status_code == 422
    assert "写明原因" in refused.text
    assert "保全中" in browser.post(f"{page}/hold", {"reason": "法院调取"}, follow_redirects=True).text
    assert "法院调取" in browser.get(page).text
    assert "提出销毁选中的" not in index


def test_three_people_dispose_of_a_volume_on_its_pages(archived):
    settle(archived)
    insurer = archived.browser("insurer")
    index = insurer.get("/archives/").text
    (volume,) = re.findall(r'name="volume" value="([^"]+)"', index)
    refused = insurer.post("/archives/propose", {"volume": volume, "reason": ""})
    assert refused.status_code == 422
    assert f'value="{volume}" checked' in refused.text
    begun = insurer.post("/archives/propose", {"volume": volume, "reason": "保管期满"})
    page = begun.headers["Location"]
    for login, word in (("provider_manager", "等审计管理员办"), ("auditor", "会签，1 卷档案销毁")):
        browser = archived.browser(login)
        assert "等你办" in browser.get("/archives/").text
        assert "同意销毁" in browser.get(page).text
        assert word in browser.post(page, {"opinion": "清单已核"}, follow_redirects=True).text
    drain(archived.web.runtime)
    sheet = browser.get(f"{page}.xlsx")
    rows = list(openpyxl.load_workbook(BytesIO(sheet.data)).active.iter_rows(values_only=True))
    assert all(len(row[5]) == 64 for row in rows[1:])
    shown = archived.browser("coordinator")
    volume_page = shown.get(f"/archives/volumes/{volume}").text
    case = shown.get(the_link(volume_page, '/cases/[^"]+')).text
    assert "按程序销毁" in case
    assert "archive.zip" not in case
