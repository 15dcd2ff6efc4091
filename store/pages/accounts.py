"""The pages of people and their accounts, as a security administrator sees them."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from msgspec import Struct
from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import Session, undefer

from store.masking import masked_mobile
from store.pages.keyset import PAGE
from store.scope import widened
from store.search import matches
from store.tables import LoginSession, Organization, Person, RoleGrant, WorkItem

ITEMS_NAMED = 50
SESSIONS_SHOWN = 50


class Standing(StrEnum):
    """How an account stands."""

    ACTIVE = "active"
    FRESH = "fresh"
    NO_ROLE = "no_role"
    WITHOUT_PASSWORD = "without_password"  # noqa: S105  # a state, not a password
    LOCKED = "locked"
    LEFT = "left"


class AccountRow(Struct, frozen=True):
    """A line of the list."""

    id: UUID
    name: str
    login: str
    title: str
    organization: str
    roles: tuple[str, ...]
    standing: Standing
    seen_at: datetime | None


class AccountPage(Struct, frozen=True):
    """One page of the list, and the id behind which the next one begins."""

    rows: tuple[AccountRow, ...]
    next: UUID | None


class Filters(Struct, frozen=True):
    """What the list is narrowed to."""

    query: str = ""
    role: str = ""
    standing: Standing | None = None
    organization: UUID | None = None


class Grant(Struct, frozen=True):
    """A role that somebody holds."""

    role: str
    regions: tuple[str, ...]
    granted_at: datetime


class OpenSession(Struct, frozen=True):
    """A browser that a person is signed in to."""

    id: UUID
    created_at: datetime
    seen_at: datetime
    user_agent: str
    address: str


class OpenItem(Struct, frozen=True):
    """Work that lies with a person: what it is, not what is in it."""

    id: UUID
    title: str
    role: str
    due_on: date | None


class AccountCard(Struct, frozen=True):
    """A person as the page and the form show them; `mobile` is masked."""

    id: UUID
    name: str
    login: str
    title: str
    mobile: str
    org_id: UUID
    organization: str
    organization_kind: str
    organization_open: bool
    standing: Standing
    row_version: int
    password_changed_at: datetime | None
    grants: tuple[Grant, ...]
    sessions: tuple[OpenSession, ...]
    items: int


def accounts(session: Session, filters: Filters, *, after: UUID | None = None) -> AccountPage:
    """Return one page, those added last first."""
    statement = _narrowed(select(Person, Organization.name), filters)
    statement = statement.join(Organization, Organization.id == Person.org_id)
    if after is not None:
        statement = statement.where(Person.id < after)
    found = session.execute(
        statement.options(undefer(Person.password_hash)).order_by(Person.id.desc()).limit(PAGE + 1)
    ).all()
    people = [person for person, _ in found[:PAGE]]
    roles, seen = _roles(session, people), _seen(session, people)
    rows = tuple(
        AccountRow(
            id=person.id,
            name=person.name,
            login=person.login or "",
            title=person.title,
            organization=organization,
            roles=tuple(sorted(roles.get(person.id, ()))),
            standing=_standing(person),
            seen_at=seen.get(person.id),
        )
        for person, organization in found[:PAGE]
    )
    return AccountPage(rows, people[-1].id if len(found) > PAGE else None)


def account_card(session: Session, person_id: UUID, now: datetime) -> AccountCard | None:
    """Return one person with roles, open sessions and the number of open items."""
    row = session.execute(
        select(Person, Organization)
        .join(Organization, Organization.id == Person.org_id)
        .where(Person.id == person_id)
        .options(undefer(Person.password_hash), undefer(Person.mobile))
    ).one_or_none()
    if row is None:
        return None
    person, organization = row
    return AccountCard(
        id=person.id,
        name=person.name,
        login=person.login or "",
        title=person.title,
        mobile=masked_mobile(person.mobile),
        org_id=organization.id,
        organization=organization.name,
        organization_kind=organization.kind,
        organization_open=organization.status == "active",
        standing=_standing(person),
        row_version=person.row_version,
        password_changed_at=person.password_changed_at,
        grants=_grants(session, person.id),
        sessions=_sessions(session, person.id, now),
        items=len(open_items(session, person.id)),
    )


def open_items(session: Session, person_id: UUID) -> tuple[OpenItem, ...]:
    """Return what lies with a person, the most urgent first, as far as it is named: steps, no content."""
    query = (
        select(WorkItem.id, WorkItem.title, WorkItem.role, WorkItem.due_on)
        .where(WorkItem.assignee_id == person_id, WorkItem.status < 2, WorkItem.assignee_id.is_not(None))
        .order_by(WorkItem.due_at, WorkItem.id)
        .limit(ITEMS_NAMED)
    )
    with widened(session, "the work of somebody who leaves, by its steps"):
        return tuple(OpenItem(*row) for row in session.execute(query))


def _narrowed(statement: Select[Person, str], filters: Filters) -> Select[Person, str]:
    if filters.query:
        statement = statement.where(matches(Person.bigrams, filters.query))
    if filters.organization is not None:
        statement = statement.where(Person.org_id == filters.organization)
    if filters.role:
        holders = select(RoleGrant.person_id).where(
            RoleGrant.role == filters.role, RoleGrant.revoked_at.is_(None)
        )
        statement = statement.where(Person.id.in_(holders))
    if filters.standing is None:
        return statement
    return statement.where(*_stands(filters.standing))


def _stands(standing: Standing) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions of one state; locked people and leavers are looked for together."""
    has_account = and_(Person.active, Person.login.is_not(None))
    held = select(RoleGrant.id).where(RoleGrant.person_id == Person.id, RoleGrant.revoked_at.is_(None))
    has_password = Person.password_hash.is_not(None)
    match standing:
        case Standing.LOCKED | Standing.LEFT:
            return (~Person.active,)
        case Standing.NO_ROLE:
            return (has_account, ~held.exists())
        case Standing.WITHOUT_PASSWORD:
            return (has_account, ~has_password)
        case Standing.FRESH:
            return (has_account, has_password, Person.must_change_password.is_(True))
        case _:
            return (Person.active.is_(True),)


