"""The number of a request: it stands in the answer, on the page of an error, and in every line of the log."""

import re
import secrets
from time import perf_counter

import structlog
from flask import Flask, g, request
from structlog.contextvars import bind_contextvars, clear_contextvars
from werkzeug.wrappers import Response

log = structlog.get_logger(__name__)
HEADER = "X-Request-ID"
_SANE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{7,63}")


def init_tracing(app: Flask, *, told: bool) -> None:
    """Number every request; `told`: each is a line of the log."""
    app.before_request(number_request)
    app.after_request(_answer_with_number)
    if told:
        app.after_request(_tell)


def number_request() -> None:
    """Take the number that a proxy has given, if it is one, else make one."""
    given = request.headers.get(HEADER, "")
    g.request_id = given if _SANE.fullmatch(given) else secrets.token_hex(6)
    g.began = perf_counter()
    clear_contextvars()
    bind_contextvars(request=g.request_id)


def request_id() -> str:
    """Return the number under which this request stands in the log."""
    return str(g.get("request_id", "-"))


def seconds() -> float:
    """Return how long this request has taken so far."""
    return perf_counter() - float(g.get("began", perf_counter()))


def _answer_with_number(response: Response) -> Response:
    response.headers[HEADER] = request_id()
    return response


def _tell(response: Response) -> Response:
    """Say what was asked for, by the name of the route: addresses may hold names that were searched for."""
    spent = round(seconds() * 1000, 1)
    log.info(
        "request",
        method=request.method,
        endpoint=request.endpoint or "",
        status=response.status_code,
        milliseconds=spent,
    )
    return response
