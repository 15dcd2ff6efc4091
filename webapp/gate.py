"""The gate before every view: signed in, the right role, the right origin, a known token."""

from flask import Flask, abort, redirect, request, url_for
from flask_wtf.csrf import CSRFProtect
from werkzeug.wrappers import Response

from webapp import access
from webapp.identity import signed_in_or_none
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
        abort(403)
    return None
