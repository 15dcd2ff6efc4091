"""One case: whose it is, what was done in it, what it owes and what it holds."""

from datetime import date, datetime
from uuid import UUID

from msgspec import Struct
from sqlalchemy import and_, func, or_, select, tuple_
from sqlalchemy.orm import Session

from store.events import data_of
from store.tables import (
    Case,
    CaseEvent,
    Deadline,
    Hazard,
    Incident,
    Organization,
    Person,
    Policy,
    Region,
    Release,
    WorkItem,
)
from store.types import JsonObject

EVENTS_PAGE = 30
MOST = 200
HEARD_AT_MOST = 3000


class CaseLink(Struct, frozen=True):
    """Another case that belongs to this one."""

    id: UUID
    number: str
    title: str
    process: str
    status: str


class CaseFacts(Struct, frozen=True):
    """Whose a case is and what it is about."""

    id: UUID
    number: str
    title: str
    process: str
    release_id: UUID
    release_number: int
    manifest: JsonObject
    status: str
    end_event: str | None
    opened_at: datetime
    closed_at: datetime | None
    version: int
    event_count: int
    head_hash: str
    org_id: UUID
    insurer_id: UUID | None
    policyholder_id: UUID | None
    industry: str
    unit: str
    insurer: str
    provider: str
    district: str
    policy_id: UUID | None
    policy_number: str
    term: tuple[date, date] | None
    visit_id: UUID | None
    hazard_id: UUID | None
    parent: CaseLink | None
    children: tuple[CaseLink, ...]


class StepRun(Struct, frozen=True):
    """One time that a step was opened: done by whom and when, or still waiting, or void."""

    id: UUID
    step: str
    title: str
    role: str
    status: int
    round: int
    person: str
    done_at: datetime | None


class EventLine(Struct, frozen=True):
    """One event of the chain, with the data that it tells."""

    version: int
    n: int
    kind: str
    element: str | None
    actor: str
    at: datetime
    data: JsonObject


class DeadlineLine(Struct, frozen=True):
    """A deadline with its ground: from which day, by which row of the parameters, whether it was met."""

    kind: str
    anchor: date
    due: date
    provisional: bool
    parameter_row: str
    statutory: bool
    working_days: bool
    met_on: date | None


def case_facts(session: Session, case_id: UUID) -> CaseFacts | None:
    """Return the case if the person may see it."""
    case = session.get(Case, case_id)
    if case is None:
        return None
    names = _names(session, case)
    policy = session.get(Policy, case.policy_id) if case.policy_id else None
    release = session.get_one(Release, case.release_id)
    region = session.get(Region, case.region_code) if case.region_code else None
    parent = session.get(Case, case.parent_case_id) if case.parent_case_id else None
    return CaseFacts(
        id=case.id,
        number=case.number,
        title=case.title,
        process=case.process,
        release_id=case.release_id,
        release_number=release.number,
        manifest=release.manifest,
        status=case.status,
        end_event=case.end_event,
        opened_at=case.opened_at,
        closed_at=case.closed_at,
        version=case.version,
        event_count=case.event_count,
        head_hash=case.head_hash,
        org_id=case.org_id,
        insurer_id=case.insurer_id,
        policyholder_id=case.policyholder_id,
        industry=case.industry or "none",
        unit=names.get(case.policyholder_id, ""),
        insurer=names.get(case.insurer_id, ""),
        provider=names.get(case.org_id, ""),
        district=region.name if region is not None else "",
        policy_id=policy.id if policy is not None else None,
        policy_number=policy.number if policy is not None else "",
        term=(policy.term_start, policy.term_end) if policy is not None else None,
        visit_id=case.visit_id,
        hazard_id=case.hazard_id,
        parent=_link(parent) if parent is not None else None,
        children=_children(session, case_id),
    )


def step_runs(session: Session, case_id: UUID) -> list[StepRun]:
    """Return what was and is to be done by people, oldest first; of a long case the latest."""
    rows = session.execute(
        select(WorkItem, Person.name)
        .outerjoin(Person, Person.id == WorkItem.done_by)
        .where(WorkItem.case_id == case_id)
        .order_by(WorkItem.opened_at.desc(), WorkItem.id.desc())
        .limit(MOST)
    )
    runs = [
        StepRun(
            item.id, item.step, item.title, item.role, item.status, item.round, person or "", item.done_at
        )
        for item, person in rows
    ]
    return runs[::-1]


