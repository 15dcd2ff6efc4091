"""Imports as records: what was sent, how far it is, what came of it."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from io import BytesIO
from typing import BinaryIO
from uuid import UUID

from msgspec import Struct
from msgspec.structs import asdict
from sqlalchemy import delete
from sqlalchemy.orm import Session

from documents.sheets import SheetError, SheetRow, register_of, write_rejects
from documents.sheets.workbook import MAX_BYTES
from store.errors import TooLargeError
from store.scope import Scope
from store.tables import ImportRow, ImportRun
from workflows.errors import NotFoundError
from workflows.people import Actor
from workflows.registers.rights import require_importer
from workflows.runtime import Runtime

WAITING, RUNNING, DONE, REFUSED = "waiting", "running", "done", "refused"
ROWS_SHOWN = 200
_PERSONAL = frozenset({"mobile", "id_number"})
_SCOPE = Scope.everything("an import keeps its own record")


class Counts(Struct, frozen=True):
    """How many rows were new, changed, the same, bad."""

    new: int = 0
    changed: int = 0
    same: int = 0
    bad: int = 0

    def plus(self, found: Mapping[str, int]) -> "Counts":
        """Return the counts with more rows counted in."""
        return Counts(**{name: count + found.get(name, 0) for name, count in asdict(self).items()})


def open_run(
    runtime: Runtime, register: str, stream: BinaryIO, file_name: str, actor: Actor, *, dry_run: bool
) -> UUID:
    """Keep the file and note that it is to be imported. Raises: NotAllowedError, SheetError if too large."""
    register_of(register)
    require_importer(register, actor)
    try:
        sha256, _ = runtime.files.put(stream, limit=MAX_BYTES)
    except TooLargeError as error:
        megabytes = MAX_BYTES // 1024 // 1024
        sentence = f"文件超过 {megabytes} MB，请拆成几个文件分别导入。"
        raise SheetError("too_large", sentence) from error
    return begin_run(runtime, register, sha256, file_name, actor, dry_run=dry_run)


def begin_run(
    runtime: Runtime, register: str, sha256: str, file_name: str, actor: Actor, *, dry_run: bool
) -> UUID:
    """Note that a kept file is to be imported. Raises: NotAllowedError."""
    require_importer(register, actor)
    now = runtime.now()
    with runtime.database.write(_SCOPE, now=now, actor=actor.person_id) as session:
        run = ImportRun(
            person_id=actor.person_id,
            org_id=actor.org_id,
            register=register,
            file_name=file_name,
            file_sha256=sha256,
            dry_run=dry_run,
            state=WAITING,
            started_at=now,
        )
        session.add(run)
        session.flush()
        run_id: UUID = run.id
    return run_id


def started(runtime: Runtime, run_id: UUID) -> ImportRun:
    """Return the run, marked as running. Raises: NotFoundError."""
    with _changing(runtime) as session:
        run = _run(session, run_id)
        run.state, run.message, run.done = RUNNING, "", 0
    return run


def refuse(runtime: Runtime, run_id: UUID, sentence: str) -> None:
    """Note why the file could not be read."""
    with _changing(runtime) as session:
        run = _run(session, run_id)
        run.state, run.message, run.finished_at = REFUSED, sentence, runtime.now()


def note_progress(session: Session, run_id: UUID, done: int, total: int, counts: Counts) -> None:
    """Note how far the run is, in the transaction of what it did."""
    run = _run(session, run_id)
    run.done, run.total = done, total
    for name, count in asdict(counts).items():
        setattr(run, name, count)


def finish(runtime: Runtime, run: ImportRun, counts: Counts, rejects: Sequence[SheetRow]) -> str | None:
    """Note the end; keep bad rows in a workbook of the same form and return its digest."""
    sha256 = None
    if rejects:
        sha256, _ = runtime.files.put(BytesIO(write_rejects(run.register, rejects)))
    with _changing(runtime) as session:
        session.execute(delete(ImportRow).where(ImportRow.run_id == run.id))
        shown = {row.number: row for row in reversed(rejects[:ROWS_SHOWN])}
        session.add_all(_row(run.id, row) for row in shown.values())
        ended = _run(session, run.id)
        ended.state, ended.finished_at, ended.rejects_sha256 = DONE, runtime.now(), sha256
        ended.done = ended.total = sum(asdict(counts).values())
        for name, count in asdict(counts).items():
            setattr(ended, name, count)
    return sha256


def _changing(runtime: Runtime) -> AbstractContextManager[Session]:
    return runtime.database.write(_SCOPE, now=runtime.now())


def _run(session: Session, run_id: UUID) -> ImportRun:
    run = session.get(ImportRun, run_id)
    if run is None:
        raise NotFoundError(kind="import_run", id=str(run_id))
    return run


def _row(run_id: UUID, row: SheetRow) -> ImportRow:
    """Return a bad row as it is shown; personal numbers stay in the workbook."""
    return ImportRow(
        run_id=run_id,
        row_number=row.number,
        outcome="bad",
        values={key: text for key, text in row.written.items() if key not in _PERSONAL and text},
        problems=[{"column": problem.column, "message": problem.message} for problem in row.problems],
    )
