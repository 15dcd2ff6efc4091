"""The prevention fund in sentences: what each rule set says beside the other, their conflict, sums by category (D8)."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal

from rules.prevention_fund import FundVerdict, ProfileVerdict, judge_fund
from rules.vocabulary import label
from store.fund_year import PROFILES
from store.tables import FundFiling


def yuan(amount: Decimal | str) -> str:
    """Return an amount as it is read."""
    return f"{Decimal(amount):,.2f} 元"


def profile_lines(verdict: FundVerdict) -> list[str]:
    """Return what each rule set asks for, and how the amount stands to it."""
    return [
        f"{label('rule_profile', item.profile)}：{_limit(item)}，{_stands(item)}" for item in verdict.profiles
    ]


def conflict_line(verdict: FundVerdict) -> str:
    """Return the conflict of the rule sets in a sentence, empty if an amount can satisfy both."""
    if not verdict.is_conflict or verdict.minimum is None or verdict.maximum is None:
        return ""
    return (
        f"两套规则不能同时满足：下限 {yuan(verdict.minimum)}高于上限 {yuan(verdict.maximum)}，"
        "适用哪一套由管理员写明理由后选定"
    )


def item_line(items: Iterable[Mapping[str, object]]) -> str:
    """Return the items of a plan in one line."""
    named = ((label("fund_category", str(item["category"])), str(item["amount"])) for item in items)
    return "；".join(f"{word} {yuan(amount)}" for word, amount in named)


def filing_verdict(filing: FundFiling) -> FundVerdict:
    """Return how the frozen year stands to each rule set."""
    net, accrued, collected = (Decimal(filing.snapshot[name]) for name in ("net", "accrued", "collected"))
    return judge_fund(net, accrued, date(filing.year, 12, 31), PROFILES, collected=collected)


def category_lines(filing: FundFiling) -> list[str]:
    """Return what was spent of what was planned, by the categories that have either."""
    return [
        f"{label('fund_category', row['category'])}　支出 {yuan(row['spent'])}，计划 {yuan(row['planned'])}"
        for row in filing.snapshot["categories"]
        if Decimal(row["spent"]) or Decimal(row["planned"])
    ]


def reconciled_lines(filing: FundFiling) -> list[str]:
    """Return what each provider's finance found."""
    return [
        f"{row['name']}：{label('reconciliation', row['matched'])}{row['difference']}（{row['by']}，{row['on']}）"
        for row in filing.reconciled
    ]


def _limit(item: ProfileVerdict) -> str:
    if item.minimum is not None:
        return f"不低于 {yuan(item.minimum)}"
    return f"不高于 {yuan(item.maximum)}" if item.maximum is not None else "没有限额"


def _stands(item: ProfileVerdict) -> str:
    if item.shortfall:
        return f"少 {yuan(item.shortfall)}"
    return f"多 {yuan(item.excess)}" if item.excess else "符合"
