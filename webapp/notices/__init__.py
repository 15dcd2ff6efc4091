"""The page behind the bell."""

from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from store.pages.notices import PAGE, link_of, mark_read, notices_for
from webapp import addresses
from webapp.identity import actor, signed_in, the_runtime
from webapp.redirects import safe_next

blueprint = Blueprint("notices", __name__, url_prefix="/notices", template_folder="templates")


@blueprint.get("/")
def index() -> str:
    """Show the latest notices."""
    who = signed_in()
    before = addresses.moment(request.args.get("before", ""))
    with the_runtime().database.read(actor().scope) as session:
        lines = notices_for(session, who.person_id, who.roles, who.org_id, before=before)
    later = url_for("notices.index", before=lines[PAGE - 1].at.isoformat()) if len(lines) > PAGE else None
    return render_template("notices/index.html", notices=lines[:PAGE], later=later, is_first=before is None)


@blueprint.post("/read")
def read_all() -> Response:
    """Note that all were read."""
    _mark(None)
    return redirect(url_for("notices.index"))


@blueprint.post("/<uuid:notice_id>/open")
def follow(notice_id: UUID) -> Response:
    """Note that one was read, and go where it leads."""
    who = signed_in()
    with the_runtime().database.read(actor().scope) as session:
        link = link_of(session, notice_id, who.person_id, who.roles, who.org_id)
    _mark(notice_id)
    return redirect(safe_next(link) if link.startswith("/") else url_for("notices.index"))


def _mark(notice_id: UUID | None) -> None:
    who, runtime = signed_in(), the_runtime()
    with runtime.database.write(actor().scope) as session:
        mark_read(session, who.person_id, who.roles, who.org_id, runtime.now(), notice_id)
