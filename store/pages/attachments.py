"""The files that were attached to a record of the registers."""

from datetime import datetime
from uuid import UUID

from msgspec import Struct
from sqlalchemy import select
from sqlalchemy.orm import Session

from store.tables import EvidenceFile, Person

SHOWN = 100


class Attachment(Struct, frozen=True):
    """A file as a record's page lists it."""

    id: UUID
    name: str
    size: int
    sha256: str
    at: datetime
    person: str


def attachments_of(session: Session, subject: str, record_id: UUID) -> tuple[Attachment, ...]:
    """Return the files of a record that the person sees, the newest first."""
    query = (
        select(EvidenceFile, Person.name)
        .outerjoin(Person, Person.id == EvidenceFile.uploaded_by)
        .where(EvidenceFile.subject == subject, EvidenceFile.subject_id == record_id)
        .order_by(EvidenceFile.uploaded_at.desc(), EvidenceFile.id)
        .limit(SHOWN)
    )
    return tuple(
        Attachment(file.id, file.name, file.size, file.sha256, file.uploaded_at, person or "")
        for file, person in session.execute(query)
    )
