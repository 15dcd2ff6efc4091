"""The log of contacts with a unit: who spoke to whom when about what (第十三条: 主动与投保单位对接)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from msgspec import Struct
from sqlalchemy import select
from sqlalchemy.orm import Session

from rules.vocabulary import choices, label
from store.scope import Scope
from store.tables import ContactLog, EvidenceFile, Policyholder
from workflows.administration import one_line, only_once, tell
from workflows.errors import InvalidAnswersError, NotAllowedError, NotFoundError
from workflows.people import Actor
from workflows.reading import require_visible
from workflows.runtime import SHANGHAI, Runtime

WRITERS: Final = frozenset({"coordinator", "provider_manager"})
SUBJECT: Final = ContactLog.__tablename__
LONGEST_NAME: Final = 50
LONGEST: Final = 1000
_SCOPE: Final = Scope.everything("a contact with a unit is noted")


class NoteContact(Struct, frozen=True):
    """One contact as it was typed; the moment is that of a wall clock in Beijing (ISO)."""

    unit_id: UUID
    contacted_at: str
    method: str
    contact: str
    content: str
    file_ids: tuple[UUID, ...]
    key: str


def note_contact(runtime: Runtime, command: NoteContact, actor: Actor) -> None:
    """Add a contact to the log; what is noted stays.

    Raises: NotFoundError, NotAllowedError, InvalidAnswersError, RepeatedCommandError.
    """
    require_visible(runtime, Policyholder, command.unit_id, actor, "unit")
    if not actor.roles & WRITERS:
        raise NotAllowedError("contact", "unit")
    now = runtime.now()
    at, contact, content = _checked(command, now)
    with runtime.database.write(_SCOPE, now=now, actor=actor.person_id) as session:
        only_once(session, actor, command.key, now)
        unit = session.get_one(Policyholder, command.unit_id)
        owners = {
            "org_id": unit.org_id,
            "insurer_id": unit.insurer_id,
            "policyholder_id": unit.organization_id,
            "region_code": unit.region_code,
            "industry": unit.industry,
        }
        files = _own_files(session, command.file_ids, actor)
        row = ContactLog(
            contacted_at=at,
            method=command.method,
            contact=contact,
            content=content,
            evidence=[str(file.id) for file in files],
            person_id=actor.person_id,
            **owners,
        )
        session.add(row)
        session.flush()
        for file in files:
            file.subject, file.subject_id = SUBJECT, row.id
            for name, value in owners.items():
                setattr(file, name, value)
        how = label("contact_method", command.method)
        text = f"{actor.name}{how}联系{contact}：{content}"
        tell(session, ("policyholder", unit.organization_id), "contacted", text, actor, now, unit.org_id)


def _checked(command: NoteContact, now: datetime) -> tuple[datetime, str, str]:
    """Return the moment and the clean texts. Raises: InvalidAnswersError."""
    errors = {}
    at = _moment(command.contacted_at)
    if at is None or at > now:
        errors["contacted_at"] = "写什么时候联系的，不能晚于现在"
    if command.method not in dict(choices("contact_method")):
        errors["method"] = "选怎么联系的"
    contact, content = one_line(command.contact)[:LONGEST_NAME], one_line(command.content)[:LONGEST]
    if not contact:
        errors["contact"] = "写联系了谁"
    if not content:
        errors["content"] = "写谈了什么"
    if errors or at is None:
        raise InvalidAnswersError(errors)
    return at, contact, content


def _moment(text: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return at.replace(tzinfo=SHANGHAI) if at.tzinfo is None and at.year >= 2000 else None  # our times


def _own_files(session: Session, ids: Sequence[UUID], actor: Actor) -> Sequence[EvidenceFile]:
    """Return the files that the person has just uploaded. Raises: NotFoundError for one of somebody else."""
    files = session.scalars(select(EvidenceFile).where(EvidenceFile.id.in_(ids)).with_for_update()).all()
    for file in files:
        if file.uploaded_by != actor.person_id or file.subject is not None or file.case_id is not None:
            raise NotFoundError(kind="file", id=str(file.id))
    return files
