"""Timers: a due token moves its case; a due reminder tells the people who hold the work."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from rules.roles import ROLES
from store.events import EventDraft
from store.scope import Scope
from store.tables import Case, Notice, Timer, WorkItem
from workflows.advance import lock_case, move_case, new_act, note
from workflows.engine import Fire
from workflows.engine.errors import TokenGoneError
from workflows.handlers.incidents import STOPPING, open_incident
from workflows.people import SYSTEM
from workflows.projection import DONE
from workflows.runtime import Runtime
from workflows.sentences import due_phrase

_REASON = "a timer is due"
RETRY_AFTER = timedelta(minutes=10)


def due_timers(runtime: Runtime, now: datetime, limit: int = 20) -> list[UUID]:
    """Return the ids of timers that are due, earliest first; those of suspended cases wait."""
    with runtime.database.read(Scope.everything(_REASON)) as session:
        query = (
            select(Timer.id)
            .join(Case, Case.id == Timer.case_id)
            .where(Timer.due_at <= now, Case.status == "open")
            .order_by(Timer.due_at, Timer.id)
            .limit(limit)
        )
        return list(session.scalars(query))


def next_due(runtime: Runtime) -> datetime | None:
    """Return when the next timer is due."""
    with runtime.database.read(Scope.everything(_REASON)) as session:
        return session.scalar(select(Timer.due_at).order_by(Timer.due_at).limit(1))


def fire_timer(runtime: Runtime, timer_id: UUID) -> bool:
    """Carry out one due timer; False if another worker was faster. A failure becomes an incident."""
    now = runtime.now()
    case_id, task_id = None, ""
    try:
        with runtime.database.write(Scope.everything(_REASON), now=now) as session:
            timer = session.scalar(
                select(Timer)
                .where(Timer.id == timer_id, Timer.due_at <= now)
                .with_for_update(skip_locked=True)
            )
            if timer is None:
                return False
            case_id, task_id = timer.case_id, timer.task_id
            if timer.purpose == "reminder":
                _remind(runtime, session, timer, now)
            else:
                _fire(runtime, session, timer, now)
            return True
    except TokenGoneError:
        _forget(runtime, timer_id)
        return True
    except STOPPING as error:
        open_incident(runtime, case_id, task_id, {"kind": "fire", "timer_id": str(timer_id)}, error, now)
        _postpone(runtime, timer_id, now)
        return True


def _fire(runtime: Runtime, session: Session, timer: Timer, now: datetime) -> None:
    case = lock_case(session, timer.case_id)
    head = EventDraft("timer.fired", timer.element, {"text": "时间到", "due_at": timer.due_at.isoformat()})
    move_case(new_act(runtime, session, case, SYSTEM, now), Fire(timer.task_id), head)


def _forget(runtime: Runtime, timer_id: UUID) -> None:
    with runtime.database.write(Scope.everything(_REASON)) as session:
        if (timer := session.get(Timer, timer_id)) is not None:
            session.delete(timer)


def _postpone(runtime: Runtime, timer_id: UUID, now: datetime) -> None:
    """Try a timer that failed again later, so that it does not stop the others."""
    with runtime.database.write(Scope.everything(_REASON)) as session:
        if (timer := session.get(Timer, timer_id)) is not None:
            timer.due_at = now + RETRY_AFTER


def _remind(runtime: Runtime, session: Session, timer: Timer, now: datetime) -> None:
    item = session.get(WorkItem, UUID(str(timer.payload["work_item_id"])))
    escalate_to = timer.payload.get("escalate_to")
    session.delete(timer)
    if item is None or item.status >= DONE:
        return
    case = lock_case(session, timer.case_id)
    act = new_act(runtime, session, case, SYSTEM, now)
    phrase = due_phrase(item.due_on, act.today, act.calendar)
    act.element = item.step
    head = EventDraft(
        "reminder.sent",
        item.step,
        {
            "text": f"提醒办理“{item.title}”，{phrase}",
            "kind": timer.kind,
            "escalated_to": str(escalate_to or ""),
            "label": str(timer.payload.get("label")),
        },
    )
    session.add(_notice(item, case, phrase, now, role=None))
    if escalate_to:
        session.add(_notice(item, case, phrase, now, role=str(escalate_to)))
    note(act, head)


def _notice(item: WorkItem, case: Case, phrase: str, now: datetime, role: str | None) -> Notice:
    """Return the bell's line for the holder of the item, or for the people it is escalated to."""
    holder = item.holder_id
    if role is not None:
        party = ROLES[role].party
        holder = {"provider": case.org_id, "insurer": case.insurer_id}.get(party) or item.holder_id
    return Notice(
        person_id=item.assignee_id if role is None else None,
        role=role or (item.role if item.assignee_id is None else None),
        holder_id=holder if role is not None or item.assignee_id is None else None,
        case_id=case.id,
        work_item_id=item.id,
        kind="reminder" if role is None else "escalation",
        title=f"{item.subject}：{item.title}，{phrase}",
        link=f"/inbox/{item.id}" if role is None else f"/cases/{case.id}",
        at=now,
    )
