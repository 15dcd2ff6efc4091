"""The cookie of a device that signed in before: it is counted apart when strangers guess at the account."""

import secrets

from flask import current_app, request
from itsdangerous import BadSignature, URLSafeSerializer
from werkzeug.wrappers import Response

from webapp.throttle import throttle_key

COOKIE = "device"
A_YEAR = 365 * 24 * 3600


def known_device(login: str) -> str:
    """Return the mark of this device if it signed in to this name before, else nothing."""
    try:
        name, mark = _serializer().loads(request.cookies.get(COOKIE, ""))
    except (BadSignature, ValueError, TypeError):
        return ""
    return str(mark) if name == throttle_key(login) else ""


def remember_device(response: Response, login: str) -> None:
    """Mark this device as one that signed in to this name."""
    mark = known_device(login) or secrets.token_urlsafe(12)
    response.set_cookie(
        COOKIE,
        _serializer().dumps([throttle_key(login), mark]),
        max_age=A_YEAR,
        httponly=True,
        samesite="Lax",
        secure=current_app.config["SESSION_COOKIE_SECURE"],
    )


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(str(current_app.secret_key), salt="device")
