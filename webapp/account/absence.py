"""One's own absence: set it, end it early."""

from uuid import UUID

from flask import flash, redirect, url_for
from werkzeug.wrappers import Response

from webapp.absences import register
from webapp.account.views import account_page, blueprint
from webapp.identity import actor, signed_in, the_runtime
from webapp.texts import _
from workflows.errors import RuleRefusedError
from workflows.verbs.absences import end_absence as end

Answer = Response | str | tuple[str, int]


@blueprint.post("/account/absence")
def set_absence() -> Answer:
    """Say that I am away, and who does my work."""
    try:
        told = register(the_runtime(), signed_in().person_id, actor())
    except RuleRefusedError as error:
        return account_page(error.reason), 422
    flash(told)
    return redirect(url_for("account.index", _anchor="absence"), 303)


@blueprint.post("/account/absence/<uuid:absence_id>/end")
def end_absence(absence_id: UUID) -> Response:
    """End an absence of mine before its day."""
    try:
        end(the_runtime(), absence_id, actor())
        flash(_("外出已经结束，新的待办又归你办"))
    except RuleRefusedError as error:
        flash(error.reason, "error")
    return redirect(url_for("account.index", _anchor="absence"), 303)
