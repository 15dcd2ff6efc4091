"""Policies and the facts that decide how often a unit is visited."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from store.tables.base import Base, Business, Owned, Row, reference
from store.types import Fixed, JsonList, JsonObject


class Policy(Owned, Row, Base):
    """A policy; whether it is pending, active or expired follows from its days."""

    __tablename__ = "policy"
    __scope__ = Business(assigned=("id", "policy_id"), complaints=True)
    __table_args__ = (
        UniqueConstraint("insurer_id", "number"),
        Index("ix_policy_term", "term_end", "term_start"),
    )

    number: Mapped[str]
    written_premium: Mapped[Decimal]
    collected_premium: Mapped[Decimal | None]
    refunded: Mapped[Decimal] = mapped_column(default=Decimal(0))
    term_start: Mapped[date]
    term_end: Mapped[date]
    signed_on: Mapped[date | None]
    surrender_effective: Mapped[date | None]
    voided_on: Mapped[date | None]
    insured_persons: Mapped[int | None]
    limit_per_person: Mapped[Decimal | None]
    limit_total: Mapped[Decimal | None]
    rate: Mapped[Decimal | None] = mapped_column(Fixed(6))
    previous_policy_id: Mapped[UUID | None] = mapped_column(reference("policy.id"))
    out_of_scope: Mapped[bool] = mapped_column(default=False)
    enabled_at: Mapped[datetime | None]
    missing: Mapped[JsonList] = mapped_column(default=list)


class Endorsement(Owned, Row, Base):
    """A change of a policy's premium from a day on."""

    __tablename__ = "endorsement"
    __scope__ = Business()

    policy_id: Mapped[UUID] = mapped_column(reference("policy.id"), index=True)
    number: Mapped[str | None]
    effective: Mapped[date]
    premium_delta: Mapped[Decimal]
    reason: Mapped[str] = mapped_column(default="")


class Claim(Owned, Row, Base):
    """A claim under a policy."""

    __tablename__ = "claim"
    __scope__ = Business()
    __table_args__ = (UniqueConstraint("insurer_id", "number"),)

    number: Mapped[str]
    policy_id: Mapped[UUID] = mapped_column(reference("policy.id"), index=True)
    occurred: Mapped[date]
    reported: Mapped[date]
    paid: Mapped[Decimal] = mapped_column(default=Decimal(0))
    outstanding: Mapped[Decimal] = mapped_column(default=Decimal(0))
    deaths: Mapped[int] = mapped_column(default=0)
    injured: Mapped[int] = mapped_column(default=0)
    state: Mapped[str]


class YearFact(Owned, Row, Base):
    """What counts of a calendar year for a unit: its listing for dishonesty, and by rows its accidents."""

    __tablename__ = "year_fact"
    __scope__ = Business()
    __table_args__ = (UniqueConstraint("policyholder_id", "year"),)

    year: Mapped[int]
    dishonesty_listing: Mapped[bool] = mapped_column(default=False)
    dishonesty_level: Mapped[str | None]
    dishonesty_number: Mapped[str | None]
    dishonesty_from: Mapped[date | None]
    dishonesty_until: Mapped[date | None]
    evidence: Mapped[JsonList] = mapped_column(default=list)


class AccidentFact(Owned, Row, Base):
    """One accident of a unit."""

    __tablename__ = "accident_fact"
    __scope__ = Business()

    year_fact_id: Mapped[UUID] = mapped_column(reference("year_fact.id"), index=True)
    occurred_on: Mapped[date]
    deaths: Mapped[int] = mapped_column(default=0)
    injured: Mapped[int] = mapped_column(default=0)
    description: Mapped[str] = mapped_column(default="")
    evidence: Mapped[JsonList] = mapped_column(default=list)


class ContactLog(Owned, Row, Base):
    """One contact with a unit: when, how, with whom, about what (对接记录)."""

    __tablename__ = "contact_log"
    __scope__ = Business()

    policy_id: Mapped[UUID | None] = mapped_column(reference("policy.id"), index=True)
    case_id: Mapped[UUID | None] = mapped_column(reference("cases.id"), index=True)
    contacted_at: Mapped[datetime]
    method: Mapped[str]
    contact: Mapped[str]
    content: Mapped[str]
    evidence: Mapped[JsonList] = mapped_column(default=list)
    person_id: Mapped[UUID | None] = mapped_column(reference("person.id"))


