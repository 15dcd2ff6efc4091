"""Timers: a due token moves its case; a due reminder tells the people who hold the work."""

from datetime import datetime
from uuid import UUID

import structlog
from sqlalchemy import Exists, and_, select

from store.events import EventDraft
from store.queue import enqueue
from store.scope import Scope
from store.tables import Case, Incident, Notice, Timer, WorkItem
from workflows.acts import Act
from workflows.advance import lock_case, move_case, new_act, note
from workflows.engine import Fire
from workflows.engine.errors import TokenGoneError
from workflows.handlers.incidents import OPEN, open_incident, settle_incident
from workflows.owing import set_to_next
from workflows.people import SYSTEM
from workflows.runtime import Runtime
from workflows.sentences import due_phrase
from workflows.statuses import DONE

_REASON = "a timer is due"
log = structlog.get_logger()


def due_timers(runtime: Runtime, now: datetime, limit: int = 20) -> list[UUID]:
    """Return the ids of timers that are due, earliest first; those of suspended cases wait, and who just failed."""
    with runtime.database.read(Scope.everything(_REASON)) as session:
        query = (
            select(Timer.id)
            .join(Case, Case.id == Timer.case_id)
            .where(Timer.due_at <= now, Case.status == "open", ~_held_back(now))
            .order_by(Timer.due_at, Timer.id)
            .limit(limit)
        )
        return list(session.scalars(query))


def _held_back(now: datetime) -> Exists:
    """Tell whether the timer has failed and its next try, if there is one, is not due."""
    return (
        select(Incident.id)
        .where(
            Incident.case_id == Timer.case_id,
            Incident.task_id == Timer.task_id,
            Incident.status == OPEN,
            Incident.next_retry_at > now,
        )
        .exists()
    )


def next_due(runtime: Runtime) -> datetime | None:
    """Return when the next timer is due, those that failed and those of suspended cases left out."""
    with runtime.database.read(Scope.everything(_REASON)) as session:
        is_open = Case.id == Timer.case_id, Case.status == "open"
        waiting = select(Timer.due_at).join(Case, and_(*is_open)).where(~_held_back(runtime.now()))
        return session.scalar(waiting.order_by(Timer.due_at).limit(1))


def fire_timer(runtime: Runtime, timer_id: UUID) -> bool:
    """Carry out one due timer; False if another worker was faster.

    Whatever fails becomes an incident, which says when it is tried again; the moment it was due stays.
    """
    now = runtime.now()
    try:
        return _carry_out(runtime, timer_id, now)
    except TokenGoneError:
        _forget(runtime, timer_id)
    except Exception as error:  # noqa: BLE001 — one timer may fail in any way; it must not stop the others
        log.warning("timer_failed", error=type(error).__name__)
        _postpone(runtime, timer_id, error, now)
    return True


def _carry_out(runtime: Runtime, timer_id: UUID, now: datetime) -> bool:
    """Lock the case before its timer is read, as all commands do."""
    with runtime.database.read(Scope.everything(_REASON)) as session:
        case_id = session.scalar(select(Timer.case_id).where(Timer.id == timer_id))
    if case_id is None:
        return False
    with runtime.database.write(Scope.everything(_REASON), now=now) as session:
        act = new_act(runtime, session, lock_case(session, case_id), SYSTEM, now)
        timer = session.scalar(select(Timer).where(Timer.id == timer_id, Timer.due_at <= now))
        if timer is None or act.case.status != "open":
            return False
        (_remind if timer.purpose == "reminder" else _fire)(act, timer)
        return True


def _fire(act: Act, timer: Timer) -> None:
    head = EventDraft("timer.fired", timer.element, {"text": "时间到", "due_at": timer.due_at.isoformat()})
    move_case(act, Fire(timer.task_id), head)


def _forget(runtime: Runtime, timer_id: UUID) -> None:
    with runtime.database.write(Scope.everything(_REASON)) as session:
        if (timer := session.get(Timer, timer_id)) is not None:
            session.delete(timer)


def _postpone(runtime: Runtime, timer_id: UUID, error: Exception, now: datetime) -> None:
    """Leave an incident of a timer that failed: it is tried again later, and does not stop the others."""
    with runtime.database.read(Scope.everything(_REASON)) as session:
        timer = session.get(Timer, timer_id)
    if timer is not None:
        told = {"kind": "fire", "timer_id": str(timer_id)}
        open_incident(runtime, timer.case_id, timer.task_id, told, error, now)


def _remind(act: Act, timer: Timer) -> None:
    told = timer.payload
    item = act.session.get(WorkItem, UUID(str(told["work_item_id"])))
    ranks = [str(role) for role in told.get("ranks", [])]
    is_over = item is None or item.status >= DONE
    if is_over or not set_to_next(timer):
        act.session.delete(timer)
    settle_incident(act, timer.task_id, {"kind": "fire", "timer_id": str(timer.id)})
    if item is None or is_over:
        return
    if action := told.get("timeout"):
        asked = {"work_item_id": str(item.id), "action": action}
        enqueue(act.session, "time_out", asked, run_at=act.now, key=f"time_out:{timer.id}")
        return
    phrase = due_phrase(item.due_on, act.today, act.calendar)
    act.element = item.step
    head = EventDraft(
        "reminder.sent",
        item.step,
        {
            "text": f"提醒办理“{item.title}”，{phrase}",
            "kind": timer.kind,
            "escalated_to": ranks,
            "label": str(told.get("label")),
        },
    )
    act.session.add_all([_notice(act, item, phrase, role) for role in (None, *ranks)])
    note(act, head)


def _notice(act: Act, item: WorkItem, phrase: str, role: str | None) -> Notice:
    """Return the bell's line for the holder of the item, or for the people it is escalated to."""
    title = f"{item.subject}：{item.title}，{phrase}"
    row = Notice(case_id=act.case.id, work_item_id=item.id, title=title, at=act.now)
    if role is not None:
        row.role, row.holder_id = role, act.holder(role)
        row.kind, row.link = "escalation", f"/cases/{act.case.id}"
        return row
    row.kind, row.link = "reminder", f"/inbox/{item.id}"
    if item.assignee_id is None:
        row.role, row.holder_id = item.role, item.holder_id
    else:
        row.person_id = item.assignee_id
    return row
