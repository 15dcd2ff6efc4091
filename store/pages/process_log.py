"""What cases of a release have done, for all of them together: where they stand, how long steps waited, their ways.

No case is shown: who may not see a case sees numbers here. Looked at are the cases that began in a span of days.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any  # Any: columns of whatever type
from uuid import UUID

from msgspec import Struct
from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    and_,
    case,
    extract,
    func,
    literal,
    not_,
    or_,
    select,
    union_all,
)
from sqlalchemy import cast as sql_cast
from sqlalchemy.orm import Session

from store.scope import widened
from store.tables import Case, CaseEvent, Incident, Subscription, Timer, WorkItem

RUNNING = ("open", "suspended")
OPEN_ITEM, DONE_ITEM = 2, 2
"""Below the first an item lies open in an inbox, the second says that it is done."""
BESIDE = ("reminder.sent", "deadline.recomputed")
"""Kinds of events that name an element to which the case did not come by them."""
BESIDE_WORK = ("item.", "sign.", "incident.")
"""What people do with a step that stays open."""
REASON = "figures of a process, which show no case"
AT_ONCE = 2_000
FURTHER = "+"
"""Before an element of which a command tells beside its first event: the engine went on by itself."""


class Span(Struct, frozen=True):
    """The cases of a release that began from the first moment up to, and without, the last."""

    release_id: UUID
    since: datetime
    until: datetime

    def holds(self) -> ColumnElement[bool]:
        """Return the condition that a case is looked at."""
        return and_(
            Case.release_id == self.release_id, Case.opened_at >= self.since, Case.opened_at < self.until
        )


class StepTimes(Struct, frozen=True):
    """Seconds from a step's opening to its end: nearest ranks at one half and nine tenths of what was done."""

    done: int
    median: float
    ninth: float


class Standing(Struct, frozen=True):
    """What waits at an element now, in all running cases of the release."""

    waiting: int = 0
    overdue: int = 0
    incidents: int = 0


class Way(Struct, frozen=True):
    """Elements that the events of some cases name, in order; how many cases, and how many of them have ended."""

    elements: tuple[str, ...]
    cases: int
    ended: int


class LogLine(Struct, frozen=True):
    """One event of the log: of which case, which it belongs to, what kind, at which element, when."""

    case_id: UUID
    parent_id: UUID | None
    kind: str
    element: str
    at: datetime


def step_times(session: Session, span: Span) -> dict[str, StepTimes]:
    """Return how long the finished steps of the cases have waited."""
    # whole numbers: what PostgreSQL extracts is a decimal, which takes long to sort
    seconds = sql_cast(extract("epoch", WorkItem.done_at) - extract("epoch", WorkItem.opened_at), Integer)
    step = WorkItem.step
    waits = (
        select(
            step,
            seconds.label("seconds"),
            func.row_number().over(partition_by=step, order_by=seconds).label("rank"),
            func.count().over(partition_by=step).label("done"),
        )
        .join(Case, Case.id == WorkItem.case_id)
        .where(span.holds(), WorkItem.status == DONE_ITEM, WorkItem.done_at.is_not(None))
        .subquery()
        .c
    )
    half, ninth = (waits.done + 1) // 2, (9 * waits.done + 9) // 10
    query = select(
        waits.step,
        func.max(waits.done),
        func.max(case((waits.rank == half, waits.seconds))),
        func.max(case((waits.rank == ninth, waits.seconds))),
    ).group_by(waits.step)
    with widened(session, REASON):
        return {
            name: StepTimes(done, float(median), float(long))
            for name, done, median, long in session.execute(query)
        }


