"""The templates of papers as the pages of the studio show them: what is in use, what is drafted, what was before."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from msgspec import Struct
from sqlalchemy import select
from sqlalchemy.orm import Session, defer

from store.pages.histories import names_of
from store.tables import TemplateRelease

SHOWN = 50
PUBLISHED = "published"


class TemplateRow(Struct, frozen=True):
    """A release, or what is to become one; `version` tells two savings of a draft apart."""

    id: UUID
    template: str
    number: int | None
    state: str
    sha256: str
    base_sha256: str
    note: str
    answer: str
    saver: str
    saved_at: datetime
    proposed_by: UUID | None
    proposer: str
    publisher: str
    published_at: datetime | None
    version: int


class TemplateText(Struct, frozen=True):
    """What a template says, and the frame that belongs to it."""

    row: TemplateRow
    source: str
    frame: str


def templates_in_work(session: Session) -> tuple[Mapping[str, TemplateRow], Mapping[str, TemplateRow]]:
    """Return the newest release of each template, and what is drafted or proposed; none where there is none."""
    rows = _rows(session, *session.scalars(_LIGHT.order_by(TemplateRelease.number)).all())
    newest = {row.template: row for row in rows if row.state == PUBLISHED}
    return newest, {row.template: row for row in rows if row.state != PUBLISHED}


def releases_of_template(session: Session, template: str) -> tuple[TemplateRow, ...]:
    """Return the releases of a template, newest first."""
    query = _LIGHT.where(TemplateRelease.template == template, TemplateRelease.state == PUBLISHED)
    return _rows(session, *session.scalars(query.order_by(TemplateRelease.number.desc()).limit(SHOWN)).all())


def open_text(session: Session, template: str) -> TemplateText | None:
    """Return what is drafted or proposed for a template."""
    query = select(TemplateRelease).where(
        TemplateRelease.template == template, TemplateRelease.state != PUBLISHED
    )
    return _text(session, session.scalar(query))


def release_text(session: Session, template: str, release_id: UUID) -> TemplateText | None:
    """Return a release of a template."""
    query = select(TemplateRelease).where(
        TemplateRelease.id == release_id,
        TemplateRelease.template == template,
        TemplateRelease.state == PUBLISHED,
    )
    return _text(session, session.scalar(query))


_LIGHT = select(TemplateRelease).options(defer(TemplateRelease.source), defer(TemplateRelease.frame))


def _text(session: Session, found: TemplateRelease | None) -> TemplateText | None:
    if found is None:
        return None
    (row,) = _rows(session, found)
    return TemplateText(row, found.source, found.frame)


def _rows(session: Session, *found: TemplateRelease) -> tuple[TemplateRow, ...]:
    people = {one for row in found for one in (row.saved_by, row.proposed_by, row.published_by) if one}
    names = names_of(session, people)

    def name(person: UUID | None) -> str:
        return names.get(person, "") if person else ""

    return tuple(
        TemplateRow(
            **{field: getattr(row, field) for field in _SAME},
            saver=name(row.saved_by),
            proposer=name(row.proposed_by),
            publisher=name(row.published_by),
            version=row.row_version,
        )
        for row in found
    )


_SAME = (
    *("id", "template", "number", "state", "sha256", "base_sha256", "note", "answer"),
    *("saved_at", "proposed_by", "published_at"),
)
