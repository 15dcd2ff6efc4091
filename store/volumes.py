"""Case files and how long they are kept: what the rows say of each volume's time, and of what holds it (第七条, D2)."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any  # Any: rows of an id and several moments
from uuid import UUID

from msgspec import Struct
from sqlalchemy import ColumnElement, Row, Select, and_, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from rules.retention import Hold, Retention, retention
from rules.working_days import LEGAL_ZONE
from store.tables import (
    Case,
    CaseEvent,
    CaseFile,
    CaseFileItem,
    Complaint,
    Document,
    EvidenceFile,
    FundEntry,
    Hazard,
    ImportRun,
    Policy,
)

RUNNING = ("open", "suspended")
SETTLED = ("closed", "withdrawn")


class KeptFile(Struct, frozen=True):
    """A file that goes with a volume: what it is called, its digest, its size."""

    title: str
    sha256: str
    size: int


def retentions(session: Session, volumes: Sequence[CaseFile]) -> Mapping[UUID, Retention]:
    """Return how long each volume is kept as its records stand, and what holds it.

    Its time counts from the end of the policy, from archiving, and from whatever was added last; it never gets shorter.
    """
    ends: dict[UUID, list[date]] = {one.id: [_day(one.sealed_at)] for one in volumes if one.sealed_at}
    for volume_id, *moments in _last_records(session, [one.id for one in volumes]):
        ends[volume_id] += [_day(moment) for moment in moments if moment is not None]
    terms = _terms(session, {one.policy_id for one in volumes})
    held = _held(session, volumes)
    found = {}
    for one in volumes:
        kept = retention([terms[one.policy_id], *ends[one.id]], held[one.id])
        until = max(kept.retain_until, one.retain_until or kept.retain_until)
        found[one.id] = kept if until == kept.retain_until else _until(kept, one)
    return found


def files_of(session: Session, volume: CaseFile) -> list[KeptFile]:
    """Return the files of a volume: its package, its papers, and what was uploaded for its visit."""
    found = [
        KeptFile(f"{one.title} {one.number}", one.pdf_sha256, one.pdf_size or 0)
        for one in _papers(session, volume)
        if one.pdf_sha256
    ]
    found += [KeptFile(one.name, one.sha256, one.size) for one in _uploads(session, volume)]
    if volume.package_sha256:
        found.insert(0, KeptFile("档案包", volume.package_sha256, volume.package_size or 0))
    return list({one.sha256: one for one in found}.values())


def mark_gone(session: Session, volume: CaseFile, now: datetime) -> None:
    """Note on the volume, its papers and its uploads that their bytes go."""
    volume.disposed_at = now
    for paper in _papers(session, volume):
        paper.disposed_at = now
    for upload in _uploads(session, volume):
        upload.disposed_at = now


def still_named(session: Session, digests: Collection[str]) -> set[str]:
    """Return those of the digests that a row names whose file is to stay."""
    named: set[str] = set()
    for column, *conditions in (
        (EvidenceFile.sha256, EvidenceFile.disposed_at.is_(None)),
        (Document.pdf_sha256, Document.disposed_at.is_(None)),
        (CaseFile.package_sha256, CaseFile.disposed_at.is_(None)),
        (ImportRun.file_sha256,),
        (ImportRun.rejects_sha256,),
    ):
        named.update(
            str(one) for one in session.scalars(select(column).where(column.in_(digests), *conditions))
        )
    return named


def _day(moment: datetime) -> date:
    return moment.astimezone(LEGAL_ZONE).date()


def _until(kept: Retention, volume: CaseFile) -> Retention:
    if volume.retain_until is None or volume.disposable_from is None:
        return kept
    return Retention(volume.retain_until, volume.disposable_from, kept.holds, kept.parameter_row)


def _terms(session: Session, policies: Collection[UUID]) -> dict[UUID, date]:
    query = select(Policy.id, Policy.term_end).where(Policy.id.in_(policies))
    return {policy_id: end for policy_id, end in session.execute(query)}  # noqa: C416  # rows are not tuples to mypy


def _last_records(session: Session, volumes: Collection[UUID]) -> Sequence[Row[*tuple[Any, ...]]]:
    """Return per volume when an entry, a paper, an upload and an event came to it last."""
    entry = _last(CaseFileItem.added_at).where(CaseFileItem.case_file_id == CaseFile.id)
    paper = _last(Document.issued_at).where(
        or_(Document.visit_id == CaseFile.visit_id, Document.case_id == CaseFile.case_id)
    )
    upload = _last(EvidenceFile.uploaded_at).where(
        or_(EvidenceFile.visit_id == CaseFile.visit_id, EvidenceFile.case_id == CaseFile.case_id)
    )
    event = _last(CaseEvent.at).where(CaseEvent.case_id == CaseFile.case_id)
    columns = [query.correlate(CaseFile).scalar_subquery() for query in (entry, paper, upload, event)]
    return session.execute(select(CaseFile.id, *columns).where(CaseFile.id.in_(volumes))).all()


def _last(column: InstrumentedAttribute[datetime]) -> Select[datetime]:
    return select(func.max(column))


def _held(session: Session, volumes: Sequence[CaseFile]) -> dict[UUID, list[Hold]]:
    ids = [one.id for one in volumes]
    held: dict[UUID, list[Hold]] = {
        one.id: [Hold.LEGAL_HOLD] if any(_is_on(hold) for hold in one.holds) else [] for one in volumes
    }
    complaint = and_(
        or_(Complaint.visit_id == CaseFile.visit_id, Complaint.policy_id == CaseFile.policy_id),
        Complaint.state != "closed",
    )
    hazard = and_(Hazard.visit_id == CaseFile.visit_id, Hazard.level == "major", Hazard.state.not_in(SETTLED))
    case = and_(
        or_(Case.visit_id == CaseFile.visit_id, Case.id == CaseFile.case_id), Case.status.in_(RUNNING)
    )
    for hold, model, condition in (
        (Hold.OPEN_COMPLAINT, Complaint, complaint),
        (Hold.OPEN_MAJOR_HAZARD, Hazard, hazard),
        (Hold.OPEN_CASE, Case, case),
    ):
        query = select(CaseFile.id).join(model, condition).where(CaseFile.id.in_(ids)).distinct()
        for volume_id in session.scalars(query):
            held[volume_id].append(hold)
    return held


def _is_on(hold: object) -> bool:
    return isinstance(hold, dict) and hold.get("lifted_on") is None


def _papers(session: Session, volume: CaseFile) -> Sequence[Document]:
    query = select(Document).where(_of(Document, volume)).order_by(Document.issued_at, Document.id)
    return session.scalars(query).all()


def _uploads(session: Session, volume: CaseFile) -> Sequence[EvidenceFile]:
    """Return what was uploaded for a volume, without the vouchers of the fund: they belong to its ledger."""
    query = select(EvidenceFile).where(_of(EvidenceFile, volume))
    vouchers = session.scalars(select(FundEntry.voucher).where(_of(FundEntry, volume)))
    kept = {str(one) for voucher in vouchers for one in voucher}
    rows = session.scalars(query.order_by(EvidenceFile.uploaded_at, EvidenceFile.id))
    return [one for one in rows if str(one.id) not in kept]


def _of(model: type[Document | EvidenceFile | FundEntry], volume: CaseFile) -> ColumnElement[bool]:
    """Return the condition that a row belongs to a volume: to its visit, or else to its case alone."""
    if volume.visit_id is not None:
        return or_(model.visit_id == volume.visit_id, model.case_id == volume.case_id)
    return and_(model.visit_id.is_(None), model.case_id == volume.case_id, model.case_id.is_not(None))
