"""What happened: append-only events in hash chains, one chain per case and one per register record.

The body of an event is an envelope in canonical JSON: who, when, what, on which case, and the
data. `hash = H(alg ‖ previous hash ‖ body)`, so a changed, removed or moved event breaks its
chain; the head of a case's chain lies on the case row.
"""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final  # Any: rows of a query over all columns
from uuid import UUID

import orjson
from msgspec import Struct
from sqlalchemy import Select, insert, select
from sqlalchemy.orm import Session

from store.prepared import Write, one_or_many
from store.scope import widened
from store.tables import Case, CaseEvent, RecordEvent
from store.types import JsonObject, canonical

ALGORITHM: Final = "sha256"
_BATCH = 2000
_INSERT_EVENTS = insert(CaseEvent.__table__)  # type: ignore[arg-type]  # the class's table
_INSERT_RECORD_EVENTS = insert(RecordEvent.__table__)  # type: ignore[arg-type]  # the class's table


class EventDraft(Struct, frozen=True):
    """Something to be told: its kind (`step.completed`), the diagram element if any, and the data."""

    kind: str
    element: str | None
    body: JsonObject


class RecordDraft(Struct, frozen=True):
    """Something to be told of a register record."""

    record_kind: str
    record_id: UUID
    kind: str
    body: JsonObject
    org_id: UUID | None = None


class Sealed(Struct, frozen=True):
    """Events ready to be written, and the end of their case's chain behind them."""

    rows: list[dict[str, object]]
    head_hash: str
    event_count: int


class BrokenChain(Struct, frozen=True):
    """The first event that is not what it was, or the case whose chain was cut or is gone."""

    chain: str
    number: str
    problem: str


def append(
    session: Session,
    case: Case,
    events: Iterable[EventDraft],
    actor: UUID | None,
    on_behalf_of: UUID | None,
    at: datetime,
) -> None:
    """Append the events of one command to the case's chain and move its head.

    They bear the case's version; the first is number 0, or follows what this version already told.
    """
    sealed = seal(session, case, case.version, list(events), actor, on_behalf_of, at)
    session.flush()
    if sealed.rows:
        session.connection().execute(_INSERT_EVENTS, one_or_many(sealed.rows))
    case.head_hash, case.event_count = sealed.head_hash, sealed.event_count


def seal(
    session: Session,
    case: Case,
    version: int,
    drafts: Sequence[EventDraft],
    actor: UUID | None,
    on_behalf_of: UUID | None,
    at: datetime,
) -> Sealed:
    """Return the rows of a version's events, linked to the case's chain, and the end that it then has."""
    first = _next_in_version(session, case, version)
    rows: list[dict[str, object]] = []
    head = case.head_hash
    for n, draft in enumerate(drafts, start=first):
        row: dict[str, object] = {
            "case_id": case.id,
            "version": version,
            "n": n,
            "org_id": case.org_id,
            "kind": draft.kind,
            "element": draft.element,
            "actor_id": actor,
            "on_behalf_of": on_behalf_of,
            "at": at,
        }
        body = canonical({"alg": ALGORITHM, **row, "data": draft.body})
        row |= {"body": body, "prev_hash": head, "hash": link(head, body), "alg": ALGORITHM}
        head = str(row["hash"])
        rows.append(row)
    session.info.setdefault("told", {})[case.id] = (version, first + len(rows))
    return Sealed(rows, head, case.event_count + len(rows))


def insertion(sealed: Sealed) -> Write:
    """Return what inserts sealed events; the case row must get their end in the same transaction."""
    return Write(_INSERT_EVENTS, sealed.rows)


def append_record(
    session: Session,
    record_kind: str,
    record_id: UUID,
    kind: str,
    body: JsonObject,
    actor: UUID | None,
    at: datetime,
    org_id: UUID | None = None,
) -> None:
    """Append one event to a record's chain. Two at once: the second commit fails on the number."""
    append_records(session, [RecordDraft(record_kind, record_id, kind, body, org_id)], actor, at)


def append_records(session: Session, drafts: Sequence[RecordDraft], actor: UUID | None, at: datetime) -> None:
    """Append events to the chains of many records at once, in their order."""
    heads = _record_heads(session, drafts)
    rows = []
    for draft in drafts:
        number, head = heads.get((draft.record_kind, draft.record_id), (0, ""))
        row = {
            "record_kind": draft.record_kind,
            "record_id": draft.record_id,
            "number": number + 1,
            "kind": draft.kind,
            "actor_id": actor,
            "org_id": draft.org_id,
            "at": at,
        }
        sealed = canonical({"alg": ALGORITHM, **row, "data": draft.body})
        sum_of_link = link(head, sealed)
        rows.append(row | {"body": sealed, "prev_hash": head, "hash": sum_of_link, "alg": ALGORITHM})
        heads[draft.record_kind, draft.record_id] = (number + 1, sum_of_link)
    if rows:
        session.connection().execute(_INSERT_RECORD_EVENTS, rows)


