"""The pages of the fund: the year, the ledger with its Excel, what a unit is told, and who sees what (第六条)."""

from sqlalchemy import select

from demo.offices import INSURER, UNIT
from store.tables import FundEntry
from tests.support.world import EVERYTHING
from workflows.handlers.fund_rules import ChooseFundRules, choose_fund_rules


def choose(city):
    rules = ChooseFundRules("wenzhou-2020", 2026, "等上级明确过渡办法", "温安委办〔2026〕8号")
    choose_fund_rules(city.web.runtime, rules, city.world.actor("system_admin"))


def test_an_insurer_sets_aside_by_premium_once_the_rules_are_chosen(archived):
    finance = archived.browser("insurer_finance")
    page = finance.get("/fund/").text
    assert "适用哪一套还没有选定" in page
    assert "两套规则不能同时满足" in page
    assert "还没有选定" in finance.post("/fund/accrue", {"year": "2026"}, follow_redirects=True).text
    choose(archived)
    page = finance.post("/fund/accrue", {"year": "2026"}, follow_redirects=True).text
    assert "已按 1 张保单提取 15,750.00 元" in page
    assert "35.00%" in page


def test_the_ledger_is_one_page_and_one_sheet_with_the_same_lines(archived):
    with archived.web.runtime.database.read(EVERYTHING) as session:
        (paid,) = session.scalars(select(FundEntry))
    finance = archived.browser("provider_finance")
    page = finance.get("/fund/ledger").text
    assert paid.number in page
    assert UNIT in page
    assert "/fund_reversal/" in page
    assert paid.number not in finance.get("/fund/ledger?kind=reversal").text
    assert finance.get("/fund/ledger.xlsx").status_code == 200
    assert "/fund_reversal/" not in archived.browser("insurer").get("/fund/ledger").text


def test_a_unit_sees_what_was_paid_for_it_and_no_ledger(archived):
    unit = archived.browser("policyholder")
    page = unit.get("/fund/", follow_redirects=True).text
    assert "上门服务" in page
    assert "1 次" in page
    assert "不另向单位收费" in page
    assert "隐患排查" in page
    assert unit.get("/fund/ledger").status_code == 403
    assert INSURER in archived.browser("joint_office").get("/fund/").text
