"""What a batch of rows leads to: gathered while rows are read, written at once."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from msgspec import Struct, field
from msgspec.structs import replace
from sqlalchemy import ColumnDefault, insert, inspect, select
from sqlalchemy.orm import Session

from documents.sheets import Problem, SheetRow
from store.events import RecordDraft, append_records
from store.queue import enqueue_all
from store.tables.base import Base
from store.types import JsonObject
from workflows.values import json_object

Values = dict[str, object]
CHANGED, WAS = "changed", "was"
"""The kind of an event that tells of a change, and the name under which it tells what stood there before."""


class Result(StrEnum):
    """What became of a row."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    BAD = "bad"


class Kept(Struct, frozen=True):
    """What became of a row, and of which record; `problem` says why a row is bad."""

    result: Result
    object_id: UUID | None = None
    problem: Problem | None = None


class Batch(Struct):
    """Rows to insert and to change, events and jobs; nothing is written before `write`.

    A blank cell of a sheet says nothing; a field that somebody emptied on a page says that there is
    nothing (`blanks_clear`).
    """

    now: datetime
    actor_id: UUID | None
    blanks_clear: bool = False
    inserts: dict[type[Base], list[Values]] = field(default_factory=dict)
    changes: dict[type[Base], dict[UUID, Values]] = field(default_factory=dict)
    events: list[RecordDraft] = field(default_factory=list)
    jobs: dict[str, dict[str, Mapping[str, object]]] = field(default_factory=dict)

    def add(self, table: type[Base], **values: object) -> None:
        """Insert a row later."""
        stamps = {"created_at": self.now, "created_by": self.actor_id}
        self.inserts.setdefault(table, []).append({**values, **stamps})

    def change(self, table: type[Base], row_id: UUID, values: Values) -> None:
        """Change a row later."""
        if values:
            self.changes.setdefault(table, {}).setdefault(row_id, {}).update(values)

    def differing(
        self, table: type[Base], before: Mapping[str, object], after: Mapping[str, object]
    ) -> Values:
        """Return what a row says otherwise than the register."""
        found: Values = {}
        for name, value in after.items():
            if value is None or value in ("", []):
                if not self.blanks_clear:
                    continue
                value = _nothing(table, name, before[name])  # noqa: PLW2901  # what a blank stands for
            if before[name] != value:
                found[name] = value
        return found

    def tell(
        self, record_kind: str, record_id: UUID, kind: str, body: JsonObject, org_id: UUID | None
    ) -> None:
        """Tell the record's chain later."""
        self.events.append(RecordDraft(record_kind, record_id, kind, body, org_id))

    def enqueue(self, kind: str, key: str, args: Mapping[str, object]) -> None:
        """Queue a job later."""
        self.jobs.setdefault(kind, {})[key] = args

    def write(self, session: Session) -> None:
        """Write all of it in the session's transaction."""
        for table, rows in self.inserts.items():  # by table, not by class: a third of the time
            for alike in _alike(rows):
                session.connection().execute(insert(table.__table__), alike)  # type: ignore[arg-type]  # a class's table
        was: dict[UUID, Values] = {}
        for table, changed in self.changes.items():
            (key,) = inspect(table).primary_key
            for row in session.scalars(select(table).where(key.in_(changed))):
                row_id = getattr(row, key.name)
                for name, value in changed[row_id].items():
                    was.setdefault(row_id, {})[name] = getattr(row, name)
                    setattr(row, name, value)
        session.flush()
        told = [_with_before(event, was.get(event.record_id, {})) for event in self.events]
        append_records(session, told, self.actor_id, self.now)
        for kind, args_by_key in self.jobs.items():
            enqueue_all(session, kind, args_by_key, run_at=self.now)


class Keeper(Protocol):
    """Keeps the rows of one register; one per import."""

    batch_size: int

    def keep(self, session: Session, batch: Batch, rows: Sequence[SheetRow]) -> list[Kept]:
        """Compare the rows with what is registered; gather what is to be written, one result per row."""

    def finish(self, session: Session, batch: Batch) -> None:
        """Gather what only the whole file shows."""


def _with_before(event: RecordDraft, was: Values) -> RecordDraft:
    """Return the event of a change with what stood in each column before; it names none that is secret."""
    known = {name: value for name, value in was.items() if name in event.body}
    if event.kind != CHANGED or WAS in event.body or not known:
        return event
    return replace(event, body={**event.body, WAS: json_object(known)})


def bad(column: str, message: str) -> Kept:
    """Return the result of a row that cannot be kept."""
    return Kept(Result.BAD, problem=Problem(column, message))


def _alike(rows: Iterable[Values]) -> Iterable[list[Values]]:
    """Part rows by the columns that they name: a statement takes its columns from its first row alone."""
    parts: dict[frozenset[str], list[Values]] = {}
    for row in rows:
        parts.setdefault(frozenset(row), []).append(row)
    return parts.values()


def _nothing(table: type[Base], name: str, before: object) -> object:
    """Return what a column holds when there is nothing to say; as before where it must say something."""
    column = table.__table__.c[name]
    if column.nullable:
        return None
    default = column.default
    if not isinstance(default, ColumnDefault):
        return before
    return default.arg(None) if callable(default.arg) else default.arg
