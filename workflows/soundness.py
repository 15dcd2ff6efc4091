"""The engine's own side of the invariants: what a case's state says, against the rows that stand for it.

I2: each timer, message or condition that an open case waits for has its row, and the reverse. I3: each step
that waits for a person has exactly one open work item, or one round of them, and the reverse. I7: the day on which
a step is due and the moment agree, so that neither was moved alone. The cases are read one after another.
"""

from collections import Counter
from collections.abc import Iterator
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, undefer

from store.invariants import Finding
from store.tables import Case, Subscription, Timer, WorkItem
from workflows import engine
from workflows.errors import NotFoundError
from workflows.pinned import spec_of
from workflows.runtime import end_of_day
from workflows.statuses import DONE

BATCH = 200
_Waits = Counter[tuple[str, str]]
_KINDS = {
    "step": ("I3", "待办"),
    "timer": ("I2", "计时"),
    "message": ("I2", "等待的消息"),
    "condition": ("I2", "等待的消息"),
}


def check_states(session: Session) -> Iterator[Finding]:
    """Yield every difference between the states of open cases and their rows, case by case."""
    last: UUID | None = None
    while cases := _next_cases(session, last):
        ids = [case.id for case in cases]
        yield from _dues(session, ids)
        rows = _rows_of(session, ids)
        for case in cases:
            yield from _check(session, case, rows.get(case.id, Counter()))
            session.expunge(case)
        last = cases[-1].id


def _next_cases(session: Session, last: UUID | None) -> list[Case]:
    query = select(Case).where(Case.status.in_(("open", "suspended"))).options(undefer(Case.state))
    if last is not None:
        query = query.where(Case.id > last)
    return list(session.scalars(query.order_by(Case.id).limit(BATCH)))


def _dues(session: Session, ids: list[UUID]) -> Iterator[Finding]:
    query = select(WorkItem.title, WorkItem.due_on, WorkItem.due_at, Case.number).join(
        Case, Case.id == WorkItem.case_id
    )
    due = query.where(WorkItem.case_id.in_(ids), WorkItem.status < DONE)
    for title, day, at, number in session.execute(due):
        if day is not None and at != end_of_day(day):
            yield Finding("I7", f"办件 {number}", f"“{title}”的期限是 {day}，到期时刻却不是那天结束")


def _rows_of(session: Session, ids: list[UUID]) -> dict[UUID, _Waits]:
    """Return what each case waits for by its rows: (kind, token)."""
    found: dict[UUID, _Waits] = {}
    of = (
        ("step", _open_steps(), WorkItem),
        ("timer", select(Timer.case_id, Timer.task_id).where(Timer.purpose == "token"), Timer),
        ("message", select(Subscription.case_id, Subscription.task_id), Subscription),
    )
    for kind, query, table in of:
        for case_id, task_id, *_ in session.execute(query.where(table.case_id.in_(ids))):
            found.setdefault(case_id, Counter())[kind, task_id] += 1
    return found


def _open_steps() -> Select[UUID, str]:
    """Return the question for open items; those of one round count as one."""
    seat = func.coalesce(WorkItem.sign_round_id, WorkItem.id)
    return (
        select(WorkItem.case_id, WorkItem.task_id).where(WorkItem.status < DONE).distinct().add_columns(seat)
    )


def _check(session: Session, case: Case, rows: _Waits) -> Iterator[Finding]:
    subject = f"办件 {case.number}"
    try:
        tokens = engine.peek(spec_of(session, case.release_id), case.state or b"")
    except (engine.EngineError, NotFoundError) as error:
        yield Finding("I2", subject, f"状态读不出来（{type(error).__name__}）")
        return
    if not tokens:
        yield Finding("I2", subject, "办理中，但引擎里已经没有任何等待")
    names = {(_row_kind(token.kind), token.id): f"“{token.name or token.element}”" for token in tokens}
    for (kind, task_id), name in names.items():
        count = rows[kind, task_id]
        invariant, word = _KINDS[kind]
        if count != 1:
            told = f"没有{word}" if not count else f"有 {count} 条{word}"
            yield Finding(invariant, subject, f"引擎在等{name}，{told}")
    for kind, task_id in rows:
        if (kind, task_id) not in names:
            invariant, word = _KINDS[kind]
            yield Finding(invariant, subject, f"有一条{word}（{task_id}），引擎并没有在等它")


def _row_kind(kind: str) -> str:
    return "message" if kind == "condition" else kind
