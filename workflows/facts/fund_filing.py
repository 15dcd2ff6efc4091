"""Facts of filing a year's fund: the frozen figures, both rule sets, what the providers found (第六条)."""

from rules.vocabulary import label
from store.fund_rules import fund_choice_for
from store.fund_year import fund_years
from store.tables import FundFiling
from workflows.acts import Act
from workflows.facts.groups import Group, about
from workflows.fund_words import (
    category_lines,
    conflict_line,
    filing_verdict,
    profile_lines,
    reconciled_lines,
    yuan,
)
from workflows.reading import Facts, found

KEPT = ("balance_use", "profile", "profile_reason")


def filing_of(act: Act) -> FundFiling | None:
    """Return the filing that the case is about, in its version of now."""
    return found(act, FundFiling, act.case.variables.get("filing_id"))


def _figures(act: Act, filing: FundFiling) -> Facts:
    snapshot, verdict = filing.snapshot, filing_verdict(filing)
    choice = fund_choice_for(act.session, filing.year)
    return {
        "filing_year": f"{filing.year} 年，第 {filing.version} 版，数字摘要 {filing.sha256[:12]}",
        "filing_premium": f"签单净保费 {yuan(snapshot['net'])}，实收 {yuan(snapshot['collected'])}",
        "filing_accrued": f"{yuan(snapshot['accrued'])}（{snapshot['ratio'] or '—'}%）",
        "filing_spent": yuan(snapshot["spent"]),
        "filing_balance": yuan(snapshot["balance"]),
        "filing_categories": "\n".join(category_lines(filing)) or "这一年没有支出",
        "filing_profiles": "\n".join(profile_lines(verdict)),
        "filing_conflict": conflict_line(verdict),
        "filing_chosen": label("rule_profile", choice.profile) if choice is not None else "还没有选定",
        "filing_reconciled": "\n".join(reconciled_lines(filing)) or "没有第三方使用这家的费用",
        "filing_return_reason": filing.opinion,
    }


def _written(_act: Act, filing: FundFiling) -> Facts:
    return {
        "filing_balance_use": filing.balance_use,
        "filing_profile": label("rule_profile", filing.profile) if filing.profile else "",
        "filing_profile_reason": filing.profile_reason,
    }


def _ledger(act: Act) -> Facts:
    """Return what the provider's own ledger says of the year, which its finance compares with the bank."""
    period = str(act.case.variables.get("period") or "")
    if act.case.process != "fund_filing" or not period:
        return {}
    for year in fund_years(act.session, int(period[:4]), act.case.insurer_id, act.case.org_id):
        spent = "；".join(
            f"{label('fund_category', code)} {yuan(amount)}" for code, amount in sorted(year.spent.items())
        )
        return {
            "ledger_accrued": yuan(year.accrued),
            "ledger_spent": yuan(year.spent_in_all),
            "ledger_categories": spent or "没有支出",
            "ledger_balance": yuan(year.balance),
        }
    return {}


def filing_prefill(act: Act) -> dict[str, object]:
    """Return what was written before, and the rule set that the administrator has chosen."""
    if (filing := filing_of(act)) is None:
        return {}
    choice = fund_choice_for(act.session, filing.year)
    chosen = {"profile": choice.profile, "profile_reason": choice.reason} if choice is not None else {}
    return chosen | {name: getattr(filing, name) for name in KEPT if getattr(filing, name)}


FILING_FACTS = (
    about(
        filing_of,
        _figures,
        *("filing_year", "filing_premium", "filing_accrued", "filing_spent", "filing_balance"),
        *("filing_categories", "filing_profiles", "filing_conflict", "filing_chosen"),
        *("filing_reconciled", "filing_return_reason"),
    ),
    about(filing_of, _written, "filing_balance_use", "filing_profile", "filing_profile_reason"),
    Group(_ledger, frozenset({"ledger_accrued", "ledger_spent", "ledger_categories", "ledger_balance"})),
)
"""What forms may read of a filing."""