def _record_heads(session: Session, drafts: Sequence[RecordDraft]) -> dict[tuple[str, UUID], tuple[int, str]]:
    """Return the last number and hash of each chain that has begun."""
    heads: dict[tuple[str, UUID], tuple[int, str]] = {}
    of_kind: dict[str, set[UUID]] = {}
    for draft in drafts:
        of_kind.setdefault(draft.record_kind, set()).add(draft.record_id)
    with widened(session, "the heads of records' chains"):
        for kind, ids in of_kind.items():
            query = select(RecordEvent.record_id, RecordEvent.number, RecordEvent.hash).where(
                RecordEvent.record_kind == kind, RecordEvent.record_id.in_(ids)
            )
            for record_id, number, head in session.execute(query.order_by(RecordEvent.number)):
                heads[kind, record_id] = (number, head)
    return heads


def data_of(body: bytes) -> JsonObject:
    """Return the data of an event from its body."""
    data: JsonObject = orjson.loads(body)["data"]
    return data


def link(previous: str, body: bytes) -> str:
    """Return the hash of an event that follows `previous` (hex; empty for the first of a chain)."""
    return hashlib.sha256(ALGORITHM.encode() + bytes.fromhex(previous) + body).hexdigest()


def verify(session: Session) -> BrokenChain | None:
    """Return the first bad link of all chains, or None if every event is as it was written."""
    return _verify_cases(session) or _verify_records(session)


def _next_in_version(session: Session, case: Case, now_at: int) -> int:
    """Return the number behind what this session has told about this version of the case."""
    version, count = session.info.get("told", {}).get(case.id, (None, 0))
    return count if version == now_at else 0


def _verify_cases(session: Session) -> BrokenChain | None:
    ends = select(Case.id, Case.head_hash, Case.event_count).where(Case.event_count > 0)
    heads = {case_id: (head, count) for case_id, head, count in session.execute(ends)}
    events = _rows(CaseEvent).order_by(CaseEvent.case_id, CaseEvent.version, CaseEvent.n)
    chain: UUID | None = None
    head, count = "", 0
    with session.execute(events.execution_options(yield_per=_BATCH)) as rows:
        for row in rows:
            if row.case_id != chain:
                if (bad := _cut(chain, head, count, heads)) is not None:
                    return bad
                chain, head, count = row.case_id, "", 0
            problem = _problem(row, head, ("case_id", "version", "n", "org_id", "element", "on_behalf_of"))
            if problem:
                return BrokenChain(f"case {row.case_id}", f"{row.version}.{row.n}", problem)
            head, count = row.hash, count + 1
    return _cut(chain, head, count, heads) or _gone(heads)


def _verify_records(session: Session) -> BrokenChain | None:
    events = _rows(RecordEvent).order_by(RecordEvent.record_kind, RecordEvent.record_id, RecordEvent.number)
    chain: tuple[str, UUID] | None = None
    head, count = "", 0
    with session.execute(events.execution_options(yield_per=_BATCH)) as rows:
        for row in rows:
            if (row.record_kind, row.record_id) != chain:
                chain, head, count = (row.record_kind, row.record_id), "", 0
            count += 1
            problem = _problem(row, head, ("record_kind", "record_id", "number", "org_id"))
            if problem or row.number != count:
                name = f"{row.record_kind} {row.record_id}"
                return BrokenChain(name, str(row.number), problem or "a number is missing")
            head = row.hash
    return None


def _cut(chain: UUID | None, head: str, count: int, heads: dict[UUID, tuple[str, int]]) -> BrokenChain | None:
    """Compare the end of a chain that was read through with what its case says; tick it off."""
    if chain is None:
        return None
    if heads.pop(chain, ("", 0)) != (head, count):
        return BrokenChain(f"case {chain}", str(count), "the chain does not end where its case says")
    return None


def _gone(heads: dict[UUID, tuple[str, int]]) -> BrokenChain | None:
    """Name a case whose events are all gone."""
    for case_id in sorted(heads, key=str):
        return BrokenChain(f"case {case_id}", "0", "the chain does not end where its case says")
    return None


def _rows(table: type[CaseEvent | RecordEvent]) -> Select[Any]:  # Any: a row of all columns
    """Return the query of bare rows: making an object of each event costs more than its hash."""
    return select(*(getattr(table, name) for name in table.__table__.columns.keys()))  # noqa: SIM118  # no dict


def _problem(row: Any, head: str, columns: tuple[str, ...]) -> str | None:  # noqa: ANN401  # see _rows
    """Say what is wrong with one event, or None."""
    if row.prev_hash != head:
        return "does not follow the event before it"
    if row.alg != ALGORITHM or row.hash != link(head, row.body):
        return "its content is not what was hashed"
    envelope = orjson.loads(row.body)
    named = (*columns, "kind", "actor_id", "at")
    written = orjson.loads(canonical({name: getattr(row, name) for name in named}))
    if any(envelope[name] != written[name] for name in named):
        return "a column differs from the hashed content"
    return None
