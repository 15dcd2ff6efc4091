"""The recorded cases of a process, read from their events in batches."""

from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Any, Final  # Any: rows of a query over columns
from uuid import UUID

from sqlalchemy import case, select
from sqlalchemy.orm import Session

from store.events import data_of
from store.tables import Case, CaseEvent
from workflows.recording import FOUND
from workflows.replay.model import History, Move

BATCH: Final = 200
LIVE: Final = ("open", "suspended")
OPENED, COMPLETED, FIRED = "case.opened", "step.completed", "timer.fired"
RECEIVED, SENT, SIGNALLED = "message.received", "message.sent", "signal.received"
RETURNED, WITHDRAWN, MOVED, CANCELLED = "step.returned", "step.withdrawn", "tokens.moved", "case.cancelled"
MOVING: Final = frozenset(
    {OPENED, COMPLETED, FIRED, RECEIVED, SENT, SIGNALLED, RETURNED, WITHDRAWN, MOVED, CANCELLED}
)
"""The kinds of events that say what moved a case; each command has one of them at most."""
_ENGINE = "engine."


def histories(session: Session, process: str) -> Iterator[History]:
    """Yield every case of a process as it was recorded, the oldest first."""
    query = select(Case.id).where(Case.process == process).order_by(Case.opened_at, Case.id)
    cases = list(session.scalars(query))
    for first in range(0, len(cases), BATCH):
        yield from _batch(session, cases[first : first + BATCH])


def _batch(session: Session, cases: list[UUID]) -> Iterator[History]:
    columns = Case.id, Case.number, Case.release_id, Case.status, Case.end_event
    state = case((Case.status.in_(LIVE), Case.state))
    rows = session.execute(select(*columns, state).where(Case.id.in_(cases)))
    found = {row.id: row for row in rows}
    moves = _moves(session, cases)
    for identity in cases:
        if identity in found:
            row = found[identity]
            yield History(row[0], row[1], row[2], row[3], row[4], row[5], moves.get(identity, ()))


def _moves(session: Session, cases: list[UUID]) -> Mapping[UUID, tuple[Move, ...]]:
    columns = (
        CaseEvent.case_id,
        CaseEvent.version,
        CaseEvent.n,
        CaseEvent.kind,
        CaseEvent.element,
        CaseEvent.at,
        CaseEvent.body,
    )
    order = CaseEvent.case_id, CaseEvent.version, CaseEvent.n
    rows = session.execute(select(*columns).where(CaseEvent.case_id.in_(cases)).order_by(*order))
    found: dict[UUID, tuple[Move, ...]] = {}
    for case_id, of_case in groupby(rows, key=lambda row: row.case_id):
        versions = (list(told) for _, told in groupby(of_case, key=lambda row: row.version))
        found[case_id] = tuple(move for told in versions if (move := _move(told)) is not None)
    return found


def _move(told: list[Any]) -> Move | None:
    """Return what one command was, None for one that moved nothing."""
    cause = next((row for row in told if row.kind in MOVING), None)
    if cause is None:
        return None
    head = data_of(told[0].body)
    body = head if cause is told[0] else data_of(cause.body) | {FOUND: head.get(FOUND)}
    engine = tuple(
        (row.kind.removeprefix(_ENGINE), row.element or "") for row in told if row.kind.startswith(_ENGINE)
    )
    found = tuple((str(one[0]), str(one[1]), one[2]) for one in body.get(FOUND) or ())
    return Move(cause.kind, cause.element or "", cause.at, body, engine, found)