def heard_events(session: Session, case_id: UUID) -> list[EventLine]:
    """Return the case's events that name an element, oldest first."""
    newest = (
        select(CaseEvent, Person.name)
        .outerjoin(Person, Person.id == CaseEvent.actor_id)
        .where(CaseEvent.case_id == case_id, CaseEvent.element.is_not(None), CaseEvent.element != "")
        .order_by(CaseEvent.version.desc(), CaseEvent.n.desc())
        .limit(HEARD_AT_MOST)
    )
    return [_event(event, name) for event, name in session.execute(newest)][::-1]


def heard_elements(session: Session, case_id: UUID) -> list[str]:
    """Return the elements that the case's events name, oldest first."""
    newest = (
        select(CaseEvent.element)
        .where(CaseEvent.case_id == case_id, CaseEvent.element.is_not(None))
        .order_by(CaseEvent.version.desc(), CaseEvent.n.desc())
        .limit(HEARD_AT_MOST)
    )
    return [element for element in session.scalars(newest) if element][::-1]


def event_page(
    session: Session, case_id: UUID, before: tuple[int, int] | None = None
) -> tuple[list[EventLine], tuple[int, int] | None]:
    """Return one page of the case's events, newest first, and where the next one starts."""
    statement = (
        select(CaseEvent, Person.name)
        .outerjoin(Person, Person.id == CaseEvent.actor_id)
        .where(CaseEvent.case_id == case_id)
    )
    if before is not None:
        version, n = before
        earlier = and_(CaseEvent.version == version, CaseEvent.n < n)
        statement = statement.where(or_(CaseEvent.version < version, earlier))
    order = (CaseEvent.version.desc(), CaseEvent.n.desc())
    rows = session.execute(statement.order_by(*order).limit(EVENTS_PAGE + 1)).all()
    lines = [_event(row, person) for row, person in rows[:EVENTS_PAGE]]
    last = lines[-1] if len(rows) > EVENTS_PAGE else None
    return lines, (last.version, last.n) if last is not None else None


def event_of(session: Session, case_id: UUID, version: int, n: int) -> EventLine | None:
    """Return one event of a case that the person may see."""
    row = session.execute(
        select(CaseEvent, Person.name)
        .outerjoin(Person, Person.id == CaseEvent.actor_id)
        .where(CaseEvent.case_id == case_id, tuple_(CaseEvent.version, CaseEvent.n) == (version, n))
    ).one_or_none()
    return _event(row[0], row[1]) if row is not None else None


def deadlines_of(session: Session, case_id: UUID) -> list[DeadlineLine]:
    """Return the case's deadlines by day; of one kind that was set anew, the newest."""
    rows = session.scalars(
        select(Deadline).where(Deadline.case_id == case_id).order_by(Deadline.set_at, Deadline.id).limit(MOST)
    )
    newest = {row.kind: row for row in rows}
    return [
        DeadlineLine(
            row.kind,
            row.anchor,
            row.due,
            row.provisional,
            row.parameter_row,
            row.statutory,
            row.working_days,
            row.met_on,
        )
        for row in sorted(newest.values(), key=lambda row: (row.due, row.kind))
    ]


def incidents_of(session: Session, case_id: UUID) -> list[str]:
    """Return what holds the case up, in words."""
    query = select(Incident.message).where(Incident.case_id == case_id, Incident.status == "open")
    return list(session.scalars(query.order_by(Incident.opened_at).limit(20)))


def hazard_count(session: Session, visit_id: UUID) -> int:
    """Return how many hazards a visit found."""
    return session.scalar(select(func.count()).select_from(Hazard).where(Hazard.visit_id == visit_id)) or 0


def _names(session: Session, case: Case) -> dict[UUID | None, str]:
    ids = [id_ for id_ in (case.org_id, case.insurer_id, case.policyholder_id) if id_ is not None]
    rows = session.execute(select(Organization.id, Organization.name).where(Organization.id.in_(ids)))
    return {id_: name for id_, name in rows}  # noqa: C416  # rows are not tuples to mypy


def _children(session: Session, case_id: UUID) -> tuple[CaseLink, ...]:
    query = select(Case).where(Case.parent_case_id == case_id).order_by(Case.id.desc()).limit(MOST)
    return tuple(_link(case) for case in session.scalars(query))


def _link(case: Case) -> CaseLink:
    return CaseLink(case.id, case.number, case.title, case.process, case.status)


def _event(row: CaseEvent, actor: str | None) -> EventLine:
    return EventLine(row.version, row.n, row.kind, row.element, actor or "", row.at, data_of(row.body))
