"""How the installation runs: jobs, imports, record events, checkpoints, the access log."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped, mapped_column

from store.tables.base import BIG, Base, Only, Row, Special, reference
from store.types import JsonList, JsonObject, new_id

_OPERATORS = frozenset({"system_admin"})
READY = text("state IN ('ready', 'running')")
"""What is still to be done, word for word as the index has it."""


class Job(Base):
    """Something to be done later. `token` is the fence: only the last to claim it may finish it."""

    __tablename__ = "job"
    __scope__ = Only(_OPERATORS)
    __table_args__ = (Index("ix_job_ready", "run_at", "id", sqlite_where=READY, postgresql_where=READY),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    key: Mapped[str | None] = mapped_column(unique=True)
    kind: Mapped[str]
    args: Mapped[JsonObject]
    state: Mapped[str] = mapped_column(default="ready")
    run_at: Mapped[datetime]
    attempt: Mapped[int] = mapped_column(default=0)
    token: Mapped[UUID | None]
    worker: Mapped[str] = mapped_column(default="")
    lease_until: Mapped[datetime | None]
    last_error: Mapped[str] = mapped_column(default="")
    finished_at: Mapped[datetime | None]


class Worker(Base):
    """A process that fires timers and does jobs, as it last told of itself; one that ended in order has no row."""

    __tablename__ = "worker"
    __scope__ = Only(_OPERATORS)

    name: Mapped[str] = mapped_column(primary_key=True)
    """Machine and process: `host:pid`."""
    started_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    busy_with: Mapped[str] = mapped_column(default="")
    """The kind of the job in its hands, empty between two."""
    busy_since: Mapped[datetime | None]
    jobs_done: Mapped[int] = mapped_column(BIG, default=0)
    jobs_failed: Mapped[int] = mapped_column(BIG, default=0)
    timers_tried: Mapped[int] = mapped_column(BIG, default=0)


class RecordEvent(Base):
    """What happened to a row of the registers; one hash chain per record."""

    __tablename__ = "record_event"
    __scope__ = Special("record_event")

    record_kind: Mapped[str] = mapped_column(primary_key=True)
    record_id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    actor_id: Mapped[UUID | None] = mapped_column(index=True)
    org_id: Mapped[UUID | None] = mapped_column(index=True)
    at: Mapped[datetime] = mapped_column(index=True)
    body: Mapped[bytes]
    prev_hash: Mapped[str]
    hash: Mapped[str]
    alg: Mapped[str] = mapped_column(default="sha256")


class Checkpoint(Base):
    """A signed root over the heads of all chains at one moment."""

    __tablename__ = "checkpoint"
    __scope__ = Only(frozenset({"auditor", "system_admin"}))

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    root: Mapped[str]
    chains: Mapped[int] = mapped_column(BIG)
    previous: Mapped[str]
    body: Mapped[bytes]
    signature: Mapped[bytes | None]
    key_id: Mapped[str | None]
    sent_at: Mapped[datetime | None]


class AccessLog(Base):
    """Who looked at, exported or was denied what; append-only."""

    __tablename__ = "access_log"
    __scope__ = Only(frozenset({"auditor", "security_admin"}))
    __table_args__ = (Index("ix_access_log_object", "object_kind", "object_id", "at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    at: Mapped[datetime] = mapped_column(index=True)
    person_id: Mapped[UUID | None] = mapped_column(index=True)
    org_id: Mapped[UUID | None]
    action: Mapped[str]
    object_kind: Mapped[str] = mapped_column(default="")
    object_id: Mapped[str] = mapped_column(default="")
    purpose: Mapped[str] = mapped_column(default="")
    address: Mapped[str] = mapped_column(default="")
    detail: Mapped[JsonObject] = mapped_column(default=dict)


class ImportRun(Row, Base):
    """One run of the importer over a file, and what came of it."""

    __tablename__ = "import_run"
    __scope__ = Special("same_org")

    person_id: Mapped[UUID | None] = mapped_column(reference("person.id"), index=True)
    org_id: Mapped[UUID | None] = mapped_column(reference("organization.id"), index=True)
    insurer_id: Mapped[UUID | None] = mapped_column(reference("organization.id"))
    register: Mapped[str]
    file_name: Mapped[str]
    file_sha256: Mapped[str]
    dry_run: Mapped[bool] = mapped_column(default=True)
    state: Mapped[str] = mapped_column(default="running")
    total: Mapped[int] = mapped_column(default=0)
    done: Mapped[int] = mapped_column(default=0)
    new: Mapped[int] = mapped_column(default=0)
    changed: Mapped[int] = mapped_column(default=0)
    same: Mapped[int] = mapped_column(default=0)
    bad: Mapped[int] = mapped_column(default=0)
    rejects_sha256: Mapped[str | None]
    message: Mapped[str] = mapped_column(default="")
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]


class ImportRow(Base):
    """A row that an import could not keep, or that it changed: values, problems, what became of it."""

    __tablename__ = "import_row"
    __scope__ = Special("import_row")

    run_id: Mapped[UUID] = mapped_column(reference("import_run.id"), primary_key=True)
    row_number: Mapped[int] = mapped_column(primary_key=True)
    outcome: Mapped[str]
    values: Mapped[JsonObject]
    problems: Mapped[JsonList] = mapped_column(default=list)
    object_id: Mapped[UUID | None]
