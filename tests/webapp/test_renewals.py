"""The page of next rates is reached by clicks and tells each policy's grounds and rating."""

import re
from io import BytesIO

import openpyxl
import pytest


def opened(city, login, view):
    browser = city.browser(login)
    policies = browser.get("/registers/policies/").text
    (href,) = set(re.findall(r'href="(/renewals/)"', policies))
    first = browser.get(href).text
    address = next(found for found in re.findall(r'href="([^"]*/renewals/[^"]*)"', first) if view in found)
    return browser, address.replace("&amp;", "&")


@pytest.mark.parametrize("login", ["insurer", "coordinator", "joint_office"])
def test_a_policy_is_listed_with_its_grounds_and_its_rating(archived, login):
    browser, address = opened(archived, login, "later")
    page = browser.get(address).text
    assert "上门 2 次" in page or "上门 1 次" in page
    assert "1 项闭环 0 项（0.0%）" in page
    assert "90 分" in page
    assert "隐患整改率不到 80%" in page


def test_the_same_comes_as_excel(archived):
    browser, _ = opened(archived, "insurer", "later")
    sheet = browser.get("/renewals/sheet.xlsx?view=later")
    rows = list(openpyxl.load_workbook(BytesIO(sheet.data)).active.iter_rows(values_only=True))
    assert rows[0][:6] == ("投保单位", "保单号", "保险机构", "到期", "评定", "得分")
    assert [row[4:6] for row in rows[1:]] == [("优", 90)]


def test_where_nothing_ends_soon_the_page_says_so(archived):
    assert "没有90 天内到期的保单" in archived.browser("insurer").get("/renewals/?view=nonsense").text
