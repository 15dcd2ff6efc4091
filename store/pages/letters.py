"""Messages that reached nobody, or that more than one case waits for: by name and sender, never by content."""

from datetime import datetime
from uuid import UUID

from msgspec import Struct
from sqlalchemy import select
from sqlalchemy.orm import Session

from store.scope import widened
from store.tables import Case, Message

SHOWN = 50
EXPIRED = "expired"
INCIDENT = "incident"


class Letter(Struct, frozen=True):
    """A message without a receiver; `sender` is the case that sent it, with its number and release."""

    id: UUID
    name: str
    process: str
    is_ambiguous: bool
    sender: tuple[UUID, str, UUID] | None
    sent_at: datetime


def undelivered(session: Session) -> tuple[Letter, ...]:
    """Return what was not delivered, the latest first."""
    query = select(Message).where(Message.state.in_((EXPIRED, INCIDENT)))
    rows = session.scalars(query.order_by(Message.sent_at.desc(), Message.id.desc()).limit(SHOWN)).all()
    ids = {row.sender_case_id for row in rows if row.sender_case_id}
    with widened(session, "the numbers of cases whose messages reached nobody"):
        cases = {case.id: case for case in session.scalars(select(Case).where(Case.id.in_(sorted(ids))))}
    found = []
    for row in rows:
        case = cases.get(row.sender_case_id) if row.sender_case_id else None
        sender = (case.id, case.number, case.release_id) if case is not None else None
        found.append(
            Letter(row.id, row.name, row.target_process or "", row.state == INCIDENT, sender, row.sent_at)
        )
    return tuple(found)
