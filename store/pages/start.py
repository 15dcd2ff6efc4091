"""The start page: the most urgent work of a person, and the figures that a role watches."""

from datetime import date, datetime
from uuid import UUID

from msgspec import Struct
from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import Session

from store.pages.hazards import RUNNING
from store.pages.inbox import InboxRow, Reader, View, inbox_page
from store.pages.visit_counts import in_force, is_short
from store.tables import Hazard, Person, Policy, RecordEvent, RoleGrant

SHOWN = 3
COUNTED_AT_MOST = 1000


class Administered(Struct, frozen=True):
    """What a security administrator watches: people without a role, without a password, locked or gone."""

    without_role: int
    without_password: int
    fresh: int


def most_urgent(session: Session, reader: Reader) -> tuple[InboxRow, ...]:
    """Return the first items of the person's own work and of the pool, by the day they are due."""
    rows = [row for view in (View.MINE, View.POOL) for row in inbox_page(session, reader, view).rows[:SHOWN]]
    dated = sorted((row for row in rows if row.due_on is not None), key=lambda row: str(row.due_on))
    return tuple([*dated, *(row for row in rows if row.due_on is None)][:SHOWN])


def open_major_hazards(session: Session) -> int:
    """Return how many major hazards are not yet closed, as far as the person sees them."""
    return _count(session, select(Hazard.id).where(Hazard.level == "major", Hazard.state.in_(RUNNING)))


def overdue_hazards(session: Session, today: date) -> int:
    """Return how many hazards are open past their deadline, as far as the person sees them."""
    late = select(Hazard.id).where(
        Hazard.state.in_(RUNNING), Hazard.deadline < today, Hazard.notified_on.is_not(None)
    )
    return _count(session, late)


def short_units(session: Session, today: date) -> int:
    """Return how many units are owed visits that are neither done nor arranged (第十四条)."""
    return _count(session, select(Policy.policyholder_id).where(in_force(today), is_short()).distinct())


def administered(session: Session) -> Administered:
    """Return what stands open with accounts."""
    granted = select(RoleGrant.id).where(RoleGrant.person_id == Person.id, RoleGrant.revoked_at.is_(None))
    return Administered(
        without_role=_count(session, _people(~granted.exists())),
        without_password=_count(session, _people(Person.password_hash.is_(None))),
        fresh=_count(
            session, _people(Person.must_change_password.is_(True), Person.password_hash.is_not(None))
        ),
    )


def changes_since(session: Session, midnight: datetime) -> int:
    """Return how many records were changed since then."""
    return _count(session, select(RecordEvent.record_id).where(RecordEvent.at >= midnight))


def _people(*conditions: ColumnElement[bool]) -> Select[UUID]:
    return select(Person.id).where(and_(Person.active.is_(True), Person.login.is_not(None), *conditions))


def _count(session: Session, query: Select[UUID] | Select[UUID | None]) -> int:
    return session.scalar(select(func.count()).select_from(query.limit(COUNTED_AT_MOST).subquery())) or 0
