"""Questions on the prevention fund: its share, its entries, its filing (第六条)."""

from datetime import date

from rules.examples.reading import (
    Answer,
    Input,
    Question,
    decimal,
    optional_day,
    optional_decimal,
    yuan,
)
from rules.fund_filing import filing_window, judge_filing
from rules.fund_ledger import Expense, judge_expense
from rules.parameters import LOCAL_PROFILE, STANDARD_FIRST_DAY
from rules.prevention_fund import judge_fund, net_premium
from rules.working_days import published_calendar


def ratio(given: Input) -> Answer:
    """Answer what must and what may be set aside, under each rule set asked for."""
    net = optional_decimal(given, "net_premium_yuan")
    if net is None:
        net = net_premium(
            decimal(given["written_premium_yuan"]), optional_decimal(given, "refund_yuan") or decimal(0)
        )
    profiles = given.get("rulesets") or (given.get("ruleset", LOCAL_PROFILE),)
    on = date(int(given["year"]), 12, 31) if "year" in given else STANDARD_FIRST_DAY
    collected = optional_decimal(given, "collected_premium_yuan")
    verdict = judge_fund(net, optional_decimal(given, "accrued_yuan"), on, profiles, collected=collected)
    return {
        "net_premium_yuan": yuan(net),
        "min_required_yuan": yuan(verdict.minimum),
        "max_allowed_yuan": yuan(verdict.maximum),
        "ratio_percent": None if verdict.ratio is None else str(verdict.ratio),
        "compliant": verdict.is_compliant,
        "shortfall_yuan": yuan(verdict.shortfall),
        "excess_yuan": yuan(verdict.excess),
        "results": {item.profile: item.is_compliant for item in verdict.profiles},
        "conflict": verdict.is_conflict,
    }


def entry(given: Input) -> Answer:
    """Answer whether an expense may be posted and what the plan has left."""
    amount = given.get("new_entry_yuan", given.get("amount_yuan", 0))
    verdict = judge_expense(
        Expense(
            amount=decimal(amount),
            category=given.get("category"),
            plan_total=optional_decimal(given, "plan_total_yuan"),
            spent=optional_decimal(given, "spent_yuan") or decimal(0),
        )
    )
    return {
        "accepted": verdict.accepted,
        "remaining_yuan": yuan(verdict.remaining),
        "reason": None if verdict.reason is None else str(verdict.reason),
    }


def filing(given: Input) -> Answer:
    """Answer when a year's fund is to be filed, and whether it was."""
    window = filing_window(int(given["fee_year"]), published_calendar())
    found: Answer = {
        "window_start": window.start.isoformat(),
        "due": window.due.isoformat(),
        "last_working_day_before_or_on_due": window.reminder.isoformat(),
    }
    filed_on = optional_day(given, "filed_on")
    if filed_on is None:
        return found
    verdict = judge_filing(window, filed_on)
    return found | {"on_time": verdict.on_time, "days_late": verdict.days_late}


QUESTIONS = (
    Question("fee", ratio, any_of=frozenset({"net_premium_yuan", "written_premium_yuan"})),
    Question("fee", entry, any_of=frozenset({"new_entry_yuan", "category"})),
    Question("fee", filing, frozenset({"fee_year"})),
)
