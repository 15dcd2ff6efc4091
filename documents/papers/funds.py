"""Plans of work and of the fund, its ledger, its filing and what each unit is told of it (第六条、第十六条)."""

from __future__ import annotations

from datetime import date

from documents.papers.common import Fact, Paper, printed


@printed
class Share:
    """What an insurer sets aside: its total, its items in words, what both rule sets say."""

    insurer: str
    total: str
    items: str
    conclusion: str
    agreed: str


@printed
class PlannedTraining:
    """A group training that is planned."""

    planned_on: date
    topic: str
    audience: str
    focus: str


@printed
class AnnualPlan(Paper):
    """年度事故预防工作计划 (第十六条)."""

    year: int
    version: int
    reason: str
    insurers: str
    prior_year: int
    prior_premium: str
    tiers: tuple[Fact, ...]
    foreseen: int
    visits: int
    arrangement: str
    online: str
    goals: str
    trainings: tuple[PlannedTraining, ...]
    shares: tuple[Share, ...]
    recipient: str


@printed
class CategoryUse:
    """What was planned for a category, and spent."""

    name: str
    planned: str
    spent: str


@printed
class FundFiling(Paper):
    """事故预防服务费用备案表 (第六条)."""

    year: int
    version: int
    reason: str
    sha256: str
    net: str
    collected: str
    accrued: str
    ratio: str
    spent: str
    balance: str
    categories: tuple[CategoryUse, ...]
    profiles: str
    conflict: str
    profile: str
    profile_reason: str
    balance_use: str
    reconciled: str


@printed
class LedgerLine:
    """A line of the ledger."""

    number: str
    entry_date: date
    kind: str
    category: str
    subject: str
    payee: str
    amount: str


@printed
class FundLedger(Paper):
    """事故预防服务费用台账 of a year (第六条)."""

    year: int
    accrued: str
    spent: str
    balance: str
    lines: tuple[LedgerLine, ...]
    """The latest ones."""
    count: int
