"""The bell: notices to a person, or to the people of an organization with a role."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from msgspec import Struct
from sqlalchemy import ColumnElement, Select, and_, exists, or_, select
from sqlalchemy.orm import Session

from store.tables import Notice, NoticeRead

PAGE = 50


class NoticeLine(Struct, frozen=True):
    """A notice as the page shows it."""

    id: UUID
    kind: str
    title: str
    body: str
    link: str
    at: datetime
    is_read: bool


def notices_for(
    session: Session, person_id: UUID, roles: Collection[str], org_id: UUID, *, before: datetime | None = None
) -> list[NoticeLine]:
    """Return the latest notices, those before a moment for the next page; one more than a page holds."""
    read = _is_read(person_id)
    statement = select(Notice, read.label("is_read")).where(_addressed(person_id, roles, org_id))
    if before is not None:
        statement = statement.where(Notice.at < before)
    rows = session.execute(statement.order_by(Notice.at.desc(), Notice.id.desc()).limit(PAGE + 1))
    return [
        NoticeLine(notice.id, notice.kind, notice.title, notice.body, notice.link, notice.at, bool(is_read))
        for notice, is_read in rows
    ]


def link_of(session: Session, notice_id: UUID, person_id: UUID, roles: Collection[str], org_id: UUID) -> str:
    """Return where a notice leads; empty for one that leads nowhere or is not addressed to the person."""
    addressed = _addressed(person_id, roles, org_id)
    return session.scalar(select(Notice.link).where(Notice.id == notice_id, addressed)) or ""


def unread_for(person_id: UUID, roles: Collection[str], org_id: UUID) -> Select[UUID]:
    """Return the statement that finds what the person has not read."""
    return select(Notice.id).where(_addressed(person_id, roles, org_id), ~_is_read(person_id))


def mark_read(
    session: Session,
    person_id: UUID,
    roles: Collection[str],
    org_id: UUID,
    now: datetime,
    notice_id: UUID | None,
) -> None:
    """Note that the person has read one notice, or all of them when none is named."""
    statement = unread_for(person_id, roles, org_id)
    if notice_id is not None:
        statement = statement.where(Notice.id == notice_id)
    session.add_all(
        NoticeRead(notice_id=found, person_id=person_id, read_at=now)
        for found in session.scalars(statement.limit(500)).all()
    )


def _addressed(person_id: UUID, roles: Collection[str], org_id: UUID) -> ColumnElement[bool]:
    to_role = and_(Notice.person_id.is_(None), Notice.role.in_(sorted(roles)), Notice.holder_id == org_id)
    return or_(Notice.person_id == person_id, to_role)


def _is_read(person_id: UUID) -> ColumnElement[bool]:
    seen = exists().where(NoticeRead.notice_id == Notice.id, NoticeRead.person_id == person_id)
    return or_(Notice.read_at.is_not(None), seen)
