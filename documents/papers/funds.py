"""Plans of work and of the fund, its ledger, its filing and what each unit is told of it (第六条、第十六条)."""

from __future__ import annotations

from datetime import date

from documents.papers.common import Content, Fact, Paper


class Share(Content, frozen=True):
    """What an insurer sets aside: its total, its items in words, what both rule sets say."""

    insurer: str
    total: str
    items: str
    conclusion: str
    agreed: str


class PlannedTraining(Content, frozen=True):
    """A group training that is planned."""

    planned_on: date
    topic: str
    audience: str
    focus: str


class AnnualPlan(Paper, frozen=True):
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


class CategoryUse(Content, frozen=True):
    """What was planned for a category, and spent."""

    name: str
    planned: str
    spent: str


class FundFiling(Paper, frozen=True):
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


class LedgerLine(Content, frozen=True):
    """A line of the ledger."""

    number: str
    entry_date: date
    kind: str
    category: str
    subject: str
    payee: str
    amount: str


class FundLedger(Paper, frozen=True):
    """事故预防服务费用台账 of a year (第六条)."""

    year: int
    accrued: str
    spent: str
    balance: str
    lines: tuple[LedgerLine, ...]
    """The latest ones."""
    count: int
