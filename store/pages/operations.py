"""Cases as the people see them who keep the product running: by number and step, never by what is in them."""

from datetime import datetime
from uuid import UUID

from msgspec import Struct
from sqlalchemy import select
from sqlalchemy.orm import Session

from store.events import data_of
from store.pages.histories import names_of
from store.scope import widened
from store.tables import Case, CaseEvent, Definition, Incident, Release

SHOWN = 50
_STORY = 20
SUSPENDED = "suspended"


class OperatedCase(Struct, frozen=True):
    """A case without its business: which process, which release, how it stands."""

    id: UUID
    number: str
    process: str
    title: str
    release_id: UUID
    release: int
    version: int
    status: str
    opened_at: datetime
    closed_at: datetime | None
    parent: tuple[UUID, str] | None


class Deed(Struct, frozen=True):
    """What somebody did with the case, as a sentence."""

    at: datetime
    text: str


class Suspension(Struct, frozen=True):
    """Since when a case is suspended, by whom and why."""

    at: datetime
    by: str
    reason: str


def found_cases(session: Session, number: str) -> tuple[OperatedCase, ...]:
    """Return the cases whose number begins like this, the latest first; without one, those that are suspended."""
    query = select(Case).order_by(Case.id.desc()).limit(SHOWN)
    wanted = Case.number.startswith(number, autoescape=True) if number else Case.status == SUSPENDED
    with widened(session, "operations staff look for a case by its number"):
        return tuple(_operated(session, case) for case in session.scalars(query.where(wanted)).all())


def operated_case(session: Session, case_id: UUID) -> OperatedCase | None:
    """Return one case."""
    with widened(session, "operations staff look after a case"):
        case = session.get(Case, case_id)
        return _operated(session, case) if case is not None else None


def below(session: Session, case_id: UUID) -> tuple[OperatedCase, ...]:
    """Return the cases that a case has opened, the latest first."""
    query = select(Case).where(Case.parent_case_id == case_id).order_by(Case.id.desc()).limit(SHOWN)
    with widened(session, "operations staff look after a case"):
        return tuple(_operated(session, case) for case in session.scalars(query).all())


def deeds(session: Session, case_id: UUID, kinds: frozenset[str]) -> tuple[Deed, ...]:
    """Return what was done with a case by hand, the latest first."""
    query = select(CaseEvent).where(CaseEvent.case_id == case_id, CaseEvent.kind.in_(sorted(kinds)))
    query = query.order_by(CaseEvent.version.desc(), CaseEvent.n.desc()).limit(_STORY)
    with widened(session, "operations staff look after a case"):
        rows = session.scalars(query).all()
    return tuple(Deed(row.at, str(data_of(row.body).get("text", ""))) for row in rows)


def stopped_at(session: Session, case_id: UUID) -> tuple[UUID, ...]:
    """Return the open incidents of a case, the first one first."""
    query = select(Incident.id).where(Incident.case_id == case_id, Incident.status == "open")
    return tuple(session.scalars(query.order_by(Incident.opened_at, Incident.id).limit(SHOWN)))


def suspension_of(session: Session, case_id: UUID) -> Suspension | None:
    """Return the last suspension of a case that the session may see."""
    query = select(CaseEvent).where(CaseEvent.case_id == case_id, CaseEvent.kind == "case.suspended")
    row = session.scalar(query.order_by(CaseEvent.version.desc()).limit(1))
    if row is None:
        return None
    by = names_of(session, [row.actor_id] if row.actor_id else [])
    return Suspension(row.at, next(iter(by.values()), ""), str(data_of(row.body).get("reason", "")))


def _operated(session: Session, case: Case) -> OperatedCase:
    release = session.get_one(Release, case.release_id)
    title = session.scalar(select(Definition.title).where(Definition.id == release.definition_id))
    parent = session.get(Case, case.parent_case_id) if case.parent_case_id else None
    return OperatedCase(
        id=case.id,
        number=case.number,
        process=case.process,
        title=title or case.process,
        release_id=release.id,
        release=release.number,
        version=case.version,
        status=case.status,
        opened_at=case.opened_at,
        closed_at=case.closed_at,
        parent=(parent.id, parent.number) if parent is not None else None,
    )
