"""The prevention fund: yearly plans and the append-only ledger (第六条)."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from store.tables.base import Base, Business, MaybeVisitOwned, Owned, Row, Stamped, reference
from store.types import JsonList, new_id


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
