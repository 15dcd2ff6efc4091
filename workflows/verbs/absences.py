"""Absence with a substitute: new work goes to the substitute, what waits may be handed over at once."""

from datetime import date, timedelta
from typing import Final
from uuid import UUID

from msgspec import Struct
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from store.events import EventDraft
from store.scope import Scope
from store.tables import Absence, Notice, Person, RoleGrant, WorkItem
from workflows.acts import Act
from workflows.administration import SECURITY, only_once, tell_person
from workflows.advance import lock_case, new_act, note
from workflows.errors import NotAllowedError, NotFoundError, RuleRefusedError
from workflows.handlers.items import name_of
from workflows.people import Actor
from workflows.runtime import Runtime, legal_day
from workflows.statuses import DONE
from workflows.values import json_object
from workflows.verbs.common import inform, told
from workflows.verbs.earlier import pass_draft
from workflows.verbs.receivers import AT_MOST, unfit

LONGEST: Final = timedelta(days=366)
_REASON = "somebody is away, and another does the work"


class SetAbsence(Struct, frozen=True):
    """Say that somebody is away from a day on, who does the work, and the first day back."""

    person_id: UUID
    substitute_id: UUID
    starts_on: date
    returns_on: date
    reason: str
    hand_over: bool
    key: str


class Away(Struct, frozen=True):
    """An absence as pages show it."""

    id: UUID
    person_id: UUID
    person: str
    substitute: str
    starts_on: date
    returns_on: date
    reason: str
    has_begun: bool


def may_set(actor: Actor, person_id: UUID) -> bool:
    """Tell whether somebody may say that a person is away: oneself, or who administers accounts."""
    return actor.person_id == person_id or actor.has(SECURITY)


def set_absence(runtime: Runtime, command: SetAbsence, actor: Actor) -> int:
    """Note the absence; return how many waiting items went to the substitute at once.

    Raises: NotAllowedError, NotFoundError, RuleRefusedError (days that make no sense, a second absence at the time,
    a substitute who may not do the work or is away).
    """
    if not may_set(actor, command.person_id):
        raise NotAllowedError("absence", SECURITY)
    now = runtime.now()
    with runtime.database.write(Scope.everything(_REASON), now=now, actor=actor.person_id) as session:
        only_once(session, actor, command.key, now)
        person = _person(session, command.person_id)
        substitute = _substitute(session, command, person, legal_day(now))
        absence = Absence(
            person_id=person.id,
            substitute_id=substitute.id,
            starts_on=command.starts_on,
            returns_on=command.returns_on,
            reason=told(command.reason),
            set_by=actor.person_id,
            set_at=now,
        )
        session.add(absence)
        session.flush()
        _tell(session, absence, person, substitute, actor)
        begun = command.starts_on <= legal_day(now)
        return _hand_over(runtime, session, absence, actor) if command.hand_over and begun else 0


def end_absence(runtime: Runtime, absence_id: UUID, actor: Actor) -> None:
    """End an absence before its day; what the substitute has stays there.

    Raises: NotFoundError, RuleRefusedError.
    """
    now = runtime.now()
    with runtime.database.write(Scope.everything(_REASON), now=now, actor=actor.person_id) as session:
        absence = session.get(Absence, absence_id, with_for_update=True)
        if absence is None or not may_set(actor, absence.person_id):
            raise NotFoundError(kind="absence", id=str(absence_id))
        if absence.ended_at is not None or absence.returns_on <= legal_day(now):
            raise RuleRefusedError("这次外出已经结束了")
        absence.ended_at = now
        person = _person(session, absence.person_id)
        text = f"{actor.name}提前结束{person.name}的外出，新的待办从现在起还给{person.name}"
        tell_person(session, person, "absence_ended", text, actor, now)


def _person(session: Session, person_id: UUID) -> Person:
    person = session.get(Person, person_id)
    if person is None or not person.active:
        raise NotFoundError(kind="person", id=str(person_id))
    return person


def _substitute(session: Session, command: SetAbsence, person: Person, today: date) -> Person:
    """Return the substitute if the days and the person make sense. Raises: RuleRefusedError."""
    start, back = command.starts_on, command.returns_on
    if back <= start or back <= today or back - start > LONGEST:
        raise RuleRefusedError("返回日期要在外出之后、今天之后，一次不超过一年")
    substitute = session.get(Person, command.substitute_id)
    if substitute is None or substitute.id == person.id or not substitute.active:
        raise RuleRefusedError("选一位在岗的同事代办")
    lacking = _roles(session, person.id) - _roles(session, substitute.id)
    if substitute.org_id != person.org_id or lacking:
        raise RuleRefusedError(f"{substitute.name}没有和{person.name}一样的角色，接了也办不了，换一个人")
    if (away := _overlapping(session, substitute.id, start, back)) is not None:
        raise RuleRefusedError(f"{substitute.name}{away.starts_on} 起也外出，换一个人")
    if _overlapping(session, person.id, start, back) is not None:
        raise RuleRefusedError("这几天已经登记过外出，先结束原来那次")
    return substitute


