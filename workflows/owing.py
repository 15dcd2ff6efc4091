"""What the open steps owe: which day holds, what calls it to mind, when it is met."""

from collections.abc import Iterable
from datetime import date, datetime, time
from functools import cache
from typing import NamedTuple

from sqlalchemy import Select, bindparam, exists, select, update
from sqlalchemy.orm import aliased

from rules.deadlines import Reminder, kinds_of, reminders
from store.plans import Values
from store.prepared import Write, ask
from store.tables import Deadline, Timer, WorkItem
from workflows.acts import Act
from workflows.engine import Outcome
from workflows.pinned import spec_of
from workflows.runtime import SHANGHAI, end_of_day
from workflows.values import json_object

REMINDER_HOUR = time(8, 30)


def meeting(act: Act, outcome: Outcome, finished: str | None) -> list[Write]:
    """Return what marks deadlines as met: of the finished step's kind, once no open step owes it any more.

    Those that the command has just set are of what comes next.
    """
    kind = next((token.deadline_kind for token in outcome.closed if token.id == finished), None)
    if kind is None or any(token.deadline_kind == kind for token in outcome.tokens):
        return []
    met = {"case": act.case.id, "on": act.today}
    return [Write(_MET, met | {"of_kind": each}) for each in kinds_of(kind) if each not in act.owed]


def owed_again(act: Act, elements: Iterable[str]) -> list[Write]:
    """Return what marks the deadlines of finished steps as open again: the work went back to before them."""
    nodes = spec_of(act.session, act.case.release_id).nodes
    named = {str(kind) for element in elements if (kind := nodes[element].get("deadline"))}
    kinds = sorted(each for name in named for each in kinds_of(name))
    return [Write(_OWED_AGAIN, {"case": act.case.id, "of_kind": kind}) for kind in kinds]


def reminders_of(act: Act, item: WorkItem) -> list[Values]:
    """Return the timer that reminds of an item before and after its last day, none if it has no deadline.

    It is one row, due at the first reminder, that carries those to come: most steps are done before
    any is due. A duty that is recorded late is told at once to everybody who would have heard of it.
    """
    timed = _timeout(act, item)
    if item.deadline_kind is None or item.due_on is None:
        return timed
    latest = _latest_deadline(act, item.deadline_kind)
    is_new = latest.set_at == act.now
    planned: dict[datetime, list[Reminder]] = {}
    for reminder in reminders(latest.kind, latest.anchor, item.due_on, act.calendar):
        at = datetime.combine(reminder.on, REMINDER_HOUR, SHANGHAI)
        if at > act.now or (is_new and reminder.escalate_to):
            planned.setdefault(max(at, act.now), []).append(reminder)
    if not planned:
        return timed
    first, *later = [_told(at, told) for at, told in sorted(planned.items())]
    return [*timed, _reminder(act, item, latest.kind, first, later)]


def set_to_next(timer: Timer) -> bool:
    """Set a timer that has reminded to the next of its reminders; tell whether there is one."""
    if not (later := timer.payload.get("later")):
        return False
    following, *rest = later
    timer.due_at = datetime.fromisoformat(following["at"])
    timer.payload = {**timer.payload, **following, "later": rest}
    return True


def _timeout(act: Act, item: WorkItem) -> list[Values]:
    """Return the timer at which the product acts of itself: when the last day is over, if the diagram says so."""
    action = spec_of(act.session, act.case.release_id).steps[item.step].timeout
    if action is None or item.due_on is None:
        return []
    told = {"at": max(end_of_day(item.due_on), act.now), "label": "超时", "ranks": [], "timeout": action}
    return [_reminder(act, item, item.deadline_kind or "", told, [])]


def as_settled(act: Act, item: WorkItem) -> WorkItem:
    """Take the day from the deadline that a calendar has settled since: the case's variables keep the first one."""
    if item.provisional and item.deadline_kind is not None:
        latest = _latest_deadline(act, item.deadline_kind)
        if latest.due is not None and not latest.provisional:
            settled = {"due_on": latest.due, "due_at": end_of_day(latest.due), "provisional": False}
            vars(item).update(settled)
    return item


def forget_reminders(act: Act, item: WorkItem) -> None:
    """Take back what would remind of an item: others of the same step keep theirs."""
    timers = select(Timer).where(
        Timer.case_id == act.case.id, Timer.task_id == item.task_id, Timer.purpose == "reminder"
    )
    for timer in act.session.scalars(timers).all():
        if timer.payload.get("work_item_id") == str(item.id):
            act.session.delete(timer)


class _Latest(NamedTuple):
    """The deadline that was last set of some kinds."""

    kind: str
    anchor: date
    set_at: datetime | None = None
    due: date | None = None
    provisional: bool = False


def _latest_deadline(act: Act, name: str) -> _Latest:
    """Return the deadline that was last set of these kinds; one of today, if none was."""
    for kind, owed in reversed(act.owed.items()):
        if kind in kinds_of(name):
            return _Latest(kind, owed.anchor, act.now, owed.due, owed.provisional)
    kinds = {f"kind_{n}": kind for n, kind in enumerate(kinds_of(name))}
    found = ask(act.session, _latest_of(len(kinds)), {"case": act.case.id, **kinds})
    return next((_Latest(*row) for row in found), _Latest(name, act.today))


def _told(at: datetime, told: list[Reminder]) -> Values:
    ranks = [reminder.escalate_to for reminder in told if reminder.escalate_to]
    return {"at": at, "label": told[-1].label, "ranks": ranks}


def _reminder(act: Act, item: WorkItem, kind: str, first: Values, later: list[Values]) -> Values:
    return {
        "case_id": act.case.id,
        "task_id": item.task_id,
        "element": item.step,
        "purpose": "reminder",
        "kind": kind,
        "due_at": first["at"],
        "expression": "",
        "calendar_version": act.calendar.version,
        "provisional": False,
        "payload": json_object({"work_item_id": item.id, **first, "later": later}),
        "set_at": act.now,
    }


@cache
def _latest_of(count: int) -> Select[str, date, datetime, date, bool]:
    """Return the question for the last deadline of so many kinds."""
    return (
        select(Deadline.kind, Deadline.anchor, Deadline.set_at, Deadline.due, Deadline.provisional)
        .where(
            Deadline.case_id == bindparam("case"),
            Deadline.kind.in_([bindparam(f"kind_{n}") for n in range(count)]),
        )
        .order_by(Deadline.set_at.desc(), Deadline.id.desc())
        .limit(1)
    )


_NEWER = aliased(Deadline)
_OWED_AGAIN = (
    update(Deadline)
    .where(
        Deadline.case_id == bindparam("case"),
        Deadline.kind == bindparam("of_kind"),
        Deadline.statutory.is_(False),
        ~exists().where(
            _NEWER.case_id == Deadline.case_id,
            _NEWER.kind == Deadline.kind,
            _NEWER.set_at > Deadline.set_at,
        ),
    )
    .values(met_on=None)
)
_MET = (
    update(Deadline.__table__)  # type: ignore[arg-type]  # the class's table
    .where(
        Deadline.case_id == bindparam("case"),
        Deadline.kind == bindparam("of_kind"),
        Deadline.met_on.is_(None),
        Deadline.statutory.is_(False),
    )
    .values(met_on=bindparam("on"))
)
