"""Papers of the yearly plan, the fund, its ledger and its filing (第六条、第十六条)."""

from datetime import date

from sqlalchemy import func, select

from rules.vocabulary import label
from store.tables import AnnualPlan, Document, FundEntry, FundFiling, FundPlan, Organization
from workflows.acts import Act
from workflows.fund_words import (
    conflict_line,
    filing_verdict,
    item_line,
    profile_lines,
    reconciled_lines,
    yuan,
)
from workflows.papers.common import Content
from workflows.planned_year import parts_of, plan_verdict
from workflows.subjects import existing


def annual_plan(act: Act, document: Document) -> Content:
    """Return a provider's plan of work for a year with the fund of each insurer (第十六条)."""
    plan = existing(act.session, AnnualPlan, document.subject_id)
    basis, shares = plan.basis, [_share(act, plan, part) for part in parts_of(act, plan)]
    return {
        "year": plan.year,
        "version": plan.version,
        "reason": plan.reason,
        "insurers": "、".join(str(share["insurer"]) for share in shares),
        "prior_year": basis["year"],
        "prior_premium": yuan(basis["premium"]),
        "tiers": [
            {"name": tier["tier"], "value": f"{tier['units']} 家", "source": yuan(tier["premium"])}
            for tier in basis["tiers"]
        ],
        "foreseen": basis["visits"],
        "visits": plan.visits_owed,
        "arrangement": plan.arrangement,
        "online": plan.online,
        "goals": plan.goals,
        "trainings": [
            {
                "planned_on": row["planned_on"],
                "topic": row["topic"],
                "audience": label("training_audience", row["audience"]),
                "focus": row["focus"],
            }
            for row in plan.trainings
        ],
        "shares": shares,
        "recipient": plan.recipient,
        "signatures": [{"party": "第三方服务机构", "seal": True}],
    }


def _share(act: Act, plan: AnnualPlan, part: FundPlan) -> Content:
    verdict = plan_verdict(plan, str(part.insurer_id), part.total)
    agreement = part.agreement
    return {
        "insurer": existing(act.session, Organization, part.insurer_id).name,
        "total": yuan(part.total),
        "items": item_line(part.items),
        "conclusion": "\n".join(filter(None, (*profile_lines(verdict), conflict_line(verdict)))),
        "agreed": f"{label('plan_decision', agreement['decision'])}　{agreement['by']}　{agreement['at'][:10]}",
    }


MOST_LINES = 300
_SEALED_BY_INSURER = [{"party": "保险机构", "seal": True}]


def fund_filing(act: Act, document: Document) -> Content:
    """Return an insurer's filing of a year's fund with what both rule sets say (第六条)."""
    filing = existing(act.session, FundFiling, document.subject_id)
    snapshot, verdict = filing.snapshot, filing_verdict(filing)
    return {
        "year": filing.year,
        "version": filing.version,
        "reason": filing.reason,
        "sha256": filing.sha256,
        **{name: yuan(snapshot[name]) for name in ("net", "collected", "accrued", "spent", "balance")},
        "ratio": snapshot["ratio"] or "—",
        "categories": [
            {
                "name": label("fund_category", row["category"]),
                "planned": yuan(row["planned"]),
                "spent": yuan(row["spent"]),
            }
            for row in snapshot["categories"]
        ],
        "profiles": "\n".join(profile_lines(verdict)),
        "conflict": conflict_line(verdict),
        "profile": label("rule_profile", filing.profile),
        "profile_reason": filing.profile_reason,
        "balance_use": filing.balance_use,
        "reconciled": "\n".join(reconciled_lines(filing)),
        "signatures": _SEALED_BY_INSURER,
    }


def fund_ledger(act: Act, document: Document) -> Content:
    """Return the ledger of the year that a filing is about, the latest lines of it (第六条)."""
    filing = existing(act.session, FundFiling, document.subject_id)
    of_year = (
        FundEntry.insurer_id == filing.insurer_id,
        FundEntry.entry_date.between(date(filing.year, 1, 1), date(filing.year, 12, 31)),
    )
    lines = select(FundEntry).where(*of_year).order_by(FundEntry.entry_date.desc(), FundEntry.number.desc())
    return {
        "year": filing.year,
        **{name: yuan(filing.snapshot[name]) for name in ("accrued", "spent", "balance")},
        "lines": [_line(row) for row in act.session.scalars(lines.limit(MOST_LINES))],
        "count": act.session.scalar(select(func.count()).select_from(FundEntry).where(*of_year)) or 0,
        "signatures": _SEALED_BY_INSURER,
    }


def _line(row: FundEntry) -> Content:
    return {
        "number": row.number,
        "entry_date": row.entry_date,
        "kind": label("fund_entry_kind", row.kind),
        "category": label("fund_category", row.category) if row.category else "",
        "subject": row.public_activity or row.note,
        "payee": row.payee,
        "amount": f"{'-' if row.kind == 'reversal' else ''}{row.amount:,.2f}",
    }
