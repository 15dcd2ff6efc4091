"""The list of complaints, and one complaint."""

from uuid import UUID

from flask import Blueprint, render_template, request

from store.pages.complaints import View
from webapp import addresses
from webapp.complaints.page import build_listing, build_page
from webapp.identity import actor, the_runtime
from workflows.errors import NotFoundError

blueprint = Blueprint("complaints", __name__, url_prefix="/complaints", template_folder="templates")


@blueprint.get("/")
def index() -> str:
    """Show the list, those under way first asked for."""
    given = request.args.get("view", "")
    view = View(given) if given in set(View) else View.OPEN
    with the_runtime().database.read(actor().scope) as session:
        listing = build_listing(session, view, addresses.identity(request.args.get("before", "")))
    return render_template("complaints/index.html", listing=listing)


@blueprint.get("/<uuid:complaint_id>")
def show(complaint_id: UUID) -> str:
    """Show one complaint."""
    with the_runtime().database.read(actor().scope) as session:
        page = build_page(session, complaint_id)
    if page is None:
        raise NotFoundError(kind="complaint", id=str(complaint_id))
    return render_template("complaints/show.html", page=page)
