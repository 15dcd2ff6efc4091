from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.fund_filing import filing_window, judge_filing
from rules.fund_ledger import Expense, FundRefusal, category_of, is_balance_low, judge_expense
from rules.prevention_fund import judge_fund, net_premium
from rules.vocabulary import choices, label
from rules.working_days import published_calendar

ON = date(2025, 12, 31)
BOTH = ("wenzhou-2020", "national-2025")
AMOUNTS = st.decimals("0", "99999999", places=2)


@pytest.mark.parametrize(
    ("net", "profile", "minimum", "maximum"),
    [
        ("10000000", "wenzhou-2020", "3500000.00", None),
        ("33333.33", "wenzhou-2020", "11666.67", None),  # 11666.6655 up
        ("0.01", "wenzhou-2020", "0.01", None),
        ("33333.33", "national-2025", None, "6999.99"),  # 6999.9993 down
        ("0.01", "national-2025", None, "0.00"),
    ],
)
def test_floors_go_up_and_ceilings_down_to_the_fen(net, profile, minimum, maximum):
    verdict = judge_fund(Decimal(net), None, ON, (profile,))
    assert verdict.minimum == (None if minimum is None else Decimal(minimum))
    assert verdict.maximum == (None if maximum is None else Decimal(maximum))
    assert verdict.is_compliant is None
    assert verdict.ratio is None


@pytest.mark.parametrize(
    ("accrued", "profile", "compliant", "shortfall", "excess"),
    [
        ("350000", "wenzhou-2020", True, "0", "0"),
        ("349999.99", "wenzhou-2020", False, "0.01", "0"),
        ("900000", "wenzhou-2020", True, "0", "0"),
        ("210000", "national-2025", True, "0", "0"),
        ("210000.01", "national-2025", False, "0", "0.01"),
        ("0", "national-2025", True, "0", "0"),
    ],
)
def test_the_amount_decides_to_the_fen(accrued, profile, compliant, shortfall, excess):
    verdict = judge_fund(Decimal(1000000), Decimal(accrued), ON, (profile,))
    assert verdict.is_compliant is compliant
    assert (verdict.shortfall, verdict.excess) == (Decimal(shortfall), Decimal(excess))


def test_a_ratio_that_shows_35_percent_may_still_be_too_little():
    verdict = judge_fund(Decimal(10000000), Decimal("3499999.99"), ON)
    assert verdict.ratio == Decimal("35.00")
    assert verdict.is_compliant is False


def test_the_two_profiles_conflict_and_neither_is_chosen():
    verdict = judge_fund(Decimal(1000000), Decimal(350000), ON, BOTH)
    assert [item.is_compliant for item in verdict.profiles] == [True, False]
    assert verdict.is_conflict
    assert verdict.is_compliant is False
    assert (verdict.minimum, verdict.maximum) == (350000, 210000)
    assert (verdict.shortfall, verdict.excess) == (0, 140000)


def test_nothing_set_aside_of_nothing_is_no_conflict():
    verdict = judge_fund(Decimal(0), Decimal(0), ON, BOTH)
    assert not verdict.is_conflict
    assert verdict.is_compliant
    assert verdict.ratio is None


def test_the_national_ceiling_counts_from_what_was_collected():
    verdict = judge_fund(Decimal(1000), None, ON, BOTH, collected=Decimal(500))
    assert (verdict.minimum, verdict.maximum) == (350, 105)


def test_a_profile_speaks_with_its_first_row_on_earlier_days():
    verdict = judge_fund(Decimal(1000), None, date(2023, 12, 31), BOTH)
    assert verdict.profiles[1].parameter_rows == ("national-2025:prevention_fund_ceiling:2024-10-22",)


def test_refunds_leave_the_base():
    assert net_premium(Decimal(1000), Decimal(200)) == 800
    assert net_premium(Decimal(1000)) == 1000


