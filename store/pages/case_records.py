"""What a case holds beside its steps: papers, files, hazards, facts of the visit, reasons of the quota."""

from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID

from msgspec import Struct
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from store.quota import latest_snapshot, required_in_all
from store.tables import (
    CaseFile,
    Document,
    EvidenceFile,
    Hazard,
    Person,
    PlannedVisit,
    Visit,
    VisitMember,
)

MOST = 100
FILES_SHOWN = 12
FILES_AT_MOST = 500


class PaperLine(Struct, frozen=True):
    """A numbered paper; without `pdf_sha256` it is still being printed."""

    id: UUID
    number: str
    title: str
    template: str
    issued_at: datetime
    pdf_sha256: str | None
    is_void: bool


class FileLine(Struct, frozen=True):
    """An uploaded file."""

    id: UUID
    name: str
    sha256: str
    is_picture: bool
    uploaded_at: datetime


class HazardLine(Struct, frozen=True):
    """A hazard as a card shows it."""

    id: UUID
    number: str
    place: str
    description: str
    level: str
    state: str
    deadline: date
    closed_on: date | None
    photo: str


class VisitFacts(Struct, frozen=True):
    """What stands in the record of a visit."""

    planned_on: date | None
    team: tuple[str, ...]
    items: tuple[str, ...]
    arrived_at: datetime | None
    left_at: datetime | None
    completed_on: date | None
    place: str
    findings: int
    source: str
    reason: str


class QuotaFacts(Struct, frozen=True):
    """How many visits are owed and why, with what is planned."""

    required: int
    reasons: tuple[str, ...]
    rows: tuple[str, ...]
    planned: int
    opened: int
    computed_at: datetime


class ArchiveFacts(Struct, frozen=True):
    """The closed volume of a visit: its package and the head of the chain that it was sealed with."""

    number: str
    sealed_at: datetime | None
    retain_until: date | None
    chain_head: str | None
    package_sha256: str | None
    package_size: int
    volume_id: UUID
    disposed_at: datetime | None
    """When it was disposed of, with the papers and uploads of the visit."""


def papers_of(session: Session, case_id: UUID) -> list[PaperLine]:
    """Return the case's papers, newest first."""
    query = (
        select(Document).where(Document.case_id == case_id).order_by(Document.issued_at.desc()).limit(MOST)
    )
    return [
        PaperLine(
            row.id,
            row.number,
            row.title,
            row.template,
            row.issued_at,
            row.pdf_sha256,
            bool(row.void_reason),
        )
        for row in session.scalars(query)
    ]


def paper(session: Session, case_id: UUID, document_id: UUID) -> PaperLine | None:
    """Return one paper of a case."""
    return next((line for line in papers_of(session, case_id) if line.id == document_id), None)


def files_of(session: Session, case_id: UUID, *, all_of_them: bool) -> tuple[list[FileLine], int]:
    """Return the newest files of the case that the person may see, and how many there are.

    Asked for all, it still stops at `FILES_AT_MOST`: the archive package holds every one.
    """
    of_case = EvidenceFile.case_id == case_id
    query = select(EvidenceFile).where(of_case).order_by(EvidenceFile.uploaded_at.desc(), EvidenceFile.id)
    lines = [
        FileLine(row.id, row.name, row.sha256, row.media_type.startswith("image/"), row.uploaded_at)
        for row in session.scalars(query.limit(FILES_AT_MOST if all_of_them else FILES_SHOWN))
    ]
    count = session.scalar(select(func.count()).select_from(EvidenceFile).where(of_case)) or 0
    return lines, count


def hazards_of_visit(session: Session, visit_id: UUID) -> list[HazardLine]:
    """Return the hazards that a visit found, in the order of its record."""
    query = select(Hazard).where(Hazard.visit_id == visit_id).order_by(Hazard.position, Hazard.id).limit(MOST)
    return [hazard_line(row) for row in session.scalars(query)]


def hazard_line(row: Hazard) -> HazardLine:
    """Return a hazard as a card shows it."""
    photos = [str(photo) for photo in row.photos_before]
    return HazardLine(
        row.id,
        row.number,
        row.place,
        row.description,
        row.level,
        row.state,
        row.deadline,
        row.closed_on,
        photos[0] if photos else "",
    )


def visit_facts(session: Session, visit_id: UUID) -> VisitFacts | None:
    """Return what stands in the record of a visit."""
    visit = session.get(Visit, visit_id)
    if visit is None:
        return None
    team = session.scalars(
        select(Person.name)
        .join(VisitMember, VisitMember.person_id == Person.id)
        .where(VisitMember.visit_id == visit_id, VisitMember.removed_at.is_(None))
        .order_by(VisitMember.is_lead.desc(), Person.name)
        .limit(MOST)
    )
    return VisitFacts(
        visit.planned_on,
        tuple(team),
        tuple(str(item) for item in visit.items),
        visit.arrived_at,
        visit.left_at,
        visit.completed_on,
        visit.place,
        visit.findings,
        visit.source,
        visit.reason,
    )


def quota_facts(session: Session, policy_id: UUID) -> QuotaFacts | None:
    """Return how many visits a policy is owed and why."""
    row = latest_snapshot(session, policy_id)
    if row is None:
        return None
    counts = session.execute(
        select(PlannedVisit.state, func.count())
        .where(PlannedVisit.policy_id == policy_id)
        .group_by(PlannedVisit.state)
    )
    by_state = {state: count for state, count in counts}  # noqa: C416  # rows are not tuples to mypy
    reasons = [str(reason["text"]) for reason in row.reasons if isinstance(reason, dict)]
    return QuotaFacts(
        required_in_all(row),
        tuple(reasons),
        tuple(str(name) for name in row.parameter_rows),
        by_state.get("planned", 0),
        by_state.get("opened", 0),
        row.computed_at,
    )


def archive_of(session: Session, case_id: UUID) -> ArchiveFacts | None:
    """Return the volume that this case closed."""
    row = session.scalar(
        select(CaseFile).where(CaseFile.case_id == case_id, CaseFile.visit_id.is_not(None)).limit(1)
    )
    if row is None:
        return None
    return ArchiveFacts(
        row.number,
        row.sealed_at,
        row.retain_until,
        row.chain_head,
        row.package_sha256,
        row.package_size or 0,
        row.id,
        row.disposed_at,
    )


def names_by_id(session: Session, ids: Collection[UUID]) -> dict[str, str]:
    """Return people's names by id, for answers that name them."""
    rows = session.execute(select(Person.id, Person.name).where(Person.id.in_(ids)).limit(MOST))
    return {str(id_): name for id_, name in rows}
