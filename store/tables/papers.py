"""Evidence: files, printed documents, case files; refusals, rate evidence, complaints."""

from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, validates

from store import secrets
from store.tables.base import (
    BIG,
    EVERY_VISIT,
    Base,
    Business,
    MaybeVisitOwned,
    Owned,
    Row,
    Special,
    reference,
)
from store.types import Enc, JsonList, JsonObject


class EvidenceFile(Base):
    """An uploaded file: the row names it, the bytes lie in the file store under their SHA-256.

    The owner columns are empty until the file is attached to something; until then only the
    person who uploaded it sees it.
    """

    __tablename__ = "file"
    __scope__ = Special("file")
    __table_args__ = (Index("ix_file_subject", "subject", "subject_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    sha256: Mapped[str] = mapped_column(index=True)
    size: Mapped[int] = mapped_column(BIG)
    media_type: Mapped[str]
    name: Mapped[str]
    meta: Mapped[JsonObject] = mapped_column(default=dict)
    perceptual_hash: Mapped[str | None] = mapped_column(index=True)
    taken_at: Mapped[datetime | None]
    uploaded_by: Mapped[UUID | None] = mapped_column(index=True)
    uploaded_at: Mapped[datetime]
    org_id: Mapped[UUID | None] = mapped_column(reference("organization.id"), index=True)
    insurer_id: Mapped[UUID | None] = mapped_column(reference("organization.id"))
    policyholder_id: Mapped[UUID | None] = mapped_column(reference("organization.id"), index=True)
    region_code: Mapped[str | None]
    industry: Mapped[str | None]
    visit_id: Mapped[UUID | None] = mapped_column(reference("visit.id"), index=True)
    case_id: Mapped[UUID | None] = mapped_column(reference("cases.id"), index=True)
    work_item_id: Mapped[UUID | None]
    subject: Mapped[str | None]
    subject_id: Mapped[UUID | None]
    disposed_at: Mapped[datetime | None]
    """When it was disposed of with its volume: the bytes are gone, the row stays."""


class Document(MaybeVisitOwned, Row, Base):
    """A printed document: `content` is what it says, the PDF follows. One with a `void_reason` keeps its number."""

    __tablename__ = "document"
    __scope__ = Business(assigned=EVERY_VISIT, finance=False)
    __table_args__ = (
        UniqueConstraint("org_id", "number"),
        Index("ix_document_subject", "subject", "subject_id"),
        Index("ix_document_issued_at", "issued_at", "id"),
    )

    number: Mapped[str]
    template: Mapped[str]
    template_sha256: Mapped[str | None]
    title: Mapped[str]
    subject: Mapped[str]
    subject_id: Mapped[UUID]
    policy_id: Mapped[UUID | None] = mapped_column(reference("policy.id"), index=True)
    case_id: Mapped[UUID | None] = mapped_column(reference("cases.id"), index=True)
    state: Mapped[str] = mapped_column(default="queued")
    content: Mapped[JsonObject]
    pdf_sha256: Mapped[str | None]
    pdf_size: Mapped[int | None] = mapped_column(BIG)
    rendered_at: Mapped[datetime | None]
    issued_by: Mapped[UUID | None]
    issued_at: Mapped[datetime]
    void_reason: Mapped[str] = mapped_column(default="")
    disposed_at: Mapped[datetime | None]


class CaseFile(MaybeVisitOwned, Row, Base):
    """A volume of a unit's archive: one per visit, and one for the policy as a whole (visit empty)."""

    __tablename__ = "case_file"
    __scope__ = Business(assigned=EVERY_VISIT)
    __table_args__ = (UniqueConstraint("org_id", "number"), UniqueConstraint("policy_id", "visit_id"))

    number: Mapped[str]
    policy_id: Mapped[UUID] = mapped_column(reference("policy.id"))
    case_id: Mapped[UUID | None] = mapped_column(reference("cases.id"), index=True)
    title: Mapped[str] = mapped_column(default="")
    state: Mapped[str] = mapped_column(default="open")
    sealed_at: Mapped[datetime | None]
    sealed_by: Mapped[UUID | None]
    confirmed_by: Mapped[str] = mapped_column(default="")
    chain_head: Mapped[str | None]
    retain_until: Mapped[date | None] = mapped_column(index=True)
    disposable_from: Mapped[date | None]
    holds: Mapped[JsonList] = mapped_column(default=list)
    corrections: Mapped[JsonList] = mapped_column(default=list)
    package_sha256: Mapped[str | None]
    package_size: Mapped[int | None] = mapped_column(BIG)
    packaged_at: Mapped[datetime | None]
    disposal_id: Mapped[UUID | None] = mapped_column(index=True)
    """The proposal that it lies in, or went with."""
    disposed_at: Mapped[datetime | None]


class CaseFileItem(MaybeVisitOwned, Row, Base):
    """One entry of a volume's catalogue; supplements come after sealing and are numbered."""

    __tablename__ = "case_file_item"
    __scope__ = Business(assigned=EVERY_VISIT)
    __table_args__ = (UniqueConstraint("case_file_id", "position"),)

    case_file_id: Mapped[UUID] = mapped_column(reference("case_file.id"))
    position: Mapped[int]
    title: Mapped[str]
    kind: Mapped[str]
    object_kind: Mapped[str] = mapped_column(default="")
    object_id: Mapped[UUID | None]
    file_id: Mapped[UUID | None] = mapped_column(reference("file.id"))
    document_id: Mapped[UUID | None] = mapped_column(reference("document.id"))
    sha256: Mapped[str | None]
    dated: Mapped[date | None]
    pages: Mapped[int | None]
    supplement_no: Mapped[int | None]
    reason: Mapped[str] = mapped_column(default="")
    added_at: Mapped[datetime]
    added_by: Mapped[UUID | None]


class RefusalNotice(MaybeVisitOwned, Row, Base):
    """A refusal of service (第十三条) or a decline of renewal (第十九条), and the written notice of it."""

    __tablename__ = "refusal_notice"
    __scope__ = Business(assigned=EVERY_VISIT)

    kind: Mapped[str]
    number: Mapped[str | None] = mapped_column(index=True)
    policy_id: Mapped[UUID] = mapped_column(reference("policy.id"), index=True)
    case_id: Mapped[UUID | None] = mapped_column(reference("cases.id"), index=True)
    hazard_id: Mapped[UUID | None] = mapped_column(reference("hazard.id"), index=True)
    state: Mapped[str] = mapped_column(default="draft")
    extent: Mapped[str | None]
    refused_on: Mapped[date | None]
    refused_by: Mapped[str] = mapped_column(default="")
    reason: Mapped[str] = mapped_column(default="")
    evidence: Mapped[JsonList] = mapped_column(default=list)
    text: Mapped[str] = mapped_column(default="")
    result: Mapped[str] = mapped_column(default="")
    channel: Mapped[str | None]
    address: Mapped[str] = mapped_column(default="")
    recipient: Mapped[str] = mapped_column(default="")
    recipient_id: Mapped[UUID | None] = mapped_column(reference("organization.id"))
    delivery: Mapped[str | None]
    delivered_at: Mapped[datetime | None]
    proof: Mapped[JsonList] = mapped_column(default=list)
    filed_on: Mapped[date | None]
    withdrawn_on: Mapped[date | None]
    withdrawal_proof: Mapped[JsonList] = mapped_column(default=list)
    document_id: Mapped[UUID | None] = mapped_column(reference("document.id"))


class RateEvidence(Owned, Row, Base):
    """The facts of a policy's term that an insurer may use for the next rate; no rate in it."""

    __tablename__ = "rate_evidence"
    __scope__ = Business()

    policy_id: Mapped[UUID] = mapped_column(reference("policy.id"), index=True)
    case_id: Mapped[UUID | None] = mapped_column(reference("cases.id"), index=True)
    preliminary: Mapped[bool] = mapped_column(default=False)
    prepared_at: Mapped[datetime]
    factors: Mapped[JsonObject]
    required: Mapped[int | None]
    counted: Mapped[int | None]
    short: Mapped[int | None]
    cooperation: Mapped[int | None]
    cooperation_note: Mapped[str] = mapped_column(default="")
    rectification_note: Mapped[str] = mapped_column(default="")
    risk_control_note: Mapped[str] = mapped_column(default="")
    corrections: Mapped[JsonList] = mapped_column(default=list)
    reviewed_by: Mapped[UUID | None]
    reviewed_at: Mapped[datetime | None]
    used: Mapped[str | None]
    direction: Mapped[str | None]
    reason: Mapped[str] = mapped_column(default="")
    used_by: Mapped[UUID | None]
    used_at: Mapped[datetime | None]
    document_id: Mapped[UUID | None] = mapped_column(reference("document.id"))


class RateFactor(MaybeVisitOwned, Row, Base):
    """One fact that will count for the next rate, such as a hazard that was not put right."""

    __tablename__ = "rate_factor"
    __scope__ = Business(assigned=EVERY_VISIT)

    policy_id: Mapped[UUID] = mapped_column(reference("policy.id"), index=True)
    hazard_id: Mapped[UUID | None] = mapped_column(reference("hazard.id"), index=True)
    kind: Mapped[str]
    note: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime]


class Complaint(MaybeVisitOwned, Row, Base):
    """A complaint and its answer (第二十二条)."""

    __tablename__ = "complaint"
    __scope__ = Business(complaints=True)
    __table_args__ = (UniqueConstraint("org_id", "number"),)

    number: Mapped[str]
    policy_id: Mapped[UUID | None] = mapped_column(reference("policy.id"), index=True)
    case_id: Mapped[UUID | None] = mapped_column(reference("cases.id"), index=True)
    state: Mapped[str] = mapped_column(default="received")
    complainant: Mapped[str]
    mobile: Mapped[str | None] = mapped_column(Enc("complaint.mobile"))
    mobile_index: Mapped[str | None]
    channel: Mapped[str | None]
    target: Mapped[str]
    request: Mapped[str]
    received_at: Mapped[datetime]
    due: Mapped[date | None]
    needs_verification: Mapped[bool] = mapped_column(default=False)
    extension: Mapped[JsonObject | None]
    handler_id: Mapped[UUID | None] = mapped_column(reference("person.id"))
    target_person: Mapped[str] = mapped_column(default="", server_default="")
    told_how: Mapped[str] = mapped_column(default="", server_default="")
    statement: Mapped[str] = mapped_column(default="", server_default="")
    """What the provider says of it; the insurer finds out."""
    restated: Mapped[str] = mapped_column(default="", server_default="")
    findings: Mapped[str] = mapped_column(default="")
    basis: Mapped[str] = mapped_column(default="")
    measures: Mapped[str] = mapped_column(default="")
    remedy: Mapped[str] = mapped_column(default="", server_default="")
    replied_at: Mapped[datetime | None]
    accepted: Mapped[bool | None]
    comment: Mapped[str] = mapped_column(default="", server_default="")
    mediation: Mapped[JsonObject | None]
    evidence: Mapped[JsonList] = mapped_column(default=list)

    @validates("mobile")
    def _index_mobile(self, _key: str, value: str | None) -> str | None:
        """Keep the blind index equal to the number."""
        self.mobile_index = secrets.blind(value)
        return value
