"""One visit and everything that is written down about it."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from store.tables.base import EVERY_VISIT, Base, Business, Owned, Row, VisitOwned, reference
from store.types import JsonList, JsonObject

_OF_VISIT = Business(assigned=EVERY_VISIT)
_NOT_FINANCE = Business(assigned=EVERY_VISIT, finance=False)


class Visit(Owned, Row, Base):
    """One visit (一次服务). `responsible_org_id` is the provider and never changes (第十一条)."""

    __tablename__ = "visit"
    __scope__ = Business(assigned=("id", "id"))
    __table_args__ = (
        UniqueConstraint("org_id", "number"),
        Index("ix_visit_state_day", "state", "planned_on"),
        Index("ix_visit_completed", "policy_id", "completed_on"),
    )

    number: Mapped[str]
    policy_id: Mapped[UUID] = mapped_column(reference("policy.id"))
    scheme_id: Mapped[UUID | None] = mapped_column(reference("service_scheme.id"), index=True)
    case_id: Mapped[UUID | None] = mapped_column(reference("cases.id"), index=True)
    sequence: Mapped[int | None]
    channel: Mapped[str] = mapped_column(default="offline")
    source: Mapped[str] = mapped_column(default="plan")
    reason: Mapped[str] = mapped_column(default="")
    state: Mapped[str] = mapped_column(default="planned")
    planned_on: Mapped[date | None] = mapped_column(index=True)
    items: Mapped[JsonList] = mapped_column(default=list)
    checklists: Mapped[JsonList] = mapped_column(default=list)
    key_parts: Mapped[str] = mapped_column(default="")
    recent_reason: Mapped[str] = mapped_column(default="")
    lead_id: Mapped[UUID | None] = mapped_column(reference("person.id"), index=True)
    agency_id: Mapped[UUID | None] = mapped_column(reference("organization.id"), index=True)
    responsible_org_id: Mapped[UUID] = mapped_column(reference("organization.id"))
    dispatched_at: Mapped[datetime | None]
    arrived_at: Mapped[datetime | None]
    left_at: Mapped[datetime | None]
    position: Mapped[JsonObject | None]
    place: Mapped[str] = mapped_column(default="")
    process: Mapped[str] = mapped_column(default="")
    measures_taken: Mapped[str] = mapped_column(default="")
    protective_measures: Mapped[str] = mapped_column(default="")
    findings: Mapped[int] = mapped_column(default=0)
    escort: Mapped[str] = mapped_column(default="")
    photos: Mapped[JsonList] = mapped_column(default=list)
    attachments: Mapped[JsonList] = mapped_column(default=list)
    policyholder_comment: Mapped[str] = mapped_column(default="")
    signatures: Mapped[JsonList] = mapped_column(default=list)
    completed_on: Mapped[date | None] = mapped_column(index=True)
    return_visit_due: Mapped[date | None]
    archive_due: Mapped[date | None]
    record_answer: Mapped[str | None]
    objection: Mapped[str] = mapped_column(default="")
    record_confirmed_at: Mapped[datetime | None]
    elements: Mapped[JsonObject] = mapped_column(default=dict)
    corrections: Mapped[JsonList] = mapped_column(default=list)
    cancelled_at: Mapped[datetime | None]
    cancel_reason: Mapped[str] = mapped_column(default="")
    archived_at: Mapped[datetime | None] = mapped_column(index=True)


class VisitMember(VisitOwned, Row, Base):
    """Somebody who is sent on a visit; this row lets them see it. The certificate is kept as it was."""

    __tablename__ = "visit_member"
    __scope__ = Business(assigned=EVERY_VISIT, own="person_id")
    __table_args__ = (UniqueConstraint("visit_id", "person_id"),)

    person_id: Mapped[UUID] = mapped_column(reference("person.id"), index=True)
    is_lead: Mapped[bool] = mapped_column(default=False)
    certificate: Mapped[JsonObject] = mapped_column(default=dict)
    answer: Mapped[str | None]
    answered_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(default="")
    removed_at: Mapped[datetime | None]


class VisitDay(VisitOwned, Row, Base):
    """One day on site."""

    __tablename__ = "visit_day"
    __scope__ = _OF_VISIT

    day: Mapped[date]
    arrived_at: Mapped[datetime]
    left_at: Mapped[datetime]


class PreContact(VisitOwned, Row, Base):
    """One round of agreeing on a visit: what was proposed, what the unit answered and permitted."""

    __tablename__ = "pre_contact"
    __scope__ = _OF_VISIT
    __table_args__ = (UniqueConstraint("visit_id", "round"),)

    round: Mapped[int] = mapped_column(default=1)
    contacted_at: Mapped[datetime]
    method: Mapped[str]
    contact: Mapped[str]
    service_start: Mapped[datetime | None]
    service_end: Mapped[datetime | None]
    content: Mapped[str] = mapped_column(default="")
    technical_measures: Mapped[str] = mapped_column(default="")
    protective_measures: Mapped[str] = mapped_column(default="")
    site_rules: Mapped[str] = mapped_column(default="")
    visitors: Mapped[JsonList] = mapped_column(default=list)
    answer: Mapped[str | None]
    answered_at: Mapped[datetime | None]
    answered_by: Mapped[UUID | None]
    confirm_time: Mapped[bool] = mapped_column(default=False)
    confirm_content: Mapped[bool] = mapped_column(default=False)
    confirm_measures: Mapped[bool] = mapped_column(default=False)
    permission_granted: Mapped[bool] = mapped_column(default=False)
    grantor: Mapped[str] = mapped_column(default="")
    grantor_title: Mapped[str] = mapped_column(default="")
    grant_method: Mapped[str | None]
    grant_proof: Mapped[JsonList] = mapped_column(default=list)
    permission_revoked_at: Mapped[datetime | None]
    new_time: Mapped[datetime | None]
    refuse_reason: Mapped[str] = mapped_column(default="")
    site_contact: Mapped[str] = mapped_column(default="")
    reschedules: Mapped[JsonList] = mapped_column(default=list)
    document_id: Mapped[UUID | None] = mapped_column(reference("document.id"))


class EntryCheck(VisitOwned, Row, Base):
    """The check-in at the gate, and if entry was refused, by whom and why."""

    __tablename__ = "entry_check"
    __scope__ = _NOT_FINANCE

    arrived_at: Mapped[datetime]
    device_time: Mapped[datetime | None]
    position: Mapped[JsonObject | None]
    distance_m: Mapped[int | None]
    no_position_reason: Mapped[str] = mapped_column(default="")
    gate_photo: Mapped[JsonList] = mapped_column(default=list)
    entry_admitted: Mapped[bool]
    escort: Mapped[str] = mapped_column(default="")
    escort_title: Mapped[str] = mapped_column(default="")
    briefing: Mapped[bool] = mapped_column(default=False)
    ppe: Mapped[bool] = mapped_column(default=False)
    refused_by: Mapped[str] = mapped_column(default="")
    reason: Mapped[str] = mapped_column(default="")
    refused_at: Mapped[datetime | None]
    proof: Mapped[JsonList] = mapped_column(default=list)


class ServiceItemRecord(VisitOwned, Row, Base):
    """What was done for one item of the visit; its own fields (training, drill …) lie in `content`."""

    __tablename__ = "service_item_record"
    __scope__ = _NOT_FINANCE

    item: Mapped[str]
    position: Mapped[int] = mapped_column(default=1)
    content: Mapped[JsonObject]
    evidence: Mapped[JsonList] = mapped_column(default=list)


class ChecklistResult(VisitOwned, Row, Base):
    """The answer to one item of an industry's checklist; `item` is its key, such as chemical-1."""

    __tablename__ = "checklist_result"
    __scope__ = _NOT_FINANCE
    __table_args__ = (UniqueConstraint("visit_id", "item"),)

    checklist: Mapped[str]
    item: Mapped[str]
    answer: Mapped[str]
    basis: Mapped[str] = mapped_column(default="")
    photo: Mapped[JsonList] = mapped_column(default=list)
    hazard_id: Mapped[UUID | None] = mapped_column(reference("hazard.id"), index=True)


