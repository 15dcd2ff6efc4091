"""The pages of hazards."""

from uuid import UUID

from flask import Blueprint, render_template, request

from store.pages.hazards import View
from webapp.hazards.listing import build_listing, read_asked
from webapp.hazards.record import load_hazard
from webapp.identity import actor, the_runtime
from webapp.linking import link_to

blueprint = Blueprint("hazards", __name__, url_prefix="/hazards", template_folder="templates")


@blueprint.get("/")
def index() -> str:
    """Show the list."""
    names = ("q", "level", "district", "view", "after")
    asked = read_asked(*(request.args.get(name, "") for name in names))
    with the_runtime().database.read(actor().scope) as session:
        listing = build_listing(session, asked)
    papers = link_to("papers.index", template="hazard_notice")
    return render_template("hazards/index.html", listing=listing, views=View, papers_href=papers)


@blueprint.get("/<uuid:hazard_id>")
def show(hazard_id: UUID) -> str:
    """Show the record of one hazard."""
    return render_template("hazards/show.html", page=load_hazard(the_runtime(), hazard_id, actor()))
