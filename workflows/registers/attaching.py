"""Files of a record: the contract itself, the evidence of a listing, a certificate (第五、七、十四条)."""

from collections.abc import Mapping
from typing import Any  # Any: rows of the tables of the registers
from uuid import UUID

from msgspec import Struct
from sqlalchemy.orm import Session

from store.events import RecordDraft, append_records
from store.scope import Scope, owner_of
from store.tables import Claim, EvidenceFile, Expert, Person, Policy, YearFact
from store.tables.base import Base
from workflows.errors import NotFoundError
from workflows.people import Actor
from workflows.registers.rights import require_importer
from workflows.registers.rosters import ROSTERS
from workflows.registers.written import written_record
from workflows.runtime import Runtime

_ROWS: Mapping[str, tuple[str, tuple[type[Base], ...]]] = {
    "policies": ("policy", (Policy,)),
    "claims": ("claim", (Claim,)),
    "year_facts": ("year_fact", (YearFact,)),
    "people": ("person", (Expert, Person)),
}
"""Register → the record kind of its events, and the rows whose owners a file gets, the first that is there."""
_SCOPE = Scope.everything("a file is attached to a record that the person answers for")


class AttachFile(Struct, frozen=True):
    """Attach an uploaded file to a record of a register."""

    register: str
    record_id: UUID
    file_id: UUID


def attachable() -> frozenset[str]:
    """Return the registers whose records have files."""
    return frozenset(_ROWS) | frozenset(ROSTERS)


def subject_of(register: str) -> str:
    """Return the word under which files and events of a register's records are kept."""
    return ROSTERS[register].record_kind if register in ROSTERS else _ROWS[register][0]


def attach_file(runtime: Runtime, command: AttachFile, actor: Actor) -> None:
    """Attach a file that the person uploaded; doing it again changes nothing.

    Raises: NotAllowedError, NotFoundError for a record of others and for a file of somebody else.
    """
    require_importer(command.register, actor)
    now = runtime.now()
    with runtime.database.read(actor.scope) as session:
        seen = written_record(session, command.register, command.record_id)
    if seen is None or actor.org_id not in seen.owners:
        raise NotFoundError(kind=command.register, id=str(command.record_id))
    with runtime.database.write(_SCOPE, now=now, actor=actor.person_id) as session:
        file = session.get(EvidenceFile, command.file_id, with_for_update=True)
        if file is None or file.uploaded_by != actor.person_id or file.case_id is not None:
            raise NotFoundError(kind="file", id=str(command.file_id))
        if file.subject is not None:
            return
        subject = subject_of(command.register)
        file.subject, file.subject_id = subject, command.record_id
        for name, value in _owners(session, command, actor).items():
            setattr(file, name, value)
        body = {"file": file.name, "sha256": file.sha256}
        told = RecordDraft(subject, command.record_id, "file_attached", body, actor.org_id)
        append_records(session, [told], actor.person_id, now)


def _owners(session: Session, command: AttachFile, actor: Actor) -> Mapping[str, object]:
    roster = ROSTERS.get(command.register)
    tables = (roster.source.tables[0],) if roster is not None else _ROWS[command.register][1]
    found = (session.get(table, command.record_id) for table in tables)
    row: Any = next((each for each in found if each is not None), None)
    if hasattr(row, "insurer_id"):
        return owner_of(row)
    return {"org_id": getattr(row, "org_id", actor.org_id)}