class Anomaly(VisitOwned, Row, Base):
    """Something odd about a visit, flagged for a reviewer; never a verdict by itself."""

    __tablename__ = "anomaly"
    __scope__ = _NOT_FINANCE

    code: Mapped[str]
    detail: Mapped[JsonObject] = mapped_column(default=dict)
    found_at: Mapped[datetime]
    person_id: Mapped[UUID | None] = mapped_column(reference("person.id"))
    file_id: Mapped[UUID | None] = mapped_column(reference("file.id"))
    decision: Mapped[str | None]
    explanation: Mapped[str] = mapped_column(default="")
    decided_by: Mapped[UUID | None]
    decided_at: Mapped[datetime | None]


class ReturnVisit(VisitOwned, Row, Base):
    """One attempt to call back after a visit, with what the unit said (回访)."""

    __tablename__ = "return_visit"
    __scope__ = _NOT_FINANCE
    __table_args__ = (UniqueConstraint("visit_id", "attempt"),)

    attempt: Mapped[int] = mapped_column(default=1)
    reached: Mapped[bool]
    method: Mapped[str]
    contacted_at: Mapped[datetime]
    respondent: Mapped[str] = mapped_column(default="")
    respondent_title: Mapped[str] = mapped_column(default="")
    satisfaction: Mapped[int | None]
    opinion: Mapped[str] = mapped_column(default="")
    professional: Mapped[int | None]
    service: Mapped[int | None]
    timely: Mapped[int | None]
    safety: Mapped[int | None]
    rectification_state: Mapped[str | None]
    complaint_raised: Mapped[bool] = mapped_column(default=False)
    complaint_content: Mapped[str] = mapped_column(default="", server_default="")
    caller_id: Mapped[UUID | None] = mapped_column(reference("person.id"))
    recording: Mapped[JsonList] = mapped_column(default=list)
    due: Mapped[date | None]
    document_id: Mapped[UUID | None] = mapped_column(reference("document.id"))


class LowScore(VisitOwned, Row, Base):
    """What was done about a low satisfaction."""

    __tablename__ = "low_score"
    __scope__ = _NOT_FINANCE

    return_visit_id: Mapped[UUID | None] = mapped_column(reference("return_visit.id"))
    cause: Mapped[str]
    action: Mapped[str]
    feedback: Mapped[JsonList] = mapped_column(default=list)
    handled_by: Mapped[UUID | None]
    handled_at: Mapped[datetime]
