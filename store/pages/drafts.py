"""The drafts of processes: who holds which, since when, on which release it rests."""

from datetime import date, datetime
from uuid import UUID

from msgspec import Struct
from sqlalchemy import Select, select
from sqlalchemy.orm import Session, aliased

from store.scope import widened
from store.tables import Definition, Draft, Person, Release

SHOWN = 100
LIVING = ("open", "proposed")


class DraftRow(Struct, frozen=True):
    """A draft as the lists name it; `holder` is empty for one that nobody holds."""

    id: UUID
    process: str
    title: str
    base: int | None
    holder_id: UUID | None
    holder: str
    origin: str
    version: int
    saved_at: datetime
    status: str
    note: str
    effective_on: date | None
    proposed_by: UUID | None
    proposer: str
    proposed_at: datetime | None


def drafts_of(session: Session, process: str | None = None) -> tuple[DraftRow, ...]:
    """Return the drafts that are being changed or wait for approval, of one process or of all, the last saved first."""
    query = _rows().where(Draft.status.in_(LIVING)).order_by(Draft.saved_at.desc(), Draft.id).limit(SHOWN)
    if process is not None:
        query = query.where(Definition.key == process)
    with widened(session, "the names of those who hold drafts"):
        return tuple(_row(*row) for row in session.execute(query))


def draft_row(session: Session, draft_id: UUID) -> DraftRow | None:
    """Return one draft, None if there is none or it was thrown away."""
    query = _rows().where(Draft.id == draft_id, Draft.status != "discarded")
    with widened(session, "the names of those who hold drafts"):
        found = session.execute(query).one_or_none()
    return None if found is None else _row(*found)


_HOLDER, _PROPOSER = aliased(Person), aliased(Person)


def _rows() -> Select[Draft, Definition, int, str, str]:
    return (
        select(Draft, Definition, Release.number, _HOLDER.name, _PROPOSER.name)
        .join(Definition, Definition.id == Draft.definition_id)
        .outerjoin(Release, Release.id == Draft.base_release_id)
        .outerjoin(_HOLDER, _HOLDER.id == Draft.holder_id)
        .outerjoin(_PROPOSER, _PROPOSER.id == Draft.proposed_by)
    )


def _row(
    draft: Draft, definition: Definition, base: int | None, holder: str | None, proposer: str | None
) -> DraftRow:
    return DraftRow(
        id=draft.id,
        process=definition.key,
        title=definition.title,
        base=base,
        holder_id=draft.holder_id,
        holder=holder or "",
        origin=draft.origin,
        version=draft.version,
        saved_at=draft.saved_at,
        status=draft.status,
        note=draft.note,
        effective_on=draft.effective_on,
        proposed_by=draft.proposed_by,
        proposer=proposer or "",
        proposed_at=draft.proposed_at,
    )
