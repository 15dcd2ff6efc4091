"""One hazard: what was found, what the unit promised and did, what was checked, extended, refused."""

from datetime import date, datetime
from uuid import UUID

from msgspec import Struct
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from store.pages.hazard_rounds import (
    ChaseLine,
    DisputeLine,
    ExtensionLine,
    RecheckLine,
    RoundLine,
    chases_of,
    disputes_of,
    extensions_of,
    rechecks_of,
    rounds_of,
)
from store.tables import (
    Case,
    Document,
    Hazard,
    HazardNotice,
    HazardNoticeLine,
    Organization,
    Region,
    Visit,
)
from store.types import JsonObject

MOST = 100


class Link(Struct, frozen=True):
    """Another page: the case, the visit."""

    id: UUID
    title: str


class NoticeLine(Struct, frozen=True):
    """The written notice that names the hazard, and its paper."""

    number: str
    state: str
    delivery: str | None
    served_at: datetime | None
    received_by: str
    refused_to_sign: bool
    witness: str
    document_id: UUID | None
    case_id: UUID | None
    is_printed: bool


class HazardRecord(Struct, frozen=True):
    """The record of a hazard."""

    id: UUID
    number: str
    unit: str
    policyholder_id: UUID | None
    district: str
    place: str
    description: str
    level: str
    hazard_class: str
    cause: str
    accident_kind: str | None
    basis_clause: str
    suggestion: str
    deadline: date
    original_deadline: date
    commitments: JsonObject
    photos_before: tuple[str, ...]
    photos_after: tuple[str, ...]
    fixed_on_spot: bool
    state: str
    found_on: date
    notified_on: date | None
    alerted_at: datetime | None
    finished_on: date | None
    closed_on: date | None
    refused_on: date | None
    refusal_basis: str | None
    refusal_opinion: str
    reported_at: datetime | None
    decline_decision: str | None
    decline_reason: str
    case: Link | None
    visit_case: Link | None
    rounds: tuple[RoundLine, ...]
    rechecks: tuple[RecheckLine, ...]
    extensions: tuple[ExtensionLine, ...]
    disputes: tuple[DisputeLine, ...]
    chases: tuple[ChaseLine, ...]
    notices: tuple[NoticeLine, ...]


def hazard_record(session: Session, hazard_id: UUID) -> HazardRecord | None:
    """Return the record of a hazard that the person may see."""
    row = session.get(Hazard, hazard_id)
    if row is None:
        return None
    unit = session.get(Organization, row.policyholder_id) if row.policyholder_id else None
    region = session.get(Region, row.region_code) if row.region_code else None
    visit = session.get(Visit, row.visit_id)
    plain = {name: getattr(row, name) for name in _SAME}
    return HazardRecord(
        **plain,
        unit=unit.name if unit is not None else "",
        district=region.name if region is not None else "",
        commitments=row.five_commitments,
        photos_before=tuple(str(photo) for photo in row.photos_before),
        photos_after=tuple(str(photo) for photo in row.photos_after),
        case=_case(session, row.case_id, Case.hazard_id == row.id),
        visit_case=_case(session, visit.case_id if visit is not None else None, _of_visit(row)),
        rounds=rounds_of(session, hazard_id),
        rechecks=rechecks_of(session, hazard_id),
        extensions=extensions_of(session, hazard_id),
        disputes=disputes_of(session, hazard_id),
        chases=chases_of(session, hazard_id),
        notices=_notices(session, hazard_id),
    )


_SAME = (
    "id",
    "number",
    "policyholder_id",
    "place",
    "description",
    "level",
    "hazard_class",
    "cause",
    "accident_kind",
    "basis_clause",
    "suggestion",
    "deadline",
    "original_deadline",
    "fixed_on_spot",
    "state",
    "found_on",
    "notified_on",
    "alerted_at",
    "finished_on",
    "closed_on",
    "refused_on",
    "refusal_basis",
    "refusal_opinion",
    "reported_at",
    "decline_decision",
    "decline_reason",
)


def _of_visit(row: Hazard) -> ColumnElement[bool]:
    """Return the condition for the visit's cases; its own is the oldest, a refusal comes later."""
    return (Case.visit_id == row.visit_id) & Case.hazard_id.is_(None)


def _case(session: Session, case_id: UUID | None, otherwise: ColumnElement[bool]) -> Link | None:
    """Return a case by its id, or else the oldest that the condition finds."""
    condition = Case.id == case_id if case_id is not None else otherwise
    case = session.scalar(select(Case).where(condition).order_by(Case.id).limit(1))
    return Link(case.id, case.title or case.number) if case is not None else None


def _notices(session: Session, hazard_id: UUID) -> tuple[NoticeLine, ...]:
    rows = session.execute(
        select(HazardNotice, Document.id, Document.case_id, Document.pdf_sha256)
        .join(HazardNoticeLine, HazardNoticeLine.notice_id == HazardNotice.id)
        .outerjoin(Document, Document.id == HazardNotice.document_id)
        .where(HazardNoticeLine.hazard_id == hazard_id)
        .order_by(HazardNotice.created_at, HazardNotice.id)
        .limit(MOST)
    )
    return tuple(
        NoticeLine(
            row.number,
            row.state,
            row.delivery,
            row.served_at,
            row.received_by,
            row.refused_to_sign,
            row.witness,
            document_id,
            case_id,
            pdf_sha256 is not None,
        )
        for row, document_id, case_id, pdf_sha256 in rows
    )
