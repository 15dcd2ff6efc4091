"""What is frozen and filed with the joint office (报送): figures, their rows, and what was written beside them."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from store.tables.base import Base, Business, Owned, Row, Special, reference
from store.types import JsonList, JsonObject


class FiledReport(Owned, Row, Base):
    """One version of a report. The database keeps `snapshot` as it was frozen, and what was filed as it was filed.

    `sha256` is the digest of the snapshot, which holds the digest of the rows. `receipt` is what the joint office
    answered: accept or return; after a return comes another version, with its reason.
    """

    __tablename__ = "filed_report"
    __scope__ = Business(finance=False)
    __table_args__ = (
        UniqueConstraint("org_id", "kind", "period", "version"),
        Index("ix_filed_report_kind_first_day", "kind", "first_day"),
    )

    kind: Mapped[str]
    period: Mapped[str]
    period_name: Mapped[str]
    first_day: Mapped[date]
    last_day: Mapped[date]
    version: Mapped[int] = mapped_column(default=1)
    case_id: Mapped[UUID] = mapped_column(reference("cases.id"), index=True)
    snapshot: Mapped[JsonObject]
    sha256: Mapped[str]
    frozen_at: Mapped[datetime]
    reason_of_correction: Mapped[str] = mapped_column(default="")
    sections: Mapped[JsonObject] = mapped_column(default=dict)
    submitted_on: Mapped[date | None]
    submitted_by: Mapped[UUID | None]
    receipt: Mapped[str | None]
    receipt_opinion: Mapped[str] = mapped_column(default="")
    received_on: Mapped[date | None]
    received_by: Mapped[UUID | None]
    progress: Mapped[JsonList] = mapped_column(default=list)
    """What became of the improvements that a self-review promised."""


class FiledReportRow(Base):
    """One record behind a figure of a report, as it stood when the report was frozen."""

    __tablename__ = "filed_report_row"
    __scope__ = Special("filed_report_row")

    report_id: Mapped[UUID] = mapped_column(reference("filed_report.id"), primary_key=True)
    figure: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[str]
    subject_id: Mapped[UUID]
    label: Mapped[str]
    unit: Mapped[str]
    industry: Mapped[str | None]
    region_code: Mapped[str | None]
    category: Mapped[str | None]
    part: Mapped[Decimal]
    whole: Mapped[Decimal | None]
