"""Who asks: the signed-in person of this request, as Flask-Login's user and as the handlers' actor."""

from contextlib import suppress
from typing import cast

from flask import Flask, current_app, g, request, session
from flask_login import LoginManager, current_user, login_user, logout_user
from msgspec import Struct
from sqlalchemy.exc import OperationalError

from store.access_log import Action, log_access
from store.scope import Scope
from webapp import sessions
from webapp.sessions import SignedIn
from workflows.people import Actor
from workflows.runtime import Runtime

SIGN_IN = Scope.everything("sign-in looks for accounts and sessions")
_RUNTIME = "weiran"
_USER = "_login_user"
"""Where Flask-Login keeps the user of a request."""


class User(Struct, frozen=True):
    """What Flask-Login wants of a user; its id is the secret of the session, never the person's id."""

    token: str
    signed_in: SignedIn
    is_authenticated: bool = True
    is_active: bool = True
    is_anonymous: bool = False

    def get_id(self) -> str:
        """Return what the cookie carries."""
        return self.token


def init_identity(app: Flask, runtime: Runtime) -> None:
    """Connect Flask-Login to our sessions."""
    app.extensions[_RUNTIME] = runtime
    manager = LoginManager(app)
    manager.session_protection = None
    manager.user_loader(_load_user)


def the_runtime() -> Runtime:
    """Return what the handlers need, as `create_app` got it."""
    return cast("Runtime", current_app.extensions[_RUNTIME])


def sign_in(token: str) -> None:
    """Put the secret into a fresh cookie: nothing of the anonymous session goes over."""
    signed_in = _read(token)
    session.clear()
    if signed_in is not None:
        login_user(User(token, signed_in))


def sign_out() -> None:
    """End the session of this browser."""
    who = signed_in_or_none()
    if who is not None:
        now = the_runtime().now()
        with the_runtime().database.write(SIGN_IN) as db:
            sessions.revoke(db, who.session_id, who.person_id, now)
            log_access(db, Action.SIGNED_OUT, now, person_id=who.person_id, address=request.remote_addr or "")
    logout_user()
    session.clear()


def ask_no_more() -> None:
    """Take whoever is not known yet for nobody: a page that says the database is away must not ask it who looks."""
    if not hasattr(g, _USER):
        setattr(g, _USER, current_app.login_manager.anonymous_user())  # type: ignore[attr-defined]  # Flask-Login puts it there


def signed_in_or_none() -> SignedIn | None:
    """Return the person of this request, if somebody is signed in."""
    return current_user.signed_in if current_user.is_authenticated else None


def signed_in() -> SignedIn:
    """Return the person of this request; only behind the gate of `webapp.access`."""
    who = signed_in_or_none()
    if who is None:
        raise RuntimeError("no one is signed in: the route is public, but asks for a person")
    return who


def actor() -> Actor:
    """Return the person of this request as the handlers know it."""
    if "actor" not in g:
        g.actor = actor_of(signed_in())
    return cast("Actor", g.actor)


def actor_of(who: SignedIn) -> Actor:
    """Return the actor for a signed-in person."""
    return Actor(
        person_id=who.person_id, name=who.name, roles=who.roles, org_id=who.org_id, scope=_scope_of(who)
    )


def _scope_of(who: SignedIn) -> Scope:
    regions = who.regions
    if "district_office" in who.roles and who.org_region:
        regions = regions | {who.org_region}
    return Scope(
        person_id=who.person_id,
        roles=who.roles,
        org_id=who.org_id,
        org_kind=who.org_kind,
        region_codes=regions,
        industry=who.org_industry,
        now=the_runtime().now(),
    )


def _load_user(token: str) -> User | None:
    found = _read(token)
    return User(token, found) if found is not None else None


def _read(token: str) -> SignedIn | None:
    runtime = the_runtime()
    now = runtime.now()
    with runtime.database.read(SIGN_IN) as db:
        found = sessions.find_session(db, token, now)
    if found is not None and now - found.seen_at >= sessions.SEEN_STEP:
        # What is there can be read while nothing can be written: a full disk, a database that only reads.
        with suppress(OperationalError), runtime.database.write(SIGN_IN) as db:
            sessions.note_seen(db, found.session_id, now)
    return found
