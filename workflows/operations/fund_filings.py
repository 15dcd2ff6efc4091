"""Filing the fund of a year: frozen from the ledger, reconciled, prepared, approved, filed, received (第六条, D9)."""

import hashlib
from decimal import Decimal

from sqlalchemy import func, select

from rules.fund_filing import filing_window, judge_filing
from rules.vocabulary import choices, label
from store.fund_year import FundYear, fund_years, together
from store.tables import FundFiling, Organization
from store.types import canonical
from workflows.acts import Act
from workflows.catalogue import Inputs, Outputs, operation
from workflows.operations.answers import Answers
from workflows.operations.deadlines import meet
from workflows.subjects import existing
from workflows.values import json_object

RETURN = "return"


@operation("冻结费用年度", inputs=("period", "reason"), outputs=("filing_id", "version"))
def freeze_fund_year(act: Act, inputs: Inputs) -> Outputs:
    """Freeze what the ledger says of the insurer's year: set aside, spent by category, balance, both rule sets."""
    return _freeze(act, int(str(inputs["period"])[:4]), str(inputs.get("reason") or ""))


@operation("另起一版费用备案", inputs=("filing_id", "reason"), outputs=("filing_id", "version"))
def correct_fund_filing(act: Act, inputs: Inputs) -> Outputs:
    """Begin the next version of a filing that came back: frozen anew, what was written is taken along."""
    before = _filing(act, inputs)
    outputs = _freeze(act, before.year, str(inputs.get("reason") or ""))
    again = existing(act.session, FundFiling, outputs["filing_id"])
    for name in ("reconciled", "balance_use", "profile", "profile_reason"):
        setattr(again, name, getattr(before, name))
    return outputs


def _filing(act: Act, inputs: Inputs) -> FundFiling:
    return existing(act.session, FundFiling, inputs["filing_id"])


def _freeze(act: Act, year: int, reason: str) -> Outputs:
    insurer_id = act.case.insurer_id
    version = act.session.scalar(
        select(func.max(FundFiling.version)).where(
            FundFiling.insurer_id == insurer_id, FundFiling.year == year
        )
    )
    filing = FundFiling(
        year=year, version=(version or 0) + 1, case_id=act.case.id, reason=reason, opinion=reason
    )
    filing.org_id, filing.insurer_id = act.case.org_id, insurer_id
    filing.snapshot = dict(json_object(_snapshot(act, year)))
    filing.sha256, filing.frozen_at = hashlib.sha256(canonical(filing.snapshot)).hexdigest(), act.now
    act.session.add(filing)
    act.session.flush()
    act.say(
        "fund_filing.frozen",
        f"冻结 {year} 年费用第 {filing.version} 版的数字，摘要 {filing.sha256[:12]}",
        filing_id=filing.id,
    )
    return {"filing_id": str(filing.id), "version": filing.version}


def _snapshot(act: Act, year: int) -> dict[str, object]:
    parts = fund_years(act.session, year, insurer_id=act.case.insurer_id)
    whole = together(parts, act.case.insurer_id, act.case.org_id, year)
    verdict = whole.verdict()
    return {
        **_sums(whole),
        "net": str(whole.net),
        "collected": str(whole.collected),
        "ratio": str(verdict.ratio) if verdict.ratio is not None else "",
        "plan": str(sum((part.plan_total for part in parts), Decimal())),
        "categories": [
            {
                "category": code,
                "planned": str(sum((part.planned(code) for part in parts), Decimal())),
                "spent": str(whole.spent.get(code, Decimal())),
            }
            for code, _ in choices("fund_category")
        ],
        "providers": [{"id": str(part.org_id), **_sums(part)} for part in parts],
    }


def _sums(year: FundYear) -> dict[str, object]:
    sums = {"accrued": year.accrued, "spent": year.spent_in_all, "balance": year.balance}
    return {name: str(amount) for name, amount in sums.items()}


