"""A sign-in: one way and one sentence for every failure, whether the account exists or not."""

from datetime import datetime, timedelta
from uuid import UUID

from msgspec import Struct
from sqlalchemy import or_, select
from sqlalchemy.orm import Session, undefer

from store.access_log import Action, log_access
from store.secrets import blind
from store.tables import Organization, Person
from webapp import sessions
from webapp.identity import SIGN_IN
from webapp.throttle import count_failure, forget_failures, throttle_key, wait_left
from workflows.passwords import hash_password, is_outdated, password_fits
from workflows.runtime import Runtime


class Attempt(Struct, frozen=True):
    """What somebody typed, and from where. `device` names a device that signed in to this name before."""

    login: str
    password: str
    keep: bool
    device: str
    address: str
    user_agent: str


class Outcome(Struct, frozen=True):
    """A secret for the cookie, or how long to wait; neither when name and password do not fit."""

    token: str | None = None
    wait: timedelta = timedelta(0)


def try_sign_in(runtime: Runtime, attempt: Attempt) -> Outcome:
    """Check a name and a password and open a session for them."""
    now = runtime.now()
    key = throttle_key(attempt.login, attempt.device)
    with runtime.database.read(SIGN_IN) as session:
        wait = wait_left(session, key, now)
        account = _account(session, attempt.login)
    if wait:
        return Outcome(wait=wait)
    stored = account.password_hash if account is not None else None
    fits = password_fits(stored, attempt.password)
    if account is None or stored is None or not fits:
        with runtime.database.write(SIGN_IN, now=now) as session:
            count_failure(session, key, now)
            known = account.id if account is not None else None
            log_access(session, Action.SIGN_IN_FAILED, now, person_id=known, address=attempt.address)
        return Outcome()
    return Outcome(token=_open(runtime, attempt, account.id, stored, key, now))


def _open(runtime: Runtime, attempt: Attempt, person_id: UUID, stored: str, key: str, now: datetime) -> str:
    better = hash_password(attempt.password) if is_outdated(stored) else None
    with runtime.database.write(SIGN_IN, now=now, actor=person_id) as session:
        forget_failures(session, key)
        log_access(session, Action.SIGNED_IN, now, person_id=person_id, address=attempt.address)
        if better is not None:
            session.get_one(Person, person_id).password_hash = better
        return sessions.open_session(
            session, person_id, now, keep=attempt.keep, user_agent=attempt.user_agent, address=attempt.address
        )


def _account(session: Session, login: str) -> Person | None:
    """Return the one active account with this login or mobile number."""
    name = "".join(login.split())
    found = session.scalars(
        select(Person)
        .where(or_(Person.login == name, Person.mobile_index == blind(name)), Person.active)
        .where(Person.password_hash.is_not(None), Organization.status == "active")
        .join(Organization, Organization.id == Person.org_id)
        .options(undefer(Person.password_hash))
        .order_by(Person.id)
        .limit(10)
    ).all()
    by_login = [person for person in found if person.login == name]
    if by_login:
        return by_login[0]
    return found[0] if len(found) == 1 else None
