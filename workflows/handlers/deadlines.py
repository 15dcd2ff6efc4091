"""Provisional deadlines computed anew once the calendar that they reach into is published."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select, update

import feel
from rules.deadlines import deadline, kinds_of
from rules.working_days import Calendar
from store.events import EventDraft
from store.prepared import run
from store.scope import Scope
from store.tables import Deadline, Timer, Visit, WorkItem
from workflows.acts import Act
from workflows.advance import lock_case, new_act, note
from workflows.host import feel_host
from workflows.owing import forget_reminders, reminders_of
from workflows.people import SYSTEM
from workflows.pinned import spec_of
from workflows.projection import INSERT_TIMER
from workflows.runtime import SHANGHAI, Runtime, end_of_day, legal_day
from workflows.statuses import DONE, UNFINISHED
from workflows.values import json_object

_REASON = "a calendar was published"
_ON_VISIT = {"return_visit": "return_visit_due", "archive": "archive_due"}
"""Kind of deadline → the column of the visit that holds its day."""


def recompute_deadlines(runtime: Runtime, case_id: UUID, year: int) -> int:
    """Recompute the case's provisional deadlines with the published calendar; return how many are settled.

    What was agreed or granted keeps its day. The row, the open work item, its reminders and the timer that runs to
    the day's end move together; each settled deadline is an event.
    """
    now = runtime.now()
    with runtime.database.write(Scope.everything(_REASON), now=now) as session:
        case = lock_case(session, case_id)
        act = new_act(runtime, session, case, SYSTEM, now)
        rows = session.scalars(
            select(Deadline)
            .where(Deadline.case_id == case_id, Deadline.provisional, Deadline.met_on.is_(None))
            .order_by(Deadline.due, Deadline.id)
        ).all()
        settled = [row for row in rows if not act.calendar.is_provisional(row.due)]
        moved: set[UUID] = set()
        for row in settled:
            _settle(act, row, year, moved)
        timers = sum(_count_anew(act, timer) for timer in _provisional_timers(act))
        if act.said:
            note(act, act.said.pop(0))
    return len(settled) + timers


def _settle(act: Act, row: Deadline, year: int, moved: set[UUID]) -> None:
    before, after = row.due, _due(act, row, year)
    row.due, row.provisional = after, act.calendar.is_provisional(after)
    row.calendar_version = act.calendar.version
    _move_items(act, row, before, moved)
    _move_visit(act, row)
    body = {
        "text": f"工作日历公布，期限由 {before} 改为 {after}"
        if before != after
        else f"工作日历公布，期限 {after} 已确定",
        "kind": row.kind,
        "before": before,
        "after": after,
        "calendar": act.calendar.version,
    }
    act.said.append(EventDraft("deadline.recomputed", None, json_object(body)))


def _move_visit(act: Act, row: Deadline) -> None:
    """Let the visit, whose papers name the day, have it too."""
    column = _ON_VISIT.get(row.kind)
    visit = act.session.get(Visit, row.visit_id) if column and row.visit_id else None
    if visit is not None and column is not None:
        setattr(visit, column, row.due)


def _provisional_timers(act: Act) -> Sequence[Timer]:
    query = select(Timer).where(Timer.case_id == act.case.id, Timer.provisional, Timer.expression != "")
    return act.session.scalars(query.order_by(Timer.due_at, Timer.id)).all()


def _count_anew(act: Act, timer: Timer) -> bool:
    """Count a timer's own working days from the moment it was set; tell whether its moment is settled."""
    host = feel_host(act.calendar, timer.set_at or act.now)
    due = feel.evaluate(timer.expression, act.case.variables, host)
    if not isinstance(due, datetime) or act.calendar.is_provisional(legal_day(due)):
        return False
    timer.due_at, timer.provisional, timer.calendar_version = due, False, act.calendar.version
    text = f"工作日历公布，定时改到 {due.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
    act.said.append(EventDraft("deadline.recomputed", timer.element, json_object({"text": text})))
    return True


def _due(act: Act, row: Deadline, year: int) -> date:
    """Return the day by the published calendar, if the one before it was computed and not agreed."""
    if not row.working_days:
        return row.due
    level = act.case.variables.get("level")

    def computed(calendar: Calendar) -> date:
        return deadline(row.kind, row.anchor, calendar, level=str(level) if level else None).due

    known_then = act.calendar.known_through(date(year - 1, 12, 31))
    return computed(act.calendar) if computed(known_then) == row.due else row.due


def _move_items(act: Act, row: Deadline, before: date, moved: set[UUID]) -> None:
    """Move the open items of the deadline's kind that end on that day, each once, with what is timed by them."""
    session = act.session
    items = session.scalars(
        select(WorkItem).where(
            WorkItem.case_id == act.case.id, WorkItem.status.in_(UNFINISHED), WorkItem.due_on == before
        )
    ).all()
    for item in items:
        if item.id in moved or item.deadline_kind is None or row.kind not in kinds_of(item.deadline_kind):
            continue
        moved.add(item.id)
        item.due_on, item.due_at, item.provisional = row.due, end_of_day(row.due), row.provisional
        _move_timers(act, row, before, item.step)
        forget_reminders(act, item)
        if item.status < DONE and (told := reminders_of(act, item)):
            run(session, INSERT_TIMER, told)


def _move_timers(act: Act, row: Deadline, before: date, step: str) -> None:
    """Move the timers at the border of a step that run to the end of its last day; others are not its own."""
    nodes = spec_of(act.session, act.case.release_id).nodes
    at_border = [name for name, node in nodes.items() if node.get("attached") == step]
    act.session.execute(
        update(Timer)
        .where(
            Timer.case_id == act.case.id,
            Timer.purpose == "token",
            Timer.element.in_(at_border),
            Timer.due_at == end_of_day(before),
        )
        .values(
            due_at=end_of_day(row.due), provisional=row.provisional, calendar_version=row.calendar_version
        )
    )
