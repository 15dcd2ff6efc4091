"""One record, entered or corrected by hand: the importer's checks, the importer's keepers, one transaction."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from msgspec import Struct
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from documents.sheets import Problem, SheetRow, read_entered, register_of
from store.scope import Scope
from workflows.errors import InvalidAnswersError, NotFoundError, StaleRecordError
from workflows.people import Actor
from workflows.registers.batch import Batch, Kept, Result
from workflows.registers.keepers import keeper_for
from workflows.registers.rights import require_importer
from workflows.registers.written import WrittenRecord, written_record
from workflows.runtime import Runtime, legal_day

WHOLE = ""
"""The name under which an error of the whole record stands, where no field is to blame."""
_SCOPE = Scope.everything("a record that is entered is compared with what is registered")


class EnterRecord(Struct, frozen=True):
    """Register a record, or correct one; `written` is column key → text, `version` what the person saw."""

    register: str
    written: Mapping[str, str]
    record_id: UUID | None = None
    version: str = ""


def enter_record(runtime: Runtime, command: EnterRecord, actor: Actor) -> UUID:
    """Keep one record as the importer would; the same record sent again changes nothing.

    Raises: NotAllowedError, NotFoundError, InvalidAnswersError by column key, StaleRecordError.
    """
    require_importer(command.register, actor)
    if command.record_id is not None:
        with runtime.database.read(actor.scope) as session:
            seen = _seen(session, command.register, command.record_id)
        if actor.org_id not in seen.owners:
            raise NotFoundError(kind=command.register, id=str(command.record_id))
    try:
        return _enter(runtime, command, actor)
    except (IntegrityError, StaleDataError):  # somebody was faster: compare once more
        return _enter(runtime, command, actor)


def _enter(runtime: Runtime, command: EnterRecord, actor: Actor) -> UUID:
    now = runtime.now()
    today = legal_day(now)
    with runtime.database.write(_SCOPE, now=now, actor=actor.person_id) as session:
        known = _seen(session, command.register, command.record_id) if command.record_id else None
        row = _read(command, known)
        keeper = keeper_for(
            session, command.register, actor.org_id, actor.person_id, today, command.record_id
        )
        batch = Batch(now, actor.person_id, blanks_clear=known is not None)
        (kept,) = keeper.keep(session, batch, [row])
        _require_fit(command, kept, known)
        batch.write(session)
        links = Batch(now, actor.person_id)
        keeper.finish(session, links)
        links.write(session)
    if kept.object_id is None:
        raise NotFoundError(kind=command.register, id=str(command.record_id))
    return kept.object_id


def _seen(session: Session, register: str, record_id: UUID) -> WrittenRecord:
    found = written_record(session, register, record_id)
    if found is None:
        raise NotFoundError(kind=register, id=str(record_id))
    return found


def _read(command: EnterRecord, known: WrittenRecord | None) -> SheetRow:
    written = dict(command.written) if known is None else known.completed(command.written)
    row = read_entered(command.register, written)
    if row.problems:
        raise InvalidAnswersError(_by_key(command.register, row.problems), dict(command.written))
    return row


def _require_fit(command: EnterRecord, kept: Kept, known: WrittenRecord | None) -> None:
    """Refuse what the register says no to, what is registered already, and what has changed meanwhile."""
    if kept.result is Result.BAD:
        problem = kept.problem or Problem("", "不能登记")
        raise InvalidAnswersError(_by_key(command.register, [problem]), dict(command.written))
    if known is None:
        if kept.result is Result.CHANGED:
            key = register_of(command.register).identity[-1 if command.register != "year_facts" else 1]
            raise InvalidAnswersError(
                {key: "已经登记过，内容与这里不同：请打开那一条再改"}, dict(command.written)
            )
        return
    if kept.result is Result.CHANGED and command.version != known.version:
        raise StaleRecordError(command.register, known.id)


def _by_key(register: str, problems: Iterable[Problem]) -> dict[str, str]:
    """Return column key → sentence; what is about no column stands under the whole."""
    keys = {column.title: column.key for column in register_of(register).columns}
    found: dict[str, str] = {}
    for problem in problems:
        found.setdefault(keys.get(problem.column, WHOLE), problem.message)
    return found
