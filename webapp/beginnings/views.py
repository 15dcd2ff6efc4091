"""The pages of what people begin."""

from uuid import uuid4

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from webapp import addresses
from webapp.beginnings.page import Asked, Typed, answers_to, load_choosing, load_filling, ways
from webapp.identity import actor, the_runtime
from webapp.posting import posted_fields
from webapp.texts import _
from workflows.commands import BeginCase
from workflows.errors import InvalidAnswersError
from workflows.handlers.beginnings import begin_by_form

blueprint = Blueprint("beginnings", __name__, url_prefix="/begin", template_folder="templates")

Answer = Response | str | tuple[str, int]
LONGEST_KEY = 64
LONGEST_QUERY = 100


@blueprint.get("/")
def index() -> str:
    """Show what the person may begin."""
    with the_runtime().database.read(actor().scope) as session:
        offered = ways(session, actor())
    return render_template("beginnings/index.html", ways=offered)


@blueprint.get("/<process>/<start>")
def show(process: str, start: str) -> Answer:
    """Show the form; before it the policies, where one is to be chosen. A single one is chosen already."""
    asked = _asked(process, start)
    with the_runtime().database.read(actor().scope) as session:
        choosing = load_choosing(session, asked, actor())
    if choosing is not None and len(choosing.rows) == 1 and not asked.query:
        return redirect(choosing.rows[0][1])
    if choosing is not None:
        return render_template("beginnings/policies.html", page=choosing)
    page = load_filling(the_runtime(), asked, actor())
    return render_template("beginnings/show.html", page=page, key=uuid4())


@blueprint.post("/<process>/<start>")
def begin(process: str, start: str) -> Answer:
    """Begin the case, or change rows of the form as the pressed button says."""
    asked = _asked(process, start)
    fields, problems = posted_fields(the_runtime(), actor())
    given, changed = answers_to(the_runtime(), asked, actor(), fields)
    key = request.form.get("key", "")[:LONGEST_KEY] or str(uuid4())
    if changed is not None or problems:
        shown = Typed(fields if changed is None else changed, notice="；".join(problems))
        return _again(asked, shown, key, 200)
    try:
        begun = begin_by_form(the_runtime(), BeginCase(process, start, asked.policy_id, given, key), actor())
    except InvalidAnswersError as error:
        return _again(asked, Typed(fields, error.errors), key, 422)
    flash(_("已发起"))
    return redirect(url_for("cases.show", case_id=begun), 303)


def _asked(process: str, start: str) -> Asked:
    policy_id = addresses.identity(request.args.get("policy", ""))
    return Asked(process, start, policy_id, request.args.get("q", "").strip()[:LONGEST_QUERY])


def _again(asked: Asked, typed: Typed, key: str, status: int) -> tuple[str, int]:
    page = load_filling(the_runtime(), asked, actor(), typed)
    return render_template("beginnings/show.html", page=page, key=key), status
