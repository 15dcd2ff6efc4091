"""The gate before every view: signed in, the right role, the right origin, a known token."""

from flask import Flask, abort, redirect, request, url_for
from flask_wtf.csrf import CSRFProtect
from werkzeug.wrappers import Response

from store.access_log import Action, log_access, log_inspection
from store.grants import numbers_in_force
from webapp import access
from webapp.identity import SIGN_IN, signed_in, signed_in_or_none, the_runtime
from webapp.sign_in_again import ask_again

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
PASSWORD_PAGES = frozenset({"account.password", "account.logout", "static"})

csrf = CSRFProtect()


def init_gate(app: Flask) -> None:
    """Check every request before its view."""
    app.before_request(_refuse_foreign_origin)
    app.before_request(_let_in)
    csrf.init_app(app)


def _refuse_foreign_origin() -> None:
    if request.method not in SAFE_METHODS and request.headers.get("Sec-Fetch-Site") == "cross-site":
        abort(403)


def _let_in() -> Response | str | tuple[str, int] | None:
    endpoint = request.endpoint
    if endpoint is None or endpoint in access.PUBLIC:
        return None
    who = signed_in_or_none()
    if who is None:
        return ask_again()
    if who.must_change_password and endpoint not in PASSWORD_PAGES:
        return redirect(url_for("account.password"))
    if not access.may_open(endpoint, who.roles):
        _log_denial(endpoint)
        abort(403)
    if "auditor" in who.roles and endpoint.partition(".")[0] in access.INSPECTED:
        _log_inspection(endpoint)
    return None


def _log_denial(endpoint: str) -> None:
    who, runtime = signed_in(), the_runtime()
    now = runtime.now()
    with runtime.database.write(SIGN_IN, now=now) as session:
        log_access(
            session,
            Action.DENIED,
            now,
            person_id=who.person_id,
            org_id=who.org_id,
            object_kind=endpoint,
            address=request.remote_addr or "",
        )


def _log_inspection(endpoint: str) -> None:
    """Write down each look of an auditor into the business, as long as a grant shows anything of it."""
    who, runtime = signed_in(), the_runtime()
    now = runtime.now()
    with runtime.database.read(SIGN_IN) as session:
        grants = numbers_in_force(session, now)
    if not grants:
        return
    with runtime.database.write(SIGN_IN, now=now) as session:
        log_inspection(
            session,
            now,
            grants,
            endpoint,
            request.view_args or {},
            person_id=who.person_id,
            org_id=who.org_id,
            address=request.remote_addr or "",
        )