@operation("找下一家对账", inputs=("filing_id",), outputs=("to_reconcile",))
def next_reconciliation(act: Act, inputs: Inputs) -> Outputs:
    """Turn to the next provider that has not reconciled; when all have, the case is the insurer's again."""
    filing = _filing(act, inputs)
    done = {row["org_id"] for row in filing.reconciled}
    waiting = [part["id"] for part in filing.snapshot["providers"] if part["id"] not in done]
    if not waiting:
        act.case.org_id = filing.org_id
        return {"to_reconcile": False}
    act.case.org_id = existing(act.session, Organization, waiting[0]).id
    act.session.flush()
    return {"to_reconcile": True}


@operation("记对账", inputs=("filing_id",))
def record_reconciliation(act: Act, inputs: Inputs) -> Outputs:
    """Keep what the provider's finance found when it compared ledger and bank."""
    answers, filing = Answers(inputs), _filing(act, inputs)
    provider = existing(act.session, Organization, act.case.org_id)
    row = {
        "org_id": str(provider.id),
        "name": provider.name,
        "matched": answers.text("matched"),
        "difference": answers.text("difference"),
        "receipts": answers.many("receipts"),
        "by": act.actor.name,
        "on": act.today.isoformat(),
    }
    filing.reconciled = [*filing.reconciled, row]
    act.say("fund_filing.reconciled", f"{provider.name}对账：{label('reconciliation', str(row['matched']))}")
    return {}


@operation("填费用备案", inputs=("filing_id",))
def record_fund_filing(act: Act, inputs: Inputs) -> Outputs:
    """Keep what is done with the balance, and which rule set the insurer applies for which reason (D8)."""
    answers, filing = Answers(inputs), _filing(act, inputs)
    for name in ("balance_use", "profile", "profile_reason"):
        setattr(filing, name, answers.text(name))
    return {}


@operation("审核费用备案", inputs=("filing_id",))
def record_filing_approval(act: Act, inputs: Inputs) -> Outputs:
    """Keep the insurer's word on a filing that its finance has prepared."""
    answers, filing = Answers(inputs), _filing(act, inputs)
    if answers.text("decision") == RETURN:
        filing.opinion = answers.text("opinion")
        return {}
    filing.approved_by, filing.opinion = act.actor.person_id, ""
    return {}


@operation("报送费用备案", inputs=("filing_id",), outputs=("submitted_on",))
def submit_fund_filing(act: Act, inputs: Inputs) -> Outputs:
    """File the year as it stands (第六条: within the first quarter)."""
    filing = _filing(act, inputs)
    filing.submitted_on = act.today
    meet(act, "fund_filing", act.today)
    verdict = judge_filing(filing_window(filing.year, act.calendar), act.today)
    late = f"，逾期 {verdict.days_late} 天" if verdict.days_late else ""
    text = f"报送 {filing.year} 年费用备案第 {filing.version} 版{late}"
    act.say("fund_filing.submitted", text, filing_id=filing.id, days_late=verdict.days_late)
    act.notify(f"{act.case.title}已报送，等接收", role="joint_office")
    return {"submitted_on": filing.submitted_on}


@operation("接收费用备案", inputs=("filing_id",))
def receive_fund_filing(act: Act, inputs: Inputs) -> Outputs:
    """Keep the receipt of the joint office, or why the filing goes back (第六条)."""
    answers, filing = Answers(inputs), _filing(act, inputs)
    filing.receipt, filing.receipt_no = answers.text("receipt"), answers.text("receipt_no")
    filing.received_on, filing.received_by = act.today, act.actor.person_id
    if filing.receipt == RETURN:
        filing.opinion = answers.text("opinion")
    act.say(f"fund_filing.{filing.receipt}", f"{label('receipt', filing.receipt)}：第 {filing.version} 版")
    if filing.receipt != RETURN:
        act.notify(f"{act.case.title}已接收", role="insurer_finance")
    return {}
