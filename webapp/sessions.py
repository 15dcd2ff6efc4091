"""Browsers that are signed in: rows of `login_session`, found by the hash of a secret in the cookie."""

import hashlib
import secrets
from datetime import datetime, timedelta
from uuid import UUID

from msgspec import Struct
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from store.tables import LoginSession, Organization, Person, RoleGrant

IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=12)
SEEN_STEP = timedelta(minutes=1)
_USER_AGENT = 300


class SignedIn(Struct, frozen=True):
    """A session with its person, the roles and the organization, as they are now."""

    session_id: UUID
    seen_at: datetime
    stepped_up_at: datetime | None
    person_id: UUID
    name: str
    login: str
    must_change_password: bool
    org_id: UUID
    org_name: str
    org_kind: str
    org_region: str | None
    org_industry: str | None
    roles: frozenset[str]
    regions: frozenset[str]


class OwnSession(Struct, frozen=True):
    """A line of the list of own sessions."""

    id: UUID
    created_at: datetime
    seen_at: datetime
    user_agent: str
    address: str
    is_this: bool


def open_session(
    session: Session, person_id: UUID, now: datetime, *, keep: bool, user_agent: str, address: str
) -> str:
    """Sign a browser in; return the secret that its cookie carries."""
    token = secrets.token_urlsafe(32)
    session.add(
        LoginSession(
            token_hash=hash_token(token),
            person_id=person_id,
            created_at=now,
            seen_at=now,
            stepped_up_at=now,
            expires_at=now + LONGEST,
            keep=keep,
            user_agent=user_agent[:_USER_AGENT],
            address=address,
        )
    )
    return token


def find_session(session: Session, token: str, now: datetime) -> SignedIn | None:
    """Return who is signed in by this secret, or None when the session or the account has ended."""
    statement = (
        select(LoginSession, Person, Organization)
        .join(Person, Person.id == LoginSession.person_id)
        .join(Organization, Organization.id == Person.org_id)
        .where(LoginSession.token_hash == hash_token(token))
    )
    row = session.execute(statement).one_or_none()
    if row is None:
        return None
    found, person, organization = row
    if not _is_open(found, now) or not person.active or organization.status != "active":
        return None
    grants = session.scalars(
        select(RoleGrant).where(RoleGrant.person_id == person.id, RoleGrant.revoked_at.is_(None))
    ).all()
    return SignedIn(
        session_id=found.id,
        seen_at=found.seen_at,
        stepped_up_at=found.stepped_up_at,
        person_id=person.id,
        name=person.name,
        login=person.login or "",
        must_change_password=person.must_change_password,
        org_id=organization.id,
        org_name=organization.name,
        org_kind=organization.kind,
        org_region=organization.region_code,
        org_industry=organization.industry,
        roles=frozenset(grant.role for grant in grants),
        regions=frozenset(str(region) for grant in grants for region in grant.regions),
    )


def note_seen(session: Session, session_id: UUID, now: datetime) -> None:
    """Push the idle end of a session forward."""
    session.execute(update(LoginSession).where(LoginSession.id == session_id).values(seen_at=now))


def revoke(session: Session, session_id: UUID, person_id: UUID, now: datetime) -> bool:
    """End one session of this person; tell whether there was one."""
    done = session.execute(
        update(LoginSession)
        .where(
            LoginSession.id == session_id,
            LoginSession.person_id == person_id,
            LoginSession.revoked_at.is_(None),
        )
        .values(revoked_at=now)
        .returning(LoginSession.id)
    )
    return done.first() is not None


def revoke_others(session: Session, person_id: UUID, now: datetime, *, but: UUID | None = None) -> None:
    """End all sessions of a person, but for the one that asks."""
    statement = update(LoginSession).where(
        LoginSession.person_id == person_id, LoginSession.revoked_at.is_(None)
    )
    if but is not None:
        statement = statement.where(LoginSession.id != but)
    session.execute(statement.values(revoked_at=now))


def own_sessions(session: Session, person_id: UUID, this: UUID, now: datetime) -> list[OwnSession]:
    """Return the open sessions of a person, the latest first."""
    rows = session.scalars(
        select(LoginSession)
        .where(
            LoginSession.person_id == person_id,
            LoginSession.revoked_at.is_(None),
            LoginSession.expires_at > now,
        )
        .order_by(LoginSession.seen_at.desc())
        .limit(50)
    )
    return [
        OwnSession(row.id, row.created_at, row.seen_at, row.user_agent, row.address, row.id == this)
        for row in rows
        if _is_open(row, now)
    ]


def hash_token(token: str) -> str:
    """Return what is kept of a secret."""
    return hashlib.sha256(token.encode()).hexdigest()


def _is_open(found: LoginSession, now: datetime) -> bool:
    idle_end = found.expires_at if found.keep else found.seen_at + IDLE
    return found.revoked_at is None and now < min(found.expires_at, idle_end)
