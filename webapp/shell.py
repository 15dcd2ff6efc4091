"""The start page of each role, the search of the top bar, help."""

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from webapp import access
from webapp.home import build_home
from webapp.identity import signed_in
from webapp.start import first_steps

blueprint = Blueprint("shell", __name__)


@blueprint.get("/")
def home() -> str:
    """Say what to do first."""
    return render_template("home.html", home=build_home())


@blueprint.get("/help")
def help_page() -> str:
    """Say what this role does first, and which keys there are."""
    return render_template("help.html", steps=first_steps(signed_in().roles))


@blueprint.get("/search")
def search() -> Response:
    """Hand a search of the top bar to the area that can answer it."""
    query = request.args.get("q", "").strip()
    roles = signed_in().roles
    for endpoint in ("cases.index", "registers.index", "inbox.index"):
        if endpoint in current_app.view_functions and access.may_open(endpoint, roles):
            return redirect(url_for(endpoint, q=query or None))
    return redirect(url_for("shell.home"))


@blueprint.get("/favicon.ico")
def favicon() -> Response:
    """Show the mark."""
    return redirect(url_for("static", filename="mark.svg"))
