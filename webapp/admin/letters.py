"""死信: jobs that could not be done and messages that reached nobody, on one page."""

from collections.abc import Callable
from uuid import UUID

from flask import flash, redirect, request, url_for
from sqlalchemy.orm import Session

from store.pages.jobs import JobView, jobs
from store.pages.letters import Letter, undelivered
from webapp import addresses
from webapp.admin.frame import Answer, blueprint, show
from webapp.admin.jobs import KINDS, why
from webapp.identity import actor, the_runtime
from webapp.texts import Lazy, _, lazy
from workflows.errors import NotFoundError, RuleRefusedError
from workflows.handlers.letters import discard_messages, resend_messages
from workflows.people import Actor
from workflows.pinned import spec_of
from workflows.releases import newest_release
from workflows.runtime import Runtime


@blueprint.get("/letters", endpoint="letters")
def index() -> str:
    """List what waits for a decision."""
    with the_runtime().database.read(actor().scope) as session:
        dead, letters = jobs(session, JobView.DEAD), undelivered(session)
        names = {letter.id: _name(session, letter) for letter in letters}
    return show("letters", "admin.letters", dead=dead, letters=letters, names=names, kinds=KINDS, why=why)


@blueprint.post("/letters/resend", endpoint="resend_messages")
def resend() -> Answer:
    """Send the chosen messages once more."""
    return _with_chosen(resend_messages, lazy("%(n)s 条再投一次，没人收会再存 7 天"))


@blueprint.post("/letters/discard", endpoint="discard_messages")
def discard() -> Answer:
    """Give the chosen messages up."""
    return _with_chosen(discard_messages, lazy("放弃了 %(n)s 条，原因留在记录里"))


def _with_chosen(deed: Callable[[Runtime, list[UUID], str, Actor], int], told: Lazy) -> Answer:
    chosen = addresses.identities(request.form.getlist("message"))
    try:
        done = deed(the_runtime(), chosen, request.form.get("reason", ""), actor())
    except RuleRefusedError as error:
        flash(error.reason, "error")
    else:
        flash(str(told) % {"n": done} if done else _("先在左边选消息"), "message" if done else "error")
    return redirect(url_for("admin.letters"), 303)


def _name(session: Session, letter: Letter) -> str:
    """Return what the message is in the words of the diagram that would receive it, else of the sender's."""
    receiver = newest_release(session, letter.process) if letter.process else None
    ids = [receiver.id] if receiver is not None else []
    ids += [letter.sender[2]] if letter.sender is not None else []
    for release_id in ids:
        try:
            nodes = spec_of(session, release_id).nodes.values()
        except NotFoundError:
            continue
        for node in nodes:
            if (node.get("event") or {}).get("name") == letter.name and node["name"]:
                return str(node["name"])
    return letter.name
