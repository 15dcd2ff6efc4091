"""The yearly assessment: indicator sets, one assessment per organization and year, its scores, breaches."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from store.tables.base import Base, Business, Owned, Row, Shared, reference
from store.types import JsonList


class IndicatorSet(Row, Base):
    """What a kind of organization is assessed by in a year (第二十四条); a published version never changes."""

    __tablename__ = "indicator_set"
    __scope__ = Shared()
    __table_args__ = (UniqueConstraint("year", "object_kind", "version"),)

    year: Mapped[int]
    object_kind: Mapped[str]
    version: Mapped[int] = mapped_column(default=1)
    state: Mapped[str] = mapped_column(default="draft")
    published_at: Mapped[datetime | None]
    published_by: Mapped[UUID | None]


class Indicator(Row, Base):
    """One indicator of a set: all of its weight or nothing; `measure` names the figure that the system brings."""

    __tablename__ = "indicator"
    __scope__ = Shared()
    __table_args__ = (UniqueConstraint("set_id", "position"),)

    set_id: Mapped[UUID] = mapped_column(reference("indicator_set.id"))
    position: Mapped[int]
    aspect: Mapped[str]
    title: Mapped[str]
    requirement: Mapped[str] = mapped_column(default="")
    weight: Mapped[Decimal]
    is_bonus: Mapped[bool] = mapped_column(default=False)
    measure: Mapped[str] = mapped_column(default="")


class Assessment(Owned, Row, Base):
    """The assessment of one organization for one year; there is never a second one (第二十四条)."""

    __tablename__ = "assessment"
    __scope__ = Business()
    __table_args__ = (UniqueConstraint("object_id", "year"),)

    year: Mapped[int]
    object_id: Mapped[UUID] = mapped_column(reference("organization.id"))
    object_kind: Mapped[str]
    set_id: Mapped[UUID] = mapped_column(reference("indicator_set.id"), index=True)
    case_id: Mapped[UUID | None] = mapped_column(reference("cases.id"), index=True)
    state: Mapped[str] = mapped_column(default="materials")
    measures: Mapped[JsonList] = mapped_column(default=list)
    first_scorer_id: Mapped[UUID | None] = mapped_column(reference("person.id"))
    second_scorer_id: Mapped[UUID | None] = mapped_column(reference("person.id"))
    base: Mapped[Decimal | None]
    bonus: Mapped[Decimal | None]
    deducted: Mapped[Decimal | None]
    total: Mapped[Decimal | None]
    appeal_reason: Mapped[str] = mapped_column(default="")
    appeal_evidence: Mapped[JsonList] = mapped_column(default=list)
    appeal_decision: Mapped[str | None]
    appeal_answer: Mapped[str] = mapped_column(default="")
    conclusion: Mapped[str] = mapped_column(default="")
    is_passed_on: Mapped[bool] = mapped_column(default=False)
    passed_on_reason: Mapped[str] = mapped_column(default="")
    finalized_on: Mapped[date | None]
    finalized_by: Mapped[UUID | None] = mapped_column(reference("person.id"))


class AssessmentScore(Owned, Row, Base):
    """What was handed in for one indicator, how each of two people judged it, and what holds."""

    __tablename__ = "assessment_score"
    __scope__ = Business()
    __table_args__ = (UniqueConstraint("assessment_id", "indicator_id"),)

    assessment_id: Mapped[UUID] = mapped_column(reference("assessment.id"))
    indicator_id: Mapped[UUID] = mapped_column(reference("indicator.id"), index=True)
    statement: Mapped[str] = mapped_column(default="")
    evidence: Mapped[JsonList] = mapped_column(default=list)
    first_satisfied: Mapped[bool | None]
    first_reason: Mapped[str] = mapped_column(default="")
    second_satisfied: Mapped[bool | None]
    second_reason: Mapped[str] = mapped_column(default="")
    satisfied: Mapped[bool | None]
    reason: Mapped[str] = mapped_column(default="")


class Breach(Owned, Row, Base):
    """A ground for a deduction, with evidence, defence and decision (第二十七条)."""

    __tablename__ = "breach"
    __scope__ = Business()

    assessment_id: Mapped[UUID] = mapped_column(reference("assessment.id"), index=True)
    kind: Mapped[str]
    description: Mapped[str]
    evidence: Mapped[JsonList] = mapped_column(default=list)
    points: Mapped[Decimal]
    recorded_by: Mapped[UUID | None] = mapped_column(reference("person.id"))
    recorded_at: Mapped[datetime]
    defence: Mapped[str] = mapped_column(default="")
    defence_evidence: Mapped[JsonList] = mapped_column(default=list)
    defended_at: Mapped[datetime | None]
    decision: Mapped[str | None]
    decision_reason: Mapped[str] = mapped_column(default="")
    decided_by: Mapped[UUID | None] = mapped_column(reference("person.id"))
    decided_at: Mapped[datetime | None]
