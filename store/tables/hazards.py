"""Hazards from notice to closure, and everything people say and decide about them on the way."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from store.tables.base import EVERY_VISIT, Base, Business, MaybeVisitOwned, Row, VisitOwned, reference
from store.types import JsonList, JsonObject

_SCOPE = Business(assigned=EVERY_VISIT, finance=False)


class Hazard(VisitOwned, Row, Base):
    """A hazard that a visit found; `original_deadline` stays when `deadline` is extended."""

    __tablename__ = "hazard"
    __scope__ = _SCOPE
    __table_args__ = (
        UniqueConstraint("org_id", "number"),
        Index("ix_hazard_state_deadline", "state", "deadline"),
        Index("ix_hazard_deadline", "deadline"),
    )

    number: Mapped[str]
    case_id: Mapped[UUID | None] = mapped_column(reference("cases.id"), index=True)
    position: Mapped[int] = mapped_column(default=1)
    place: Mapped[str]
    description: Mapped[str]
    level: Mapped[str]
    hazard_class: Mapped[str]
    cause: Mapped[str]
    accident_kind: Mapped[str | None]
    basis_clause: Mapped[str] = mapped_column(default="")
    suggestion: Mapped[str] = mapped_column(default="")
    checklist_item: Mapped[str | None]
    template_id: Mapped[UUID | None] = mapped_column(reference("hazard_template.id"))
    deadline: Mapped[date]
    original_deadline: Mapped[date]
    five_commitments: Mapped[JsonObject] = mapped_column(default=dict)
    photos_before: Mapped[JsonList] = mapped_column(default=list)
    photos_after: Mapped[JsonList] = mapped_column(default=list)
    fixed_on_spot: Mapped[bool] = mapped_column(default=False)
    state: Mapped[str] = mapped_column(default="draft")
    found_on: Mapped[date]
    notified_on: Mapped[date | None] = mapped_column(index=True)
    alerted_at: Mapped[datetime | None]
    finished_on: Mapped[date | None]
    closed_on: Mapped[date | None]
    failed_rechecks: Mapped[int] = mapped_column(default=0)
    refused_on: Mapped[date | None]
    refusal_basis: Mapped[str | None]
    refusal_evidence: Mapped[JsonList] = mapped_column(default=list)
    refusal_opinion: Mapped[str] = mapped_column(default="")
    reported_at: Mapped[datetime | None]
    decline_decision: Mapped[str | None]
    decline_reason: Mapped[str] = mapped_column(default="")
    decline_approver: Mapped[str] = mapped_column(default="")
    decline_decided_at: Mapped[datetime | None]


class HazardNotice(VisitOwned, Row, Base):
    """A numbered written notice of hazards; a void one keeps its number."""

    __tablename__ = "hazard_notice"
    __scope__ = _SCOPE
    __table_args__ = (UniqueConstraint("org_id", "number"),)

    number: Mapped[str]
    level: Mapped[str]
    state: Mapped[str] = mapped_column(default="draft")
    supersedes_id: Mapped[UUID | None] = mapped_column(reference("hazard_notice.id"))
    opinion: Mapped[str] = mapped_column(default="")
    signed_by: Mapped[UUID | None]
    signed_at: Mapped[datetime | None]
    issued_by: Mapped[UUID | None]
    issued_at: Mapped[datetime | None]
    delivery: Mapped[str | None]
    served_at: Mapped[datetime | None]
    received_by: Mapped[str] = mapped_column(default="")
    received_at: Mapped[datetime | None]
    refused_to_sign: Mapped[bool] = mapped_column(default=False)
    witness: Mapped[str] = mapped_column(default="")
    signature: Mapped[JsonList] = mapped_column(default=list)
    proof: Mapped[JsonList] = mapped_column(default=list)
    void_reason: Mapped[str] = mapped_column(default="")
    document_id: Mapped[UUID | None] = mapped_column(reference("document.id"))
    pdf_sha256: Mapped[str | None]


class HazardNoticeLine(VisitOwned, Row, Base):
    """One hazard on a notice, in the words of the notice."""

    __tablename__ = "hazard_notice_line"
    __scope__ = _SCOPE
    __table_args__ = (UniqueConstraint("notice_id", "hazard_id"),)

    notice_id: Mapped[UUID] = mapped_column(reference("hazard_notice.id"))
    hazard_id: Mapped[UUID] = mapped_column(reference("hazard.id"), index=True)
    position: Mapped[int]
    content: Mapped[JsonObject]


class Rectification(VisitOwned, Row, Base):
    """One round of a unit's plan for a hazard and of what it then did."""

    __tablename__ = "rectification"
    __scope__ = _SCOPE
    __table_args__ = (UniqueConstraint("hazard_id", "round"),)

    hazard_id: Mapped[UUID] = mapped_column(reference("hazard.id"))
    round: Mapped[int] = mapped_column(default=1)
    answer: Mapped[str | None]
    responsible: Mapped[str] = mapped_column(default="")
    measures: Mapped[str] = mapped_column(default="")
    finish_by: Mapped[date | None]
    funds: Mapped[Decimal | None]
    contingency_plan: Mapped[str] = mapped_column(default="")
    interim_measures: Mapped[str] = mapped_column(default="")
    major_plan: Mapped[JsonObject] = mapped_column(default=dict)
    principal_signature: Mapped[JsonList] = mapped_column(default=list)
    refuse_statement: Mapped[JsonList] = mapped_column(default=list)
    planned_at: Mapped[datetime | None]
    planned_by: Mapped[UUID | None]
    finished_on: Mapped[date | None]
    measures_done: Mapped[str] = mapped_column(default="")
    cost: Mapped[Decimal | None]
    photos: Mapped[JsonList] = mapped_column(default=list)
    note: Mapped[str] = mapped_column(default="")
    submitted_at: Mapped[datetime | None]
    submitted_by: Mapped[UUID | None]


