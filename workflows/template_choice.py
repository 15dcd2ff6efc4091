"""Which template prints a paper that is issued now: decision 0021."""

from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from store.tables import TemplateRelease
from workflows.pinned import manifest_of

PUBLISHED = "published"


def chosen_digest(session: Session, template: str, release_id: UUID | None) -> str | None:
    """Return the digest of the newest release of a template, else of what the case's release pins; None = shipped."""
    if newest := session.scalar(_NEWEST, {"template": template}):
        return newest
    pinned = manifest_of(session, release_id).get(f"templates/{template}.typ") if release_id else None
    return None if pinned is None else str(pinned)


_NEWEST = (
    select(TemplateRelease.sha256)
    .where(TemplateRelease.template == bindparam("template"), TemplateRelease.state == PUBLISHED)
    .order_by(TemplateRelease.number.desc())
    .limit(1)
)
