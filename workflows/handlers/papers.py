"""Jobs that print papers and build archive packages, outside the business transaction."""

from io import BytesIO
from uuid import UUID

from sqlalchemy import update

from documents.fonts import FontSet
from documents.render import render_pdf
from store.events import EventDraft
from store.scope import Scope
from store.tables import CaseFile, CaseFileItem, Document
from workflows.advance import lock_case, new_act, note
from workflows.errors import NotFoundError
from workflows.packages import package_of
from workflows.people import SYSTEM
from workflows.runtime import Runtime

_REASON = "a paper is printed"


def render_document(runtime: Runtime, document_id: UUID) -> str:
    """Print a paper, keep the file under its digest, write the digest to the row; returns the digest."""
    with runtime.database.read(Scope.everything(_REASON)) as session:
        document = session.get(Document, document_id)
        if document is None:
            raise NotFoundError(kind="document", id=str(document_id))
        if document.pdf_sha256:
            return document.pdf_sha256
        template, content = document.template, document.content
    pdf = render_pdf(template, content, FontSet.find(runtime.font_dirs))
    digest, size = runtime.files.put(BytesIO(pdf))
    now = runtime.now()
    with runtime.database.write(Scope.everything(_REASON), now=now) as session:
        session.execute(
            update(Document)
            .where(Document.id == document_id)
            .values(pdf_sha256=digest, pdf_size=size, rendered_at=now, state="rendered")
        )
        session.execute(
            update(CaseFileItem).where(CaseFileItem.document_id == document_id).values(sha256=digest)
        )
    return digest


def seal_package(runtime: Runtime, case_file_id: UUID) -> str:
    """Build the archive package of a sealed file; return its digest, which becomes an event."""
    with runtime.database.read(Scope.everything(_REASON)) as session:
        file = session.get(CaseFile, case_file_id)
        if file is None:
            raise NotFoundError(kind="case_file", id=str(case_file_id))
        if file.package_sha256:
            return file.package_sha256
        package = package_of(runtime, session, file)
    with package.open("rb") as stream:
        digest, size = runtime.files.put(stream)
    now = runtime.now()
    with runtime.database.write(Scope.everything(_REASON), now=now) as session:
        file = session.get(CaseFile, case_file_id)
        if file is None or file.case_id is None:
            raise NotFoundError(kind="case_file", id=str(case_file_id))
        file.package_sha256, file.package_size, file.packaged_at = digest, size, now
        case = lock_case(session, file.case_id)
        act = new_act(runtime, session, case, SYSTEM, now)
        text = f"档案包已封装，摘要 {digest[:12]}…"
        note(act, EventDraft("package.sealed", None, {"text": text, "sha256": digest, "size": size}))
    return digest
