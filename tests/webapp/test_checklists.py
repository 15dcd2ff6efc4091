"""The pages of checklists: a sheet is uploaded, looked at, published; what is wrong comes back with what was typed."""

import re
from io import BytesIO

from tests.workflows.test_checklists import GUARDED, TITLE, TRAINED, sheet


def send(browser, *rows, **fields):
    typed = {
        "industry": "construction",
        "title": TITLE,
        "source": "温安委办〔2026〕9号",
        "first_day": "2026-12-01",
    }
    file = (BytesIO(sheet(*rows).getvalue()), "清单.xlsx")
    return browser.post("/checklists/", {**typed, **fields, "file": file}, content_type="multipart/form-data")


def test_the_joint_office_publishes_a_checklist_by_clicks(city):
    browser = city.browser("joint_office")
    assert "/checklists/" in browser.get("/registers/").text
    wrong = send(browser, (1, "", "场所环境"))
    assert wrong.status_code == 422
    assert "第 2 行，规定原文：必填" in wrong.text
    assert f'value="{TITLE}"' in wrong.text
    drafted = send(browser, GUARDED, TRAINED).headers["Location"]
    page = browser.get(drafted).text
    assert len(re.findall("新增", page)) == 2
    assert "等发布" in page
    done = browser.post(f"{drafted}/publish", follow_redirects=True).text
    assert "以前派的服务照原来的清单" in done
    coordinator = city.browser("coordinator")
    assert TITLE in coordinator.get("/checklists/").text
    assert "下载模板" not in coordinator.get("/checklists/").text
