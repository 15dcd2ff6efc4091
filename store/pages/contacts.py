"""The log of contacts with a unit, the latest first."""

from datetime import datetime
from uuid import UUID

from msgspec import Struct
from sqlalchemy import select
from sqlalchemy.orm import Session

from store.pages.histories import names_of
from store.pages.keyset import PAGE, before
from store.tables import ContactLog, EvidenceFile

Key = tuple[datetime, UUID]
_ORDER = (ContactLog.contacted_at, ContactLog.id)


class ContactLine(Struct, frozen=True):
    """One contact, and who of ours it was; `files` are those that the person may open."""

    row: ContactLog
    person: str
    files: tuple[tuple[UUID, str], ...]


def contacts_of(
    session: Session, unit_id: UUID, after: Key | None = None, most: int = PAGE
) -> tuple[list[ContactLine], Key | None]:
    """Return a page of contacts with a unit, and the last one of it if more follow."""
    query = select(ContactLog).where(ContactLog.policyholder_id == unit_id)
    if after is not None:
        query = query.where(before(_ORDER, after))
    rows = session.scalars(query.order_by(*(column.desc() for column in _ORDER)).limit(most + 1)).all()
    shown = rows[:most]
    names = names_of(session, {row.person_id for row in shown if row.person_id is not None})
    wanted = [UUID(str(one)) for row in shown for one in row.evidence]
    found = session.execute(select(EvidenceFile.id, EvidenceFile.name).where(EvidenceFile.id.in_(wanted)))
    files = {file_id: name for file_id, name in found}  # noqa: C416  # rows are not tuples to mypy
    lines = [
        ContactLine(
            row,
            names.get(row.person_id, "") if row.person_id else "",
            tuple((one, files[one]) for one in (UUID(str(each)) for each in row.evidence) if one in files),
        )
        for row in shown
    ]
    return lines, (shown[-1].contacted_at, shown[-1].id) if len(rows) > most else None
