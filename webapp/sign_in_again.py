"""A session that ends in the middle of a form: the person signs in again and what was typed stays.

The sign-in page carries the posted fields along. After the sign-in they are kept as the draft of the
same work item, for the person who then is signed in, if that person may work on it.
"""

import json
import re
from uuid import UUID

from flask import redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from webapp import addresses
from webapp.redirects import safe_next
from webapp.texts import _

SHORT_REQUESTS = frozenset({"GET", "HEAD"})
LONGEST_HELD = 300_000
LONGEST_LOGIN = 100
_TASK = re.compile(r"/inbox/(?P<id>[0-9a-f-]{36})(?:/\w*)?")
_NOT_HELD = frozenset({"csrf_token", "key", "version"})


def ask_again() -> Response | tuple[str, int]:
    """Answer a request that needs a person: the sign-in page, with what was typed when it was a form."""
    if request.method in SHORT_REQUESTS:
        target = request.full_path.rstrip("?")
        return redirect(url_for("account.login", next=None if target == "/" else target))
    task = task_of(request.path)
    target = f"/inbox/{task}" if task else "/"
    return sign_in_page(target, held=_held_fields() if task else "", expired=True), 401


def sign_in_page_again() -> tuple[str, int]:
    """Answer a sign-in whose page lay open too long: a fresh page that leads where the old one did."""
    form = request.form
    login, error = form.get("login", "").strip()[:LONGEST_LOGIN], _("这一页开得太久了。再输一次密码就好。")
    return sign_in_page(safe_next(form.get("next")), form.get("held", ""), login, error), 400


def sign_in_page(
    target: str, held: str = "", login: str = "", error: str = "", *, expired: bool = False
) -> str:
    """Return the sign-in page that leads to `target`; `held` are the fields that it carries along."""
    return render_template(
        "account/login.html", next=target, held=held, login=login, error=error, expired=expired
    )


def task_of(path: str) -> UUID | None:
    """Return the work item that an address belongs to."""
    found = _TASK.fullmatch(path)
    return addresses.identity(found["id"]) if found else None


def unpack_held(held: str) -> MultiDict[str, str]:
    """Return the fields that a sign-in page carried along; nothing when somebody tampered with them."""
    try:
        pairs = json.loads(held) if held and len(held) <= LONGEST_HELD else []
    except ValueError:
        return MultiDict()
    if not isinstance(pairs, list):
        return MultiDict()
    return MultiDict(
        (pair[0], pair[1])
        for pair in pairs
        if isinstance(pair, list) and len(pair) == 2 and all(isinstance(part, str) for part in pair)
    )


def _held_fields() -> str:
    pairs = [[name, value] for name, value in request.form.items(multi=True) if name not in _NOT_HELD]
    packed = json.dumps(pairs, ensure_ascii=False)
    return packed if len(packed) <= LONGEST_HELD else ""