@given(AMOUNTS, AMOUNTS)
def test_both_profiles_are_never_satisfied_at_once(net, accrued):
    verdict = judge_fund(net, accrued, ON, BOTH)
    assert verdict.is_conflict == (verdict.minimum > verdict.maximum)
    assert verdict.is_compliant == (verdict.minimum <= accrued <= verdict.maximum)


@pytest.mark.parametrize(
    ("facts", "reason", "remaining"),
    [
        ({"amount": "500", "plan_total": "1000", "spent": "500"}, None, "0"),
        ({"amount": "500.01", "plan_total": "1000", "spent": "500"}, "exceeds_plan_total", "500"),
        ({"amount": "1", "plan_total": "1000", "spent": "1200"}, "exceeds_plan_total", "-200"),
        ({"amount": "1", "category": "training"}, None, None),
        ({"amount": "1", "category": "业务招待费"}, "not_accident_prevention", None),
        ({"amount": "1", "has_voucher": False}, "no_voucher", None),
        ({"amount": "1", "has_voucher": True, "is_visit_archived": False}, "visit_not_archived", None),
        ({"amount": "1", "is_paid_by_policyholder": True}, "payer_is_policyholder", None),
    ],
)
def test_an_expense_is_posted_only_as_planned_and_for_prevention(facts, reason, remaining):
    amounts = {key: Decimal(facts[key]) for key in ("amount", "plan_total", "spent") if key in facts}
    verdict = judge_expense(Expense(**(facts | amounts)))
    assert (verdict.accepted, verdict.reason) == (reason is None, reason)
    assert verdict.remaining == (None if remaining is None else Decimal(remaining))


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("expert_fee", "expert_fee"),
        ("信息化", "information"),
        (" 安全生产宣传教育培训 ", "training"),
        ("专家服务费", "expert_fee"),
        ("应急演练", "emergency"),
        ("生产安全事故隐患排查", "inspection"),
        ("业务员佣金", None),
        ("业务员培训", None),
        ("办公楼装修", None),
        ("产品宣传广告", None),
        ("水电费", None),
        ("", None),
    ],
)
def test_a_wording_is_put_into_its_category_or_refused(text, category):
    assert category_of(text) == category


def test_every_category_and_refusal_has_its_word():
    assert [category_of(code) for code, _ in choices("fund_category")] == [
        code for code, _ in choices("fund_category")
    ]
    assert all(label("fund_refusal", reason) for reason in FundRefusal)


@pytest.mark.parametrize(("spent", "low"), [("899.99", False), ("900", True), ("1100", True)])
def test_a_balance_of_a_tenth_is_low(spent, low):
    assert is_balance_low(Decimal(1000), Decimal(spent), ON) is low


@pytest.mark.parametrize(
    ("fund_year", "due", "reminder"),
    [
        (2024, "2025-03-31", "2025-03-31"),
        (2023, "2024-03-31", "2024-03-29"),  # 31 March 2024 was a Sunday: the due day stays
        (2019, "2020-03-31", "2020-03-31"),
    ],
)
def test_the_filing_window_is_the_first_quarter(fund_year, due, reminder):
    window = filing_window(fund_year, published_calendar())
    assert window.start == date(fund_year + 1, 1, 1)
    assert (window.due.isoformat(), window.reminder.isoformat()) == (due, reminder)


@pytest.mark.parametrize(
    ("filed_on", "on_time", "days_late"),
    [
        ("2024-12-31", False, 0),
        ("2025-01-01", True, 0),
        ("2025-03-31", True, 0),
        ("2025-04-01", False, 1),
        ("2025-05-01", False, 31),
    ],
)
def test_a_late_filing_is_counted_in_natural_days(filed_on, on_time, days_late):
    verdict = judge_filing(filing_window(2024, published_calendar()), date.fromisoformat(filed_on))
    assert (verdict.on_time, verdict.days_late) == (on_time, days_late)
