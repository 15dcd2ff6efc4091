"""Entries of the fund's ledger: within the plan's total, for accident prevention alone (第六条、第十二条)."""

import tomllib
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cache
from pathlib import Path

from msgspec import Struct

from rules.parameters import share, standard_day
from rules.vocabulary import choices

CATEGORIES = Path(__file__).parent / "fund_categories.toml"


class FundRefusal(StrEnum):
    """Why an entry is not accepted."""

    NOT_PREVENTION = "not_accident_prevention"
    PAYER_IS_POLICYHOLDER = "payer_is_policyholder"
    NO_VOUCHER = "no_voucher"
    VISIT_NOT_ARCHIVED = "visit_not_archived"
    EXCEEDS_PLAN = "exceeds_plan_total"


class Expense(Struct, frozen=True):
    """An expense to be posted; None = not known and not tested. Amounts in yuan."""

    amount: Decimal
    category: str | None = None
    plan_total: Decimal | None = None
    spent: Decimal = Decimal(0)
    has_voucher: bool | None = None
    is_visit_archived: bool | None = None
    is_paid_by_policyholder: bool | None = None


class EntryVerdict(Struct, frozen=True):
    """Whether the entry is accepted, why not, and what the plan has left then (None without a plan)."""

    accepted: bool
    reason: FundRefusal | None
    remaining: Decimal | None


def judge_expense(expense: Expense) -> EntryVerdict:
    """Return whether an expense may be posted (第六条: within the plan's total, for prevention alone).

    A plan that is too small is revised first. The unit pays nothing (第十二条: the service is free), and a
    visit is settled only once its record is sealed.
    """
    left = None if expense.plan_total is None else expense.plan_total - expense.spent
    reason = _refusal(expense, left)
    if left is not None and reason is None:
        left -= expense.amount
    return EntryVerdict(reason is None, reason, left)


def category_of(text: str) -> str | None:
    """Return the category of a code, a word or a voucher's wording; None if it has none (第六条)."""
    wording = text.strip()
    for code, word in choices("fund_category"):
        if wording in {code, word}:
            return code
    never, words = _categories()
    if any(word in wording for word in never):
        return None
    return next((code for code, known in words.items() if any(word in wording for word in known)), None)


def is_balance_low(plan_total: Decimal, spent: Decimal, on: date) -> bool:
    """Tell whether so little is left of the plan that its holders are to be warned (第六条)."""
    return plan_total - spent <= plan_total * share("fund_balance_warning", standard_day(on)).value


def _refusal(expense: Expense, left: Decimal | None) -> FundRefusal | None:
    refusals = {
        FundRefusal.NOT_PREVENTION: expense.category is not None and category_of(expense.category) is None,
        FundRefusal.PAYER_IS_POLICYHOLDER: expense.is_paid_by_policyholder is True,
        FundRefusal.NO_VOUCHER: expense.has_voucher is False,
        FundRefusal.VISIT_NOT_ARCHIVED: expense.is_visit_archived is False,
        FundRefusal.EXCEEDS_PLAN: left is not None and expense.amount > left,
    }
    return next((reason for reason, applies in refusals.items() if applies), None)


@cache
def _categories() -> tuple[tuple[str, ...], Mapping[str, tuple[str, ...]]]:
    table = tomllib.loads(CATEGORIES.read_text(encoding="utf-8"))
    return tuple(table["never"]), {code: tuple(words) for code, words in table["words"].items()}