class Recheck(VisitOwned, Row, Base):
    """An expert's check of a rectification."""

    __tablename__ = "recheck"
    __scope__ = _SCOPE

    hazard_id: Mapped[UUID] = mapped_column(reference("hazard.id"), index=True)
    rectification_id: Mapped[UUID | None] = mapped_column(reference("rectification.id"))
    round: Mapped[int] = mapped_column(default=1)
    checker_id: Mapped[UUID | None] = mapped_column(reference("person.id"))
    method: Mapped[str]
    checked_at: Mapped[datetime]
    result: Mapped[str]
    opinion: Mapped[str]
    photos: Mapped[JsonList] = mapped_column(default=list)
    new_deadline: Mapped[date | None]


class Extension(VisitOwned, Row, Base):
    """A request for a later deadline, and the decision."""

    __tablename__ = "extension"
    __scope__ = _SCOPE

    hazard_id: Mapped[UUID] = mapped_column(reference("hazard.id"), index=True)
    requested_at: Mapped[datetime]
    requested_by: Mapped[UUID | None]
    request: Mapped[str] = mapped_column(default="")
    application: Mapped[JsonList] = mapped_column(default=list)
    old_deadline: Mapped[date]
    decision: Mapped[str | None]
    new_deadline: Mapped[date | None]
    reason: Mapped[str] = mapped_column(default="")
    interim_measures: Mapped[str] = mapped_column(default="")
    decided_by: Mapped[UUID | None]
    decided_at: Mapped[datetime | None]


class Dispute(VisitOwned, Row, Base):
    """A unit's objection to a hazard, and what the review made of it."""

    __tablename__ = "dispute"
    __scope__ = _SCOPE

    hazard_id: Mapped[UUID] = mapped_column(reference("hazard.id"), index=True)
    raised_at: Mapped[datetime]
    raised_by: Mapped[UUID | None]
    dispute_reason: Mapped[str]
    evidence: Mapped[JsonList] = mapped_column(default=list)
    dispute_result: Mapped[str | None]
    basis: Mapped[str] = mapped_column(default="")
    new_level: Mapped[str | None]
    reviews: Mapped[JsonList] = mapped_column(default=list)
    approved_by: Mapped[UUID | None]
    decided_at: Mapped[datetime | None]


class Chase(MaybeVisitOwned, Row, Base):
    """A reminder that a person gave a unit, with its proof: about a scheme, a pre-contact or a hazard."""

    __tablename__ = "chase"
    __scope__ = Business(assigned=EVERY_VISIT)
    __table_args__ = (Index("ix_chase_subject", "subject", "subject_id", "at"),)

    kind: Mapped[str]
    subject: Mapped[str]
    subject_id: Mapped[UUID]
    case_id: Mapped[UUID | None] = mapped_column(reference("cases.id"), index=True)
    number: Mapped[int] = mapped_column(default=1)
    channel: Mapped[str]
    person: Mapped[str] = mapped_column(default="")
    content: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime]
    proof: Mapped[JsonList] = mapped_column(default=list)
    by_id: Mapped[UUID | None]
