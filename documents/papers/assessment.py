"""What is printed in a yearly assessment: sheet, result, notice of deduction, transfer (第二十四至二十七条)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from documents.papers.common import Content, Fact, Paper


class ScoredLine(Content, frozen=True):
    """One indicator with its verdict; `evidence` names the files and the system's figure."""

    aspect: str
    title: str
    weight: Decimal
    verdict: str
    points: Decimal
    evidence: str = ""
    reason: str = ""


class Ground(Content, frozen=True):
    """One ground for a deduction, with what was said against it."""

    kind: str
    description: str
    evidence: str
    points: Decimal
    defence: str = ""
    decision: str = ""
    reason: str = ""


class Points(Content, frozen=True):
    """The sum: base and counted bonus less deductions; the total has one decimal."""

    base: Decimal
    bonus: Decimal
    deducted: Decimal
    total: Decimal


class AssessmentSheet(Paper, frozen=True):
    """考核评分表: every indicator, every deduction, the sum (第二十五条)."""

    year: int
    kind: str
    version: int
    lines: tuple[ScoredLine, ...]
    grounds: tuple[Ground, ...]
    points: Points
    measures: tuple[Fact, ...] = ()
    scorers: str = ""


class AssessmentResult(Paper, frozen=True):
    """考核结果通报: the total and the conclusion, no share of any market (第二十六条)."""

    year: int
    kind: str
    points: Points
    rank: int
    ranked: int
    conclusion: str
    finalized_on: date
    appeal: str = ""


class DeductionNotice(Paper, frozen=True):
    """考核扣分通知书: what is to be deducted, on which evidence, until when a defence is heard (第二十七条)."""

    year: int
    grounds: tuple[Ground, ...]
    defence_until: date


class TransferLetter(Paper, frozen=True):
    """失信情况移送函: what a person decided to pass on to the credit system (第二十七条)."""

    year: int
    grounds: tuple[Ground, ...]
    reason: str
    finalized_on: date
