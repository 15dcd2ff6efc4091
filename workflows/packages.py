"""The archive package of a closed visit, gathered from its case (第七、十九条)."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Literal
from uuid import UUID

from sqlalchemy import select

from documents.package import build_package
from documents.package_content import EventLine, PackageContent, PackageResult, Piece
from documents.page_count import page_count
from store.errors import NotYetError
from store.events import EventDraft, data_of
from store.scope import Scope
from store.tables import (
    CaseEvent,
    CaseFile,
    Document,
    EvidenceFile,
    Organization,
    Policy,
    Release,
    Visit,
)
from store.types import canonical
from workflows.acts import Act
from workflows.advance import lock_case, new_act, note
from workflows.archive_cover import SEALED
from workflows.people import SYSTEM
from workflows.pinned import artefact
from workflows.reading import found
from workflows.runtime import Runtime, legal_day
from workflows.subjects import existing

_TITLES: Mapping[Literal["diagrams", "forms", "decisions"], str] = {
    "diagrams": "流程图",
    "forms": "表单",
    "decisions": "决策表",
}
_PDF = "application/pdf"
_ENDINGS = {"image/jpeg": ".jpg", "image/png": ".png", "image/webp": ".webp", _PDF: ".pdf"}


class UnfinishedPaperError(NotYetError):
    """A paper of the case is not printed yet; the job tries again later."""


def build(act: Act, file: CaseFile, pieces: Sequence[Piece], cover: bytes, target: Path) -> PackageResult:
    """Build the package; its closing event is appended to the case's chain and stands inside it.

    The event is committed by itself, so that no writer waits while files are copied and packed.
    """
    case = act.case
    policy = existing(act.session, Policy, file.policy_id)
    unit = existing(act.session, Organization, case.policyholder_id)

    content = PackageContent(
        number=file.number,
        case_id=str(case.id),
        title=file.title or case.title,
        provider=_name(act, case.org_id),
        insurer=_name(act, case.insurer_id),
        policyholder=unit.name,
        uscc=unit.uscc or "",
        policy_number=policy.number,
        period_start=policy.term_start,
        period_end=policy.term_end,
        sealed_at=file.sealed_at or act.now,
        confirmed_by=unit.name,
        retain_until=file.retain_until or legal_day(act.now),
        record_pdf=cover,
        record_pages=page_count(cover),
        pieces=tuple(pieces),
        close_chain=lambda digests: _close_chain(act.runtime, case.id, digests),
        signing_key=_signing_key(act.runtime),
    )
    return build_package(content, target)


def _signing_key(runtime: Runtime) -> bytes:
    """Return the installation's key. Raises: RuntimeError where nobody gave one: anybody could forge a package."""
    if runtime.signing_key is None:
        raise RuntimeError("an archive package needs a signing key")
    return runtime.signing_key


def _name(act: Act, organization_id: object) -> str:
    row = found(act, Organization, organization_id)
    return row.name if row is not None else ""


def _close_chain(runtime: Runtime, case_id: UUID, digests: Mapping[str, str]) -> Sequence[EventLine]:
    """Append the closing event, unless an earlier attempt left it; return the whole chain."""
    now = runtime.now()
    with runtime.database.write(Scope.everything("an archive package is sealed"), now=now) as session:
        act = new_act(runtime, session, lock_case(session, case_id), SYSTEM, now)
        if _sealed_files(act) != digests:
            text = f"档案包封装，{len(digests)} 个文件"
            note(act, EventDraft(SEALED, None, {"text": text, "package_files": dict(digests)}))
            session.flush()
        return list(_chain(act))


def _sealed_files(act: Act) -> object:
    """Return the files that the newest closing event names."""
    newest = act.session.scalar(
        select(CaseEvent.body)
        .where(CaseEvent.case_id == act.case.id, CaseEvent.kind == SEALED)
        .order_by(CaseEvent.version.desc(), CaseEvent.n.desc())
        .limit(1)
    )
    return data_of(newest)["package_files"] if newest is not None else None


def _chain(act: Act) -> Iterator[EventLine]:
    rows = act.session.scalars(
        select(CaseEvent).where(CaseEvent.case_id == act.case.id).order_by(CaseEvent.version, CaseEvent.n)
    )
    for row in rows:
        yield EventLine(alg=row.alg, prev_hash=row.prev_hash, body=row.body, hash=row.hash)


def pieces_of(act: Act, file: CaseFile, visit: Visit) -> Iterator[Piece]:
    """Yield what goes into the package: what there was when the file was closed, however late it is built.

    What comes after that is a supplement. Raises: UnfinishedPaperError while a paper of it is not printed.
    """
    closed_at = file.sealed_at or act.now
    yield from _papers(act, visit, closed_at)
    yield from _uploads(act, closed_at)
    yield from _answers(act, closed_at)
    yield from _release(act)


def _papers(act: Act, visit: Visit, closed_at: datetime) -> Iterator[Piece]:
    rows = act.session.scalars(
        select(Document)
        .where(Document.visit_id == visit.id, Document.issued_at <= closed_at)
        .order_by(Document.issued_at, Document.id)
    )
    for row in rows:
        if row.pdf_sha256 is None:
            raise UnfinishedPaperError(row.number)
        yield Piece(
            "papers",
            f"{row.number}.pdf",
            f"{row.title} {row.number}" + ("（已作废）" if row.void_reason else ""),
            act.runtime.files.path(row.pdf_sha256),
            on=legal_day(row.issued_at),
            pages=page_count(act.runtime.files.path(row.pdf_sha256)),
            sha256=row.pdf_sha256,
        )


def _uploads(act: Act, closed_at: datetime) -> Iterator[Piece]:
    rows = act.session.scalars(
        select(EvidenceFile)
        .where(EvidenceFile.case_id == act.case.id, EvidenceFile.uploaded_at <= closed_at)
        .order_by(EvidenceFile.uploaded_at, EvidenceFile.id)
    )
    seen: set[str] = set()
    for row in rows:
        if row.sha256 in seen:
            continue
        seen.add(row.sha256)
        path, ending = act.runtime.files.path(row.sha256), _ENDINGS.get(row.media_type, "")
        yield Piece(
            "photos",
            f"{row.sha256}{ending}",
            row.name,
            path,
            on=legal_day(row.uploaded_at),
            pages=_pages(row.media_type, path),
            sha256=row.sha256,
        )


def _pages(media_type: str, path: Path) -> int | None:
    if media_type.startswith("image/"):
        return 1
    return page_count(path) if media_type == _PDF else None


def _answers(act: Act, closed_at: datetime) -> Iterator[Piece]:
    rows = act.session.scalars(
        select(CaseEvent)
        .where(
            CaseEvent.case_id == act.case.id, CaseEvent.kind == "step.completed", CaseEvent.at <= closed_at
        )
        .order_by(CaseEvent.version, CaseEvent.n)
    )
    for row in rows:
        body = canonical(data_of(row.body))
        name = f"{row.version:04d}-{row.element}.json"
        yield Piece("answers", name, f"答卷 {row.element}", body, on=legal_day(row.at))


def _release(act: Act) -> Iterator[Piece]:
    release = existing(act.session, Release, act.case.release_id)
    for folder, title in _TITLES.items():
        for name, digest in sorted(release.manifest.items()):
            if name.startswith(f"{folder}/"):
                file_name = name.removeprefix(f"{folder}/")
                yield Piece(folder, file_name, f"{title} {file_name}", artefact(act.session, str(digest)))
