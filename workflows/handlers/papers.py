"""Jobs that print papers and build archive packages, outside the business transaction."""

import tempfile
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from uuid import UUID

from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session

from documents.fonts.coverage import FontSet
from documents.render import render_pdf
from store.scope import Scope
from store.tables import Case, CaseFile, CaseFileItem, Document, EvidenceFile, Visit
from workflows import packages
from workflows.advance import new_act
from workflows.archive_cover import COVER, cover_of
from workflows.errors import NotFoundError
from workflows.people import SYSTEM
from workflows.runtime import Runtime
from workflows.subjects import existing
from workflows.template_choice import chosen_digest
from workflows.template_releases import source_of

_REASON = "a paper is printed"
_FILE = "file:"


def render_document(runtime: Runtime, document_id: UUID) -> str:
    """Print a paper, keep the file under its digest, write the digest to the row; returns the digest."""
    with runtime.database.read(Scope.everything(_REASON)) as session:
        document = existing(session, Document, document_id)
        if document.pdf_sha256:
            return document.pdf_sha256
        content = _with_pictures(runtime, session, document.content)
        template, case = document.template, session.get(Case, document.case_id) if document.case_id else None
        pinned_by = case.release_id if case is not None else None
        used = source_of(session, template, pinned_by, document.template_sha256, document.issued_at)
    pdf = render_pdf(template, content, FontSet.find(runtime.font_dir), used)  # type: ignore[arg-type]  # a mapping
    digest, size = runtime.files.put(BytesIO(pdf))
    now = runtime.now()
    with runtime.database.write(Scope.everything(_REASON), now=now) as session:
        session.execute(
            update(Document)
            .where(Document.id == document_id)
            .values(pdf_sha256=digest, pdf_size=size, rendered_at=now, state="rendered")
        )
        session.execute(
            update(CaseFileItem)
            .where(CaseFileItem.document_id == document_id, CaseFileItem.case_file_id.in_(_open_files()))
            .values(sha256=digest)
            .execution_options(synchronize_session=False)
        )
    return digest


def _open_files() -> Select[UUID]:
    """Return the files that are not sealed; the index of a sealed one never changes."""
    return select(CaseFile.id).where(CaseFile.state != "sealed")


def _with_pictures(runtime: Runtime, session: Session, value: object) -> object:
    """Put the bytes of uploaded files where the content names them by id."""
    if isinstance(value, Mapping):
        return {key: _with_pictures(runtime, session, entry) for key, entry in value.items()}
    if isinstance(value, list):
        return [_with_pictures(runtime, session, entry) for entry in value]
    if isinstance(value, str) and value.startswith(_FILE):
        row = session.get(EvidenceFile, UUID(value.removeprefix(_FILE)))
        if row is None or not row.media_type.startswith("image/"):
            return None
        return runtime.files.path(row.sha256).read_bytes()
    return value


def seal_package(runtime: Runtime, case_file_id: UUID) -> str:
    """Build the archive package of a sealed file; return the digest, which is written to its row.

    Raises: UnfinishedPaperError while a paper is not printed; the job comes again.
    """
    now = runtime.now()
    with runtime.database.read(Scope.everything(_REASON)) as session, _folder() as scratch:
        file = existing(session, CaseFile, case_file_id)
        if file.package_sha256:
            return file.package_sha256
        if file.case_id is None or file.visit_id is None:
            raise NotFoundError(kind="visit", id=str(case_file_id))
        act = new_act(runtime, session, existing(session, Case, file.case_id), SYSTEM, now)
        visit = existing(session, Visit, file.visit_id)
        pieces = list(packages.pieces_of(act, file, visit))
        content = _with_pictures(runtime, session, cover_of(act, file, visit, pieces))
        digest = chosen_digest(session, COVER, act.case.release_id)
        used = source_of(session, COVER, act.case.release_id, digest, now)
        cover = render_pdf(COVER, content, FontSet.find(runtime.font_dir), used)  # type: ignore[arg-type]  # a mapping
        made = packages.build(act, file, pieces, cover, Path(scratch))
        with made.path.open("rb") as stream:
            digest, size = runtime.files.put(stream)
    with runtime.database.write(Scope.everything(_REASON), now=now) as session:
        file = existing(session, CaseFile, case_file_id)
        file.package_sha256, file.package_size, file.packaged_at = digest, size, now
        file.state, file.chain_head = "sealed", made.head
    return digest


def _folder() -> "tempfile.TemporaryDirectory[str]":
    return tempfile.TemporaryDirectory(prefix="weiran-package-")
