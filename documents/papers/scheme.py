"""What is printed while a unit's service is planned (第十四、十七条)."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from documents.papers.common import Content, Fact, Member, Paper, PolicyFacts


class Tier(Content, frozen=True):
    """One tier of the visit quota: its visits and why."""

    title: str
    visits: int
    reason: str
    decisive: bool = False


class KeyPeriod(Content, frozen=True):
    """A period, stage or place that deserves particular attention (重点时段、节点、部位)."""

    period: str
    stage: str = ""
    place: str = ""


class PlannedService(Content, frozen=True):
    """One kind of service in the scheme with its measures and its time."""

    name: str
    measures: str
    time: str = ""


class Complaint(Content, frozen=True):
    """Where to complain, how it is handled, and how a dispute is settled (第二十二条)."""

    phone: str
    procedure: str
    mediation: str


class ServiceScheme(Paper, frozen=True):
    """事故预防工作方案."""

    policy: PolicyFacts
    version: int
    needs: str
    risk_state: str
    required: int
    frequency: int
    tiers: tuple[Tier, ...]
    items: tuple[PlannedService, ...]
    time_limit: str
    expected_effect: str
    team: tuple[Member, ...]
    guarantee: str
    complaint: Complaint
    key_periods: tuple[KeyPeriod, ...] = ()
    planned_dates: tuple[date, ...] = ()
    baseline: str = ""


class ParameterRow(Content, frozen=True):
    """A number of the rules as it was in force."""

    row: str
    value: str
    source: str
    article: str


class QuotaStatement(Paper, frozen=True):
    """频次计算说明: three values, the largest, the facts that set them off, the rows of the rules."""

    policy: PolicyFacts
    policy_year: int
    year_start: date
    year_end: date
    premium: Decimal
    tiers: tuple[Tier, ...]
    required: int
    facts: tuple[Fact, ...]
    profile: str
    parameter_rows: tuple[ParameterRow, ...]
    computed_at: datetime
    previous_required: int | None = None
