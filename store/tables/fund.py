"""Yearly plans of work, the prevention fund by plan and append-only ledger, its filing (第六条、第十六条)."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from store.tables.base import Base, Business, MaybeVisitOwned, Owned, Row, Special, Stamped, reference
from store.types import JsonList, JsonObject, new_id


class AnnualPlan(Owned, Row, Base):
    """One version of a provider's plan of work for a year. The database keeps `basis` as it was frozen.

    A version that was submitted stays as it is; after a return or a revision comes another, with its reason.
    """

    __tablename__ = "annual_plan"
    __scope__ = Special("annual_plan")
    __table_args__ = (UniqueConstraint("org_id", "year", "version"),)

    year: Mapped[int]
    version: Mapped[int] = mapped_column(default=1)
    case_id: Mapped[UUID] = mapped_column(reference("cases.id"), index=True)
    reason: Mapped[str] = mapped_column(default="")
    basis: Mapped[JsonObject]
    insurers: Mapped[JsonList] = mapped_column(default=list)
    visits_owed: Mapped[int | None]
    arrangement: Mapped[str] = mapped_column(default="")
    trainings: Mapped[JsonList] = mapped_column(default=list)
    online: Mapped[str] = mapped_column(default="")
    goals: Mapped[str] = mapped_column(default="")
    state: Mapped[str] = mapped_column(default="draft")
    opinion: Mapped[str] = mapped_column(default="")
    """Why it came back last."""
    approved_by: Mapped[UUID | None]
    recipient: Mapped[str] = mapped_column(default="")
    materials: Mapped[JsonList] = mapped_column(default=list)
    submitted_on: Mapped[date | None]
    filing_no: Mapped[str] = mapped_column(default="")
    received_on: Mapped[date | None]
    received_by: Mapped[UUID | None]


class FundPlan(Owned, Row, Base):
    """What an insurer sets aside for a year, by category; a revision is a new row."""

    __tablename__ = "fund_plan"
    __scope__ = Business()
    __table_args__ = (UniqueConstraint("insurer_id", "org_id", "year", "version"),)

    year: Mapped[int]
    version: Mapped[int] = mapped_column(default=1)
    total: Mapped[Decimal]
    items: Mapped[JsonList] = mapped_column(default=list)
    state: Mapped[str] = mapped_column(default="approved")
    revision_of_id: Mapped[UUID | None] = mapped_column(reference("fund_plan.id"))
    reason: Mapped[str] = mapped_column(default="")
    approved_by: Mapped[UUID | None]
    approved_at: Mapped[datetime | None]
    annual_plan_id: Mapped[UUID | None] = mapped_column(index=True)
    """The plan of work that it is part of; unchecked."""
    agreement: Mapped[JsonObject] = mapped_column(default=dict)
    """What the insurer said: decision, opinion, who, when, and the sealed file."""


class FundEntry(MaybeVisitOwned, Stamped, Base):
    """One line of the ledger. Never changed or removed: a mistake is reversed by another line."""

    __tablename__ = "fund_entry"
    __scope__ = Business()
    __table_args__ = (
        UniqueConstraint("org_id", "number"),
        Index("ix_fund_entry_plan", "plan_id", "entry_date"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    number: Mapped[str]
    entry_date: Mapped[date]
    kind: Mapped[str]
    amount: Mapped[Decimal]
    category: Mapped[str]
    plan_id: Mapped[UUID | None] = mapped_column(reference("fund_plan.id"))
    policy_id: Mapped[UUID | None] = mapped_column(reference("policy.id"), index=True)
    case_id: Mapped[UUID | None] = mapped_column(reference("cases.id"), index=True)
    public_activity: Mapped[str] = mapped_column(default="")
    payee: Mapped[str] = mapped_column(default="")
    voucher: Mapped[JsonList] = mapped_column(default=list)
    note: Mapped[str] = mapped_column(default="")
    reverses_id: Mapped[UUID | None] = mapped_column(reference("fund_entry.id"), unique=True)
    approved_by: Mapped[UUID | None]


class FundFiling(Owned, Row, Base):
    """An insurer's filing of a year's fund. The database keeps `snapshot` as it was frozen; a return begins another.

    `reconciled` is what each provider's finance found; `profile` the rule set that the insurer says governs.
    """

    __tablename__ = "fund_filing"
    __scope__ = Business()
    __table_args__ = (UniqueConstraint("insurer_id", "year", "version"),)

    year: Mapped[int]
    version: Mapped[int] = mapped_column(default=1)
    case_id: Mapped[UUID] = mapped_column(reference("cases.id"), index=True)
    reason: Mapped[str] = mapped_column(default="")
    snapshot: Mapped[JsonObject]
    sha256: Mapped[str]
    frozen_at: Mapped[datetime]
    reconciled: Mapped[JsonList] = mapped_column(default=list)
    balance_use: Mapped[str] = mapped_column(default="")
    profile: Mapped[str] = mapped_column(default="")
    profile_reason: Mapped[str] = mapped_column(default="")
    opinion: Mapped[str] = mapped_column(default="")
    """Why it came back last."""
    approved_by: Mapped[UUID | None]
    submitted_on: Mapped[date | None]
    receipt: Mapped[str | None]
    receipt_no: Mapped[str] = mapped_column(default="")
    received_on: Mapped[date | None]
    received_by: Mapped[UUID | None]
