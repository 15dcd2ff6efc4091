"""The headers of every answer: one content security policy, no exceptions outside the studio."""

from collections.abc import Mapping

from flask import Flask, Response, request

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
    "connect-src 'self'; font-src 'self'; worker-src 'self'; manifest-src 'self'; "
    "form-action 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'"
)
STUDIO_POLICY = POLICY.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'")
STUDIO_ENDPOINTS = frozenset({"studio.draft"})
"""Where diagrams are drawn: the drawing board sets styles of its own. Scripts are as strict as elsewhere."""
FILE_POLICY = "default-src 'none'; sandbox"
FILE_ENDPOINTS = frozenset({"files.download", "files.rendition"})
ALWAYS: Mapping[str, str] = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), geolocation=(self)",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
A_YEAR = 365 * 24 * 3600


def init_headers(app: Flask) -> None:
    """Put the headers on every answer of the application."""
    app.after_request(_set_headers)


def _set_headers(response: Response) -> Response:
    for name, value in ALWAYS.items():
        response.headers[name] = value
    response.headers["Content-Security-Policy"] = _policy(request.endpoint or "")
    if request.is_secure:
        response.headers["Strict-Transport-Security"] = f"max-age={A_YEAR}; includeSubDomains"
    if request.endpoint == "static":
        response.headers["Cache-Control"] = _static_caching()
    else:
        response.headers.setdefault("Cache-Control", "no-store")
    return response


def _policy(endpoint: str) -> str:
    if endpoint in FILE_ENDPOINTS:
        return FILE_POLICY
    return STUDIO_POLICY if endpoint in STUDIO_ENDPOINTS else POLICY


def _static_caching() -> str:
    hashed = request.path.startswith("/static/dist/") and not request.path.endswith((".json", ".txt"))
    return f"public, max-age={A_YEAR}, immutable" if hashed else "no-cache"
