"""The pages of incidents: where cases stopped, by number and step, never by what is in them."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from msgspec import Struct
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from store.pages.histories import names_of
from store.pages.keyset import PAGE, before
from store.scope import widened
from store.tables import Case, Incident

OPEN = "open"
COUNTED_AT_MOST = 1000
_ORDER = (Incident.opened_at, Incident.id)


class IncidentRow(Struct, frozen=True):
    """An incident as list and page show it."""

    id: UUID
    case_id: UUID | None
    case_number: str
    process: str
    release_id: UUID | None
    element: str
    kind: str
    message: str
    command: str
    attempts: int
    status: str
    opened_at: datetime
    closed_at: datetime | None
    closed_by: str
    resolution: str


class IncidentPage(Struct, frozen=True):
    """One page of the list, and the key behind which the next one begins."""

    rows: tuple[IncidentRow, ...]
    next: tuple[datetime, UUID] | None


def incidents(
    session: Session,
    *,
    is_open: bool = True,
    kind: str = "",
    element: str = "",
    after: tuple[datetime, UUID] | None = None,
) -> IncidentPage:
    """Return one page, latest first; of one kind, or of one step, if they are given."""
    query = select(Incident).where(Incident.status == OPEN if is_open else Incident.status != OPEN)
    if kind:
        query = query.where(Incident.kind == kind)
    if element:
        query = query.where(Incident.element == element)
    if after is not None:
        query = query.where(before(_ORDER, after))
    query = query.order_by(Incident.opened_at.desc(), Incident.id.desc()).limit(PAGE + 1)
    found = session.scalars(query).all()
    rows = _rows(session, found[:PAGE])
    last = found[PAGE - 1] if len(found) > PAGE else None
    return IncidentPage(rows, (last.opened_at, last.id) if last is not None else None)


def incident_row(session: Session, incident_id: UUID) -> IncidentRow | None:
    """Return one incident."""
    found = session.get(Incident, incident_id)
    return _rows(session, [found])[0] if found is not None else None


def open_incidents(session: Session) -> int:
    """Return how many are open; the count stops at `COUNTED_AT_MOST`."""
    some = select(Incident.id).where(Incident.status == OPEN).limit(COUNTED_AT_MOST).subquery()
    return session.scalar(select(func.count()).select_from(some)) or 0


def open_places(session: Session) -> tuple[tuple[str, str, UUID | None], ...]:
    """Return the kinds and steps at which something is stopped now, with the releases that have the step."""
    query = select(Incident.kind, Incident.element, Case.release_id).distinct()
    query = query.outerjoin(Case, Case.id == Incident.case_id).where(Incident.status == OPEN)
    with widened(session, "where cases with incidents stand"):
        found = session.execute(query.order_by(Incident.kind, Incident.element).limit(COUNTED_AT_MOST))
    return tuple((kind, element, release_id) for kind, element, release_id in found)


def _rows(session: Session, found: Collection[Incident]) -> tuple[IncidentRow, ...]:
    ids = {row.case_id for row in found if row.case_id}
    with widened(session, "the numbers of cases with incidents"):
        cases = {
            row[0]: row
            for row in session.execute(
                select(Case.id, Case.number, Case.process, Case.release_id).where(Case.id.in_(sorted(ids)))
            )
        }
    names = names_of(session, {row.closed_by for row in found if row.closed_by})
    rows = []
    for row in found:
        case = cases.get(row.case_id) if row.case_id else None
        rows.append(
            IncidentRow(
                id=row.id,
                case_id=row.case_id,
                case_number=case[1] if case is not None else "",
                process=case[2] if case is not None else "",
                release_id=case[3] if case is not None else None,
                element=row.element,
                kind=row.kind,
                message=row.message,
                command=str(row.command.get("kind", "")),
                attempts=row.attempts,
                status=row.status,
                opened_at=row.opened_at,
                closed_at=row.closed_at,
                closed_by=names.get(row.closed_by, "") if row.closed_by else "",
                resolution=row.resolution,
            )
        )
    return tuple(rows)
