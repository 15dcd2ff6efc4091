"""Absences that an administrator of accounts sets for somebody who cannot do it."""

from uuid import UUID

from flask import flash, redirect, url_for
from werkzeug.wrappers import Response

from webapp.absences import register
from webapp.admin.frame import blueprint
from webapp.identity import actor, the_runtime
from webapp.texts import _
from workflows.errors import RuleRefusedError
from workflows.verbs.absences import end_absence as end


@blueprint.post("/people/<uuid:person_id>/absence")
def set_absence(person_id: UUID) -> Response:
    """Say that a person is away."""
    try:
        flash(register(the_runtime(), person_id, actor()))
    except RuleRefusedError as error:
        flash(error.reason, "error")
    return redirect(url_for("admin.person", person_id=person_id, _anchor="absence"), 303)


@blueprint.post("/people/<uuid:person_id>/absence/<uuid:absence_id>/end")
def end_absence(person_id: UUID, absence_id: UUID) -> Response:
    """End an absence before its day."""
    try:
        end(the_runtime(), absence_id, actor())
        flash(_("外出已经结束"))
    except RuleRefusedError as error:
        flash(error.reason, "error")
    return redirect(url_for("admin.person", person_id=person_id, _anchor="absence"), 303)
