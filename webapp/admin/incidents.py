"""Cases that stopped: list, one of them, retry one or many, lay one aside."""

from collections.abc import Mapping
from datetime import datetime
from typing import cast
from uuid import UUID

from flask import flash, redirect, request, url_for
from msgspec import Struct
from werkzeug.wrappers import Response

from store.pages.incidents import incident_row, incidents, open_incidents
from webapp import addresses
from webapp.admin.frame import blueprint, carry_out, chosen, show
from webapp.admin.paging import pack, unpack
from webapp.admin.stopped import Stopped, places, stopped
from webapp.identity import actor, the_runtime
from webapp.texts import _
from workflows.errors import NotFoundError, RuleRefusedError
from workflows.handlers.repairs import AT_ONCE, close_incident, retry_incident, retry_incidents


class ListPage(Struct, frozen=True):
    """The list as it is shown."""

    lines: tuple[Stopped, ...]
    is_open: bool
    open_count: int
    later: str | None
    is_first: bool
    kinds: Mapping[str, str]
    steps: Mapping[str, str]
    kind: str
    step: str


@blueprint.get("/incidents", endpoint="incidents")
def index() -> str:
    """List what is open, or what was closed; latest first."""
    is_open = request.args.get("state") != "closed"
    after = cast(
        "tuple[datetime, UUID] | None",
        unpack(request.args.get("after", ""), addresses.moment, addresses.identity),
    )
    with the_runtime().database.read(actor().scope) as session:
        kinds, steps = places(session) if is_open else ({}, {})
        kind, step = chosen("kind", kinds), chosen("step", steps)
        found = incidents(session, is_open=is_open, kind=kind, element=step, after=after)
        lines = tuple(stopped(session, row) for row in found.rows)
        count = open_incidents(session)
    state = None if is_open else "closed"
    later = None
    if found.next:
        word = pack(found.next)
        later = url_for("admin.incidents", state=state, kind=kind or None, step=step or None, after=word)
    page = ListPage(lines, is_open, count, later, after is None, kinds, steps, kind, step)
    return show("incidents", "admin.incidents", page=page)


@blueprint.get("/incidents/<uuid:incident_id>")
def incident(incident_id: UUID) -> str:
    """Show one: where it stands, why, what to do."""
    with the_runtime().database.read(actor().scope) as session:
        row = incident_row(session, incident_id)
        if row is None:
            raise NotFoundError(kind="incident", id=str(incident_id))
        line = stopped(session, row)
    return show("incident", "admin.incidents", line=line)


@blueprint.post("/incidents/<uuid:incident_id>/retry", endpoint="retry_incident")
def retry(incident_id: UUID) -> Response:
    """Try one again."""
    try:
        outcome = retry_incident(the_runtime(), incident_id, actor(), _reason())
    except RuleRefusedError as error:
        flash(error.reason, "error")
    else:
        sentence = outcome.sentence or _("办件继续走了")
        flash(sentence, "message" if outcome.went_on else "error")
    return redirect(url_for("admin.incident", incident_id=incident_id), 303)


@blueprint.post("/incidents/retry", endpoint="retry_incidents")
def retry_many() -> Response:
    """Try the chosen ones again."""
    ticked = addresses.identities(request.form.getlist("incident"))
    if not ticked:
        flash(_("先在左边选要重试的"), "error")
    else:
        went, stayed = retry_incidents(the_runtime(), ticked, actor(), _reason())
        if stayed:
            flash(_("%(went)s 件继续走了，%(stayed)s 件还停着", went=went, stayed=stayed), "error")
        else:
            flash(_("%(went)s 件都继续走了", went=went))
    if len(ticked) > AT_ONCE:
        flash(_("一次最多重试 %(n)s 件，其余的再点一次", n=AT_ONCE), "error")
    return redirect(url_for("admin.incidents"), 303)


@blueprint.post("/incidents/<uuid:incident_id>/close", endpoint="close_incident")
def close(incident_id: UUID) -> Response:
    """Lay one aside."""
    return carry_out(
        lambda: close_incident(the_runtime(), incident_id, _reason(), actor()),
        _("已放下，原因留在办件的记录里"),
        url_for("admin.incident", incident_id=incident_id),
    )


def _reason() -> str:
    return str(request.form.get("reason", ""))