def standing(session: Session, release_id: UUID, now: datetime) -> dict[str, Standing]:
    """Return what waits at each element at this moment: steps, timers, messages, and what cannot go on."""
    runs = and_(Case.release_id == release_id, Case.status.in_(RUNNING))
    late = sql_cast(func.sum(case((WorkItem.due_at < now, 1), else_=0)), Integer)
    steps = (
        select(WorkItem.step, func.count().label("waiting"), late.label("overdue"))
        .join(Case, Case.id == WorkItem.case_id)
        .where(runs, WorkItem.status < OPEN_ITEM)
        .group_by(WorkItem.step)
    )
    timers = select(Timer.element, Timer.case_id).where(Timer.purpose == "token")
    awaited = union_all(timers, select(Subscription.element, Subscription.case_id)).subquery()
    events = (
        select(awaited.c.element, func.count(func.distinct(awaited.c.case_id)))
        .join(Case, Case.id == awaited.c.case_id)
        .where(runs, awaited.c.element != "")
        .group_by(awaited.c.element)
    )
    stopped = (
        select(Incident.element, func.count())
        .join(Case, Case.id == Incident.case_id)
        .where(runs, Incident.status == "open")
        .group_by(Incident.element)
    )
    with widened(session, REASON):
        at_steps = {name: (waiting, overdue) for name, waiting, overdue in session.execute(steps)}
        at_events: dict[str, int] = dict(session.execute(events).all())
        incidents = dict(session.execute(stopped).all())
    found = {}
    for name in sorted({*at_steps, *at_events, *incidents}):
        waiting, overdue = at_steps.get(name, (at_events.get(name, 0), 0))
        found[name] = Standing(waiting, overdue, incidents.get(name, 0))
    return found


def ways(session: Session, span: Span) -> list[Way]:
    """Return the different ways of the cases, the most frequent first."""
    word = case((CaseEvent.n > 0, literal(FURTHER) + CaseEvent.element), else_=CaseEvent.element)
    # both databases add texts up as they come; an order within the sum itself is unknown to older SQLite
    ordered = _happened(span, CaseEvent.case_id, word.label("word")).subquery()
    words = func.aggregate_strings(ordered.c.word, " ").label("words")
    each = select(ordered.c.case_id, words).group_by(ordered.c.case_id).subquery()
    ended = sql_cast(func.sum(case((Case.status.in_(RUNNING), 0), else_=1)), Integer)
    query = (
        select(each.c.words, func.count(), ended)
        .join(Case, Case.id == each.c.case_id)
        .group_by(each.c.words)
        .order_by(func.count().desc(), each.c.words)
    )
    sums: dict[tuple[str, ...], tuple[int, int]] = {}
    with widened(session, REASON):
        for told, cases, done in session.execute(query):
            elements = _elements(told)
            before = sums.get(elements, (0, 0))
            sums[elements] = (before[0] + cases, before[1] + done)
    return sorted((Way(elements, *counts) for elements, counts in sums.items()), key=lambda way: -way.cases)


def log_lines(session: Session, span: Span) -> Iterator[LogLine]:
    """Yield every event by which the cases came to an element, case by case in order."""
    columns = (
        CaseEvent.case_id,
        Case.parent_case_id,
        CaseEvent.n,
        CaseEvent.kind,
        CaseEvent.element,
        CaseEvent.at,
    )
    query = _happened(span, *columns).execution_options(yield_per=AT_ONCE)
    before = None
    with widened(session, REASON):
        for case_id, parent_id, n, kind, element, at in session.execute(query):
            if n == 0 or (case_id, element) != before:
                yield LogLine(case_id, parent_id, kind, element, at)
            before = (case_id, element)


def _elements(words: str) -> tuple[str, ...]:
    """Return the elements that a case came to; what one command says of one again and again, once."""
    found: list[str] = []
    for word in words.split(" "):
        if not word.startswith(FURTHER) or found[-1:] != [word[1:]]:
            found.append(word.removeprefix(FURTHER))
    return tuple(found)


def _happened(span: Span, *columns: Any) -> Select[*tuple[Any, ...]]:  # noqa: ANN401  # columns of whatever type
    """Give the events by which the cases came to elements, case by case in order."""
    beside = or_(CaseEvent.kind.in_(BESIDE), *(CaseEvent.kind.startswith(word) for word in BESIDE_WORK))
    return (
        select(*columns)
        .join_from(CaseEvent, Case, Case.id == CaseEvent.case_id)
        .where(span.holds(), CaseEvent.element.is_not(None), CaseEvent.element != "", not_(beside))
        .order_by(CaseEvent.case_id, CaseEvent.version, CaseEvent.n)
    )
