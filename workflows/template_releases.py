"""The texts of templates by the digest that a paper keeps from its issue on."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from documents.sources import FRAME, Source, shipped_source
from store.tables import TemplateRelease
from workflows.bundles import digest_of
from workflows.pinned import artefact, manifest_of
from workflows.template_choice import PUBLISHED


def shipped_digest(template: str) -> str:
    """Return the SHA-256 of a template as it comes with the product."""
    return digest_of(shipped_source(template).text.encode())


def source_of(
    session: Session, template: str, release_id: UUID | None, sha256: str | None, at: datetime
) -> Source:
    """Return the template that was chosen at that moment by its digest, with the frame that belongs to it."""
    if sha256 is None:
        return shipped_source(template)
    own = {"template": template, "sha256": sha256, "at": at}
    if found := session.execute(_BY_DIGEST, own).one_or_none():
        return Source(found.source, found.frame)
    frame = manifest_of(session, release_id)[f"templates/{FRAME}"] if release_id else ""
    return Source(artefact(session, sha256).decode(), artefact(session, str(frame)).decode())


_BY_DIGEST = (
    select(TemplateRelease.source, TemplateRelease.frame)
    .where(
        TemplateRelease.template == bindparam("template"),
        TemplateRelease.sha256 == bindparam("sha256"),
        TemplateRelease.state == PUBLISHED,
        TemplateRelease.published_at <= bindparam("at"),
    )
    .order_by(TemplateRelease.number.desc())
    .limit(1)
)
