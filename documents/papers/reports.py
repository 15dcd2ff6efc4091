"""What is reported to the joint office (第二十一条、第二十三条)."""

from __future__ import annotations

from datetime import date

from documents.papers.common import Content, Fact, Paper


class Cell(Content, frozen=True):
    """The hazards of one trade, region and class."""

    industry: str
    region: str
    category: str
    found: int
    major: int
    closed: int
    overdue: int


class Part(Content, frozen=True):
    """A part of the report as it was written, under its title."""

    title: str
    text: str


class Report(Paper, frozen=True):
    """What every report says: its period and version, its figures, its parts."""

    period: str
    first_day: date
    last_day: date
    version: int
    sha256: str
    figures: tuple[Fact, ...]
    """Name, value, and the value of the period before as the source."""
    parts: tuple[Part, ...]
    reason_of_correction: str


class MonthlyReport(Report, frozen=True):
    """月度隐患统计分析表 by trade, region and class (第二十一条)."""

    cells: tuple[Cell, ...]


class Improvement(Content, frozen=True):
    """An improvement that is promised."""

    measure: str
    responsible: str
    finish_by: date


class SelfReview(Report, frozen=True):
    """半年度评估报告 with its four parts (第二十三条)."""

    improvements: tuple[Improvement, ...]