def _standing(person: Person) -> Standing:
    if not person.active:
        return Standing.LOCKED if person.settings.get("standing") == "locked" else Standing.LEFT
    if person.password_hash is None or person.login is None:
        return Standing.WITHOUT_PASSWORD
    return Standing.FRESH if person.must_change_password else Standing.ACTIVE


def _roles(session: Session, people: Sequence[Person]) -> dict[UUID, set[str]]:
    held: dict[UUID, set[str]] = {}
    rows = session.execute(
        select(RoleGrant.person_id, RoleGrant.role).where(
            RoleGrant.person_id.in_([person.id for person in people]), RoleGrant.revoked_at.is_(None)
        )
    )
    for person_id, role in rows:
        held.setdefault(person_id, set()).add(role)
    return held


def _seen(session: Session, people: Collection[Person]) -> dict[UUID, datetime]:
    """Return when each person was last here; sessions are kept, so the newest one tells."""
    rows = session.execute(
        select(LoginSession.person_id, func.max(LoginSession.seen_at))
        .where(LoginSession.person_id.in_([person.id for person in people]))
        .group_by(LoginSession.person_id)
    )
    return {row[0]: row[1] for row in rows}


def _grants(session: Session, person_id: UUID) -> tuple[Grant, ...]:
    rows = session.scalars(
        select(RoleGrant)
        .where(RoleGrant.person_id == person_id, RoleGrant.revoked_at.is_(None))
        .order_by(RoleGrant.role)
    )
    return tuple(Grant(row.role, tuple(map(str, row.regions)), row.granted_at) for row in rows)


def _sessions(session: Session, person_id: UUID, now: datetime) -> tuple[OpenSession, ...]:
    rows = session.scalars(
        select(LoginSession)
        .where(
            LoginSession.person_id == person_id,
            LoginSession.revoked_at.is_(None),
            LoginSession.expires_at > now,
        )
        .order_by(LoginSession.seen_at.desc(), LoginSession.id)
        .limit(SESSIONS_SHOWN)
    )
    return tuple(
        OpenSession(row.id, row.created_at, row.seen_at, row.user_agent, row.address) for row in rows
    )