def _roles(session: Session, person_id: UUID) -> frozenset[str]:
    grants = select(RoleGrant.role).where(RoleGrant.person_id == person_id, RoleGrant.revoked_at.is_(None))
    return frozenset(session.scalars(grants))


def _overlapping(session: Session, person_id: UUID, start: date, back: date) -> Absence | None:
    return session.scalar(
        select(Absence)
        .where(
            Absence.person_id == person_id,
            Absence.starts_on < back,
            Absence.returns_on > start,
            Absence.ended_at.is_(None),
        )
        .limit(1)
    )


def _tell(session: Session, absence: Absence, person: Person, substitute: Person, actor: Actor) -> None:
    days = f"{absence.starts_on.isoformat()} 至 {(absence.returns_on - timedelta(days=1)).isoformat()}"
    why = f"：{absence.reason}" if absence.reason else ""
    text = f"{person.name}{days} 外出{why}，由{substitute.name}代办，{absence.returns_on.isoformat()} 回来"
    tell_person(session, person, "absent", text, actor, absence.set_at)
    session.add_all(
        Notice(person_id=one.id, kind="notice", title=text, link="/account", at=absence.set_at)
        for one in (person, substitute)
        if one.id != actor.person_id
    )


def _hand_over(runtime: Runtime, session: Session, absence: Absence, actor: Actor) -> int:
    """Give what waits for the person to the substitute, case by case in the order of their ids; return how many."""
    held = select(WorkItem).where(
        WorkItem.assignee_id == absence.person_id,
        WorkItem.status < DONE,
        or_(WorkItem.owner_id.is_(None), WorkItem.owner_id != absence.substitute_id),
    )
    count = 0
    for case_id in session.scalars(
        held.with_only_columns(WorkItem.case_id).distinct().order_by(WorkItem.case_id)
    ):
        act = new_act(runtime, session, lock_case(session, case_id), actor, absence.set_at)
        for item in session.scalars(held.where(WorkItem.case_id == case_id).order_by(WorkItem.id)).all():
            substitute = session.get_one(Person, absence.substitute_id)
            if not unfit(session, item, substitute, act.today) and not item.delegates:
                _substitute_in(act, item, absence, substitute)
                count += 1
    return count


def _substitute_in(act: Act, item: WorkItem, absence: Absence, substitute: Person) -> None:
    pass_draft(act.session, item, absence.person_id, substitute.id, act.now)
    item.owner_id, item.assignee_id = absence.person_id, substitute.id
    item.seen_at, item.version = None, item.version + 1
    text = f"{name_of(act.session, absence.person_id)}外出，“{item.title}”由{substitute.name}代办"
    body = {"text": text, "work_item": str(item.id), "to": str(substitute.id)}
    note(act, EventDraft("item.substituted", item.step, json_object(body)))
    inform(act, substitute.id, f"{item.subject}：{text}", item_id=item.id)


def absences_of(session: Session, person_id: UUID, today: date) -> list[Away]:
    """Return the absences that concern a person, as who is away or as the substitute, and are not over."""
    rows = session.scalars(
        select(Absence)
        .where(
            or_(Absence.person_id == person_id, Absence.substitute_id == person_id),
            Absence.returns_on > today,
            Absence.ended_at.is_(None),
        )
        .order_by(Absence.starts_on, Absence.id)
        .limit(20)
    ).all()
    return [
        Away(
            id=row.id,
            person_id=row.person_id,
            person=name_of(session, row.person_id),
            substitute=name_of(session, row.substitute_id),
            starts_on=row.starts_on,
            returns_on=row.returns_on,
            reason=row.reason,
            has_begun=row.starts_on <= today,
        )
        for row in rows
    ]


def substitutes(session: Session, person_id: UUID) -> list[Person]:
    """Return the colleagues who hold all roles of a person, by name."""
    person = session.get_one(Person, person_id)
    wanted = _roles(session, person_id)
    others = select(Person).where(
        Person.org_id == person.org_id, Person.active, Person.login.is_not(None), Person.id != person_id
    )
    found = session.scalars(others.order_by(Person.name, Person.id).limit(AT_MOST)).all()
    return [one for one in found if wanted <= _roles(session, one.id)]
