"""The list of cases: newest first, found by unit and number, with where each one stands."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import ColumnElement, Select, exists, select
from sqlalchemy.orm import Session

from rules.deadlines import NATURAL_KINDS
from store.scope import widened
from store.search import matches
from store.tables import (
    Case,
    CopyNotice,
    Definition,
    Incident,
    Organization,
    Person,
    RoleGrant,
    Subscription,
    Timer,
    WorkItem,
)

PAGE = 50
OPEN_ITEM = 2
RUNNING = ("open", "suspended")


class State(StrEnum):
    """Which cases a person looks at; `mine` are those that wait for the own organization.

    `started` were opened by the person, or by what the person did; `copied` were copied to the person (抄送).
    """

    OPEN = "open"
    MINE = "mine"
    ENDED = "ended"
    ALL = "all"
    STARTED = "started"
    COPIED = "copied"


class Asked(Struct, frozen=True):
    """What to look for; `before` is the last case of the page before."""

    query: str = ""
    process: str = ""
    state: State = State.OPEN
    before: UUID | None = None
    person_id: UUID | None = None
    """Who asks, for the lists of one's own."""


class OpenStep(Struct, frozen=True):
    """A step that waits: who is to do it, until when."""

    id: UUID
    step: str
    title: str
    role: str
    person: str
    person_id: UUID | None
    holder_id: UUID
    due_on: date | None
    provisional: bool
    natural_days: bool
    round_id: UUID | None = None


class Awaited(Struct, frozen=True):
    """An event that a case without a step waits for; `due_at` of a timer."""

    element: str
    due_at: datetime | None


class CaseRow(Struct, frozen=True):
    """A case as the list shows it."""

    id: UUID
    number: str
    title: str
    process: str
    release_id: UUID
    status: str
    end_event: str | None
    opened_at: datetime
    closed_at: datetime | None
    steps: tuple[OpenStep, ...]
    awaited: tuple[Awaited, ...]
    is_stuck: bool
    is_new: bool = False
    """Copied to the person, who has not opened it since."""


class CasePage(Struct, frozen=True):
    """One page of cases, and where the next one starts."""

    rows: tuple[CaseRow, ...]
    next: UUID | None


def process_titles(session: Session) -> dict[str, str]:
    """Return the processes by key, in the words of their diagrams."""
    rows = session.execute(select(Definition.key, Definition.title).order_by(Definition.key).limit(100))
    return {key: title for key, title in rows}  # noqa: C416  # rows are not tuples to mypy


def case_page(session: Session, asked: Asked, org_id: UUID) -> CasePage:
    """Return one page of cases, newest first; ids are made in the order of time."""
    statement = _narrowed(select(Case), asked, org_id)
    if asked.before is not None:
        statement = statement.where(Case.id < asked.before)
    found = session.scalars(statement.order_by(Case.id.desc()).limit(PAGE + 1)).all()
    shown = found[:PAGE]
    ids = [case.id for case in shown]
    steps, stuck = open_steps(session, ids), stuck_cases(session, ids)
    awaited = awaited_events(session, [id_ for id_ in ids if id_ not in steps])
    unread = _unread(session, asked, ids)
    rows = (
        replace(
            _row(case, steps.get(case.id, ()), awaited.get(case.id, ()), is_stuck=case.id in stuck),
            is_new=case.id in unread,
        )
        for case in shown
    )
    return CasePage(tuple(rows), shown[-1].id if len(found) > PAGE else None)


def open_steps(session: Session, case_ids: Collection[UUID]) -> dict[UUID, tuple[OpenStep, ...]]:
    """Return the open steps of cases, the most urgent first."""
    if not case_ids:
        return {}
    rows = session.execute(
        select(WorkItem, Person.name)
        .outerjoin(Person, Person.id == WorkItem.assignee_id)
        .where(WorkItem.case_id.in_(case_ids), WorkItem.status < OPEN_ITEM)
        .order_by(WorkItem.due_at, WorkItem.id)
        .limit(10 * PAGE)
    )
    found: dict[UUID, list[OpenStep]] = {}
    for item, person in rows:
        found.setdefault(item.case_id, []).append(_step(item, person or ""))
    return {case_id: tuple(steps) for case_id, steps in found.items()}


