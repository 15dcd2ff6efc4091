"""The pages of group trainings."""

from uuid import UUID, uuid4

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from webapp.gatherings.audience import load_trial
from webapp.gatherings.listing import build_listing
from webapp.gatherings.record import load_training
from webapp.identity import actor, the_runtime
from webapp.texts import _
from workflows.audience import LONGEST
from workflows.commands import BeginTraining
from workflows.handlers.gatherings import begin_training

blueprint = Blueprint("gatherings", __name__, url_prefix="/gatherings", template_folder="templates")

LONGEST_KEY = 64


@blueprint.get("/")
def index() -> str:
    """Show the trainings of a year against the duty."""
    page = build_listing(the_runtime(), request.args.get("year", ""), actor())
    return render_template("gatherings/index.html", page=page, key=uuid4())


@blueprint.get("/trainings/<uuid:training_id>")
def training(training_id: UUID) -> str:
    """Show one training."""
    page = load_training(the_runtime(), training_id, actor())
    return render_template("gatherings/training.html", page=page)


@blueprint.get("/audience")
def audience() -> str:
    """Try a condition: which units it means today."""
    page = load_trial(the_runtime(), request.args.get("rule", "")[: LONGEST + 1], actor())
    return render_template("gatherings/audience.html", page=page)


@blueprint.post("/trainings")
def begin() -> Response:
    """Begin a training."""
    key = request.form.get("key", "")[:LONGEST_KEY] or str(uuid4())
    case_id = begin_training(the_runtime(), BeginTraining(key, request.form.get("foreseen", "")), actor())
    flash(_("已开单，下一步在待办里编培训计划"))
    return redirect(url_for("cases.show", case_id=case_id), 303)
