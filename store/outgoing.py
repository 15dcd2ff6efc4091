"""What of the bell is to leave by mail: the notices themselves are the outbox, and a job's key says what has left."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from msgspec import Struct
from sqlalchemy import ColumnElement, and_, exists, select
from sqlalchemy.orm import Session

from store.tables import Job, Notice, Person, RoleGrant

AT_ONCE = 500


class Kind(StrEnum):
    """What people may want by mail."""

    DEADLINES = "deadlines"
    NEWS = "news"


DEADLINES = frozenset({"reminder", "escalation", "expiry", "invariants"})
"""The kinds of notices that tell of a day; all others are news."""


class Due(Struct, frozen=True):
    """A notice that somebody wants by mail."""

    notice_id: UUID
    person_id: UUID
    at: datetime

    @property
    def key(self) -> str:
        """The same for the same notice to the same person, always."""
        return f"mail-{self.notice_id.hex}-{self.person_id.hex}"


def letters_due(session: Session, since: datetime) -> list[Due]:
    """Return what was told since a moment, is wanted by mail and was never queued, the oldest first."""
    to_person = Notice.person_id == Person.id
    to_role = and_(Notice.person_id.is_(None), Notice.holder_id == Person.org_id, _holds_the_role())
    found = [due for addressed in (to_person, to_role) for due in _wanted(session, addressed, since)]
    found.sort(key=lambda due: (due.at, due.key))
    known: set[str | None] = set()
    for first in range(0, len(found), AT_ONCE):
        keys = [due.key for due in found[first : first + AT_ONCE]]
        known |= set(session.scalars(select(Job.key).where(Job.key.in_(keys))))
    return [due for due in found if due.key not in known]


def _wanted(session: Session, addressed: ColumnElement[bool], since: datetime) -> list[Due]:
    """Return all that is wanted: the span between two looks is its limit."""
    rows = session.execute(
        select(Notice.id, Notice.at, Notice.kind, Person.id, Person.mail_kinds)
        .join(Person, addressed)
        .where(Person.mail_since.is_not(None), Person.active)
        .where(Notice.at >= since, Notice.at >= Person.mail_since, Notice.read_at.is_(None))
    )
    return [
        Due(notice_id, person_id, at)
        for notice_id, at, kind, person_id, wanted in rows
        if (Kind.DEADLINES if kind in DEADLINES else Kind.NEWS) in wanted
    ]


def _holds_the_role() -> ColumnElement[bool]:
    held = and_(RoleGrant.person_id == Person.id, RoleGrant.role == Notice.role)
    return exists().where(held, RoleGrant.revoked_at.is_(None))