def orphaned(session: Session, steps: Iterable[OpenStep]) -> list[tuple[OpenStep, str]]:
    """Return the steps that nobody can take, each with its organization's name: nobody there has the role."""
    pooled = [step for step in steps if step.person_id is None]
    if not pooled:
        return []
    asked = {step.holder_id for step in pooled}
    able = (
        select(Person.org_id, RoleGrant.role)
        .join(RoleGrant, RoleGrant.person_id == Person.id)
        .where(Person.org_id.in_(asked), Person.active, RoleGrant.revoked_at.is_(None))
        .distinct()
    )
    names = select(Organization.id, Organization.name).where(Organization.id.in_(asked))
    with widened(session, "whether anybody could take a step"):
        served = {tuple(row) for row in session.execute(able)}
        name_of = dict(session.execute(names).all())
    return [(step, name_of[step.holder_id]) for step in pooled if (step.holder_id, step.role) not in served]


def awaited_events(session: Session, case_ids: Collection[UUID]) -> Mapping[UUID, tuple[Awaited, ...]]:
    """Return the timers and messages that cases wait for, the earliest timer first."""
    if not case_ids:
        return {}
    found: dict[UUID, list[Awaited]] = {}
    timers = select(Timer.case_id, Timer.element, Timer.due_at).where(
        Timer.case_id.in_(case_ids), Timer.purpose == "token"
    )
    for case_id, element, due_at in session.execute(timers.order_by(Timer.due_at).limit(10 * PAGE)):
        found.setdefault(case_id, []).append(Awaited(element, due_at))
    messages = select(Subscription.case_id, Subscription.element).where(Subscription.case_id.in_(case_ids))
    for case_id, element in session.execute(messages.order_by(Subscription.id).limit(20 * PAGE)):
        found.setdefault(case_id, []).append(Awaited(element, None))
    return {case_id: tuple(events) for case_id, events in found.items()}


def stuck_cases(session: Session, case_ids: Collection[UUID]) -> frozenset[UUID]:
    """Return those of the cases that an open incident holds up."""
    if not case_ids:
        return frozenset()
    query = select(Incident.case_id).where(Incident.case_id.in_(case_ids), Incident.status == "open")
    return frozenset(case_id for case_id in session.scalars(query.limit(10 * PAGE)) if case_id)


def _narrowed(statement: Select[Case], asked: Asked, org_id: UUID) -> Select[Case]:
    if asked.query:
        statement = statement.where(matches(Case.bigrams, asked.query))
    if asked.process:
        statement = statement.where(Case.process == asked.process)
    if asked.state is State.STARTED:
        return statement.where(Case.opened_by == asked.person_id)
    if asked.state is State.COPIED:
        return statement.where(Case.id.in_(select(CopyNotice.case_id).where(_to(asked))))
    if asked.state is State.ENDED:
        return statement.where(Case.status.not_in(RUNNING))
    if asked.state is not State.ALL:
        statement = statement.where(Case.status.in_(RUNNING))
    if asked.state is State.MINE:
        waiting = exists().where(
            WorkItem.case_id == Case.id, WorkItem.status < OPEN_ITEM, WorkItem.holder_id == org_id
        )
        statement = statement.where(waiting)
    return statement


def _to(asked: Asked) -> ColumnElement[bool]:
    return CopyNotice.person_id == asked.person_id


def _unread(session: Session, asked: Asked, case_ids: Collection[UUID]) -> frozenset[UUID]:
    if asked.state is not State.COPIED or not case_ids:
        return frozenset()
    unread = select(CopyNotice.case_id).where(_to(asked), CopyNotice.read_at.is_(None))
    return frozenset(session.scalars(unread.where(CopyNotice.case_id.in_(case_ids)).limit(PAGE)))


def _step(item: WorkItem, person: str) -> OpenStep:
    return OpenStep(
        id=item.id,
        step=item.step,
        title=item.title,
        role=item.role,
        person=person,
        person_id=item.assignee_id,
        holder_id=item.holder_id,
        due_on=item.due_on,
        provisional=item.provisional,
        natural_days=item.deadline_kind in NATURAL_KINDS,
        round_id=item.sign_round_id,
    )


def _row(case: Case, steps: tuple[OpenStep, ...], awaited: tuple[Awaited, ...], *, is_stuck: bool) -> CaseRow:
    return CaseRow(
        id=case.id,
        number=case.number,
        title=case.title,
        process=case.process,
        release_id=case.release_id,
        status=case.status,
        end_event=case.end_event,
        opened_at=case.opened_at,
        closed_at=case.closed_at,
        steps=steps,
        awaited=awaited,
        is_stuck=is_stuck,
    )
