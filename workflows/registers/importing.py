"""The importer: rows in batches, each batch one transaction; good rows are kept, bad ones go back."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, suppress
from itertools import islice
from typing import BinaryIO
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from documents.sheets import SheetError, SheetRow, SheetRows, read
from store.queue import enqueue
from store.scope import Scope
from store.tables import ImportRun
from workflows.errors import NotFoundError
from workflows.people import Actor
from workflows.registers import runs
from workflows.registers.batch import Batch, Keeper, Kept, Result
from workflows.registers.keepers import keeper_for
from workflows.registers.runs import Counts
from workflows.runtime import Runtime, legal_day

Progress = Callable[[int, int], None]
FIRST_SIZED, GROWS = 1_000, 4
"""After how many rows the planner is told of the table's size, and how much it grows until it is told again."""
SMALL = 256 * 1024
"""Files up to this many bytes, a few thousand rows, are imported while the page waits."""
_BROKEN_OFF = "导入中途出错，已经写入的行都在；再传一次同一个文件，不会重复"
_SCOPE = Scope.everything("an import compares with what is registered")


class ImportOutcome(Struct, frozen=True):
    """What came of a file; `rejects` is the digest of the workbook with the bad rows."""

    new: int
    changed: int
    same: int
    bad: int
    rejects: str | None
    run_id: UUID


def no_progress(_done: int, _total: int) -> None:
    """Show nothing."""


def import_register(
    runtime: Runtime,
    register: str,
    stream: BinaryIO,
    file_name: str,
    actor: Actor,
    *,
    dry_run: bool = False,
    progress: Progress = no_progress,
) -> ImportOutcome:
    """Import a file, or see what importing it would do.

    Raises: SheetError when the file is refused, NotAllowedError.
    """
    run_id = runs.open_run(runtime, register, stream, file_name, actor, dry_run=dry_run)
    return carry_out(runtime, run_id, progress)


def carry_out(runtime: Runtime, run_id: UUID, progress: Progress = no_progress) -> ImportOutcome:
    """Import the kept file of a run. Doing it again does no harm. Raises: SheetError, NotFoundError."""
    run = runs.started(runtime, run_id)
    sentence = _BROKEN_OFF
    try:
        with runtime.files.open(run.file_sha256) as stream:
            outcome = _carry_out(runtime, run, read(run.register, stream), progress)
        sentence = ""
    except SheetError as error:
        sentence = error.sentence
        raise
    finally:
        if sentence:
            runs.refuse(runtime, run_id, sentence)
    return outcome


def _carry_out(runtime: Runtime, run: ImportRun, rows: SheetRows, progress: Progress) -> ImportOutcome:
    keeper = _keeper(runtime, run)
    counts, done, sized = Counts(), 0, FIRST_SIZED
    rejects: list[SheetRow] = []
    progress(0, rows.total)
    for part in _parts(rows, keeper.batch_size):
        runtime.still_at_work()
        kept = _keep_again_if_raced(runtime, run, keeper, part)
        pairs = list(zip(part, kept, strict=True))
        rejects += [_with_problem(row, result) for row, result in pairs if result.result is Result.BAD]
        counts = counts.plus(Counter(str(result.result) for result in kept))
        done += len(part)
        with runtime.database.write(_SCOPE) as session:
            runs.note_progress(session, run.id, done, max(done, rows.total), counts)
        progress(done, max(done, rows.total))
        if not run.dry_run and done >= sized:
            runtime.database.note_sizes()
            sized = GROWS * done
    if not run.dry_run:
        with _session(runtime, run) as session:
            batch = Batch(runtime.now(), run.person_id)
            keeper.finish(session, batch)
            batch.write(session)
        runtime.database.note_sizes()
    progress(done, done)
    sha256 = runs.finish(runtime, run, counts, rejects)
    return ImportOutcome(counts.new, counts.changed, counts.same, counts.bad, sha256, run.id)


def _with_problem(row: SheetRow, kept: Kept) -> SheetRow:
    """Return a bad row with what the register said against it."""
    return replace(row, problems=(kept.problem,)) if kept.problem is not None else row


def _keeper(runtime: Runtime, run: ImportRun) -> Keeper:
    today = legal_day(runtime.now())
    with runtime.database.read(_SCOPE) as session:
        return keeper_for(session, run.register, run.org_id, run.person_id, today)


def _parts(rows: Iterator[SheetRow], size: int) -> Iterator[list[SheetRow]]:
    while part := list(islice(rows, size)):
        yield part


def _keep_again_if_raced(
    runtime: Runtime, run: ImportRun, keeper: Keeper, part: Sequence[SheetRow]
) -> list[Kept]:
    """Keep a part; when somebody registered one of its rows meanwhile, compare once more."""
    try:
        return _keep(runtime, run, keeper, part)
    except IntegrityError:
        return _keep(runtime, run, keeper, part)


def _keep(runtime: Runtime, run: ImportRun, keeper: Keeper, part: Sequence[SheetRow]) -> list[Kept]:
    good = [row for row in part if row.record is not None]
    with _session(runtime, run) as session:
        batch = Batch(runtime.now(), run.person_id)
        kept = dict(zip(map(id, good), keeper.keep(session, batch, good), strict=True)) if good else {}
        if not run.dry_run:
            batch.write(session)
    return [kept.get(id(row), Kept(Result.BAD)) for row in part]


def _session(runtime: Runtime, run: ImportRun) -> AbstractContextManager[Session]:
    if run.dry_run:
        return runtime.database.read(_SCOPE)
    return runtime.database.write(_SCOPE, now=runtime.now(), actor=run.person_id)


def start_run(runtime: Runtime, run_id: UUID) -> None:
    """Import a small file at once, leave a large one to the worker; a refusal stands in the run.

    Raises: NotFoundError.
    """
    with runtime.database.write(_SCOPE, now=runtime.now()) as session:
        run = session.get(ImportRun, run_id)
        if run is None:
            raise NotFoundError(kind="import_run", id=str(run_id))
        is_large = runtime.files.path(run.file_sha256).stat().st_size > SMALL
        if is_large:
            enqueue(session, "import_register", {"run_id": str(run_id)}, run_at=runtime.now())
    if not is_large:
        with suppress(SheetError):
            carry_out(runtime, run_id)