class QuotaSnapshot(Owned, Row, Base):
    """How many visits a policy year is owed and why, as computed at one moment; never rewritten.

    Each computation adds a row per policy year; `per_year` tells of all of them.
    """

    __tablename__ = "quota_snapshot"
    __scope__ = Business()
    __table_args__ = (Index("ix_quota_snapshot_policy", "policy_id", "policy_year", "computed_at"),)

    policy_id: Mapped[UUID] = mapped_column(reference("policy.id"))
    policy_year: Mapped[int] = mapped_column(default=1)
    by_premium: Mapped[int]
    by_industry: Mapped[int]
    by_history: Mapped[int]
    required: Mapped[int]
    per_year: Mapped[JsonList] = mapped_column(default=list)
    facts: Mapped[JsonObject]
    reasons: Mapped[JsonList] = mapped_column(default=list)
    profile: Mapped[str]
    parameter_rows: Mapped[JsonList]
    occasion: Mapped[str] = mapped_column(default="first")
    computed_at: Mapped[datetime]


class ServiceScheme(Owned, Row, Base):
    """The scheme for a unit (工作方案), one row per version.

    Documents point to visits and visits to schemes, so `document_id` is an unchecked id here.
    """

    __tablename__ = "service_scheme"
    __scope__ = Business(assigned=("id", "scheme_id"))
    __table_args__ = (UniqueConstraint("policy_id", "version"),)

    number: Mapped[str | None] = mapped_column(index=True)
    policy_id: Mapped[UUID] = mapped_column(reference("policy.id"))
    case_id: Mapped[UUID | None] = mapped_column(reference("cases.id"), index=True)
    version: Mapped[int] = mapped_column(default=1)
    state: Mapped[str] = mapped_column(default="draft")
    needs: Mapped[str] = mapped_column(default="")
    risk_state: Mapped[str] = mapped_column(default="")
    premium_snapshot: Mapped[Decimal | None]
    quota_snapshot_id: Mapped[UUID | None] = mapped_column(reference("quota_snapshot.id"))
    items: Mapped[JsonList] = mapped_column(default=list)
    frequency: Mapped[int | None]
    key_periods: Mapped[JsonList] = mapped_column(default=list)
    time_limit: Mapped[str] = mapped_column(default="")
    expected_effect: Mapped[str] = mapped_column(default="")
    measures: Mapped[str] = mapped_column(default="")
    org_experts: Mapped[str] = mapped_column(default="")
    guarantee: Mapped[str] = mapped_column(default="")
    complaint_arbitration: Mapped[str] = mapped_column(default="")
    baseline_target: Mapped[str] = mapped_column(default="")
    standardization_target: Mapped[str] = mapped_column(default="")
    approved_by: Mapped[UUID | None]
    approved_at: Mapped[datetime | None]
    opinion: Mapped[str] = mapped_column(default="")
    sent_at: Mapped[datetime | None]
    answer: Mapped[str | None]
    requested_change: Mapped[str] = mapped_column(default="")
    refuse_reason: Mapped[str] = mapped_column(default="")
    complaint_informed: Mapped[bool] = mapped_column(default=False)
    confirmed_at: Mapped[datetime | None]
    signatures: Mapped[JsonList] = mapped_column(default=list)
    document_id: Mapped[UUID | None]


class PlannedVisit(Owned, Row, Base):
    """A visit that the plan foresees: planned, then opened as a visit, or cancelled."""

    __tablename__ = "planned_visit"
    __scope__ = Business()
    __table_args__ = (
        UniqueConstraint("policy_id", "sequence"),
        Index("ix_planned_visit_day", "state", "planned_on"),
    )

    policy_id: Mapped[UUID] = mapped_column(reference("policy.id"))
    scheme_id: Mapped[UUID | None] = mapped_column(reference("service_scheme.id"))
    sequence: Mapped[int]
    planned_on: Mapped[date]
    first_planned_on: Mapped[date | None]
    state: Mapped[str] = mapped_column(default="planned")
    reason: Mapped[str] = mapped_column(default="")
    visit_id: Mapped[UUID | None] = mapped_column(reference("visit.id"), index=True)
