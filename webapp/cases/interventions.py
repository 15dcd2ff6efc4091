"""挂起, 恢复 and 终止 of a case by those who answer for it; the case's menu leads here."""

from uuid import UUID, uuid4

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from webapp.cases.views import blueprint
from webapp.interventions import intervene, kind_of, load_intervention
from workflows.errors import RuleRefusedError

Answer = Response | str | tuple[str, int]


@blueprint.get("/<uuid:case_id>/interventions/<kind>")
def intervention(case_id: UUID, kind: str) -> str:
    """Show what it would do."""
    page = load_intervention(case_id, kind_of(kind), _back(case_id))
    return render_template("cases/intervention.html", page=page, key=uuid4())


@blueprint.post("/<uuid:case_id>/interventions/<kind>")
def carry_out_intervention(case_id: UUID, kind: str) -> Answer:
    """Do it."""
    try:
        told = intervene(case_id, kind_of(kind))
    except RuleRefusedError as error:
        page = load_intervention(case_id, kind_of(kind), _back(case_id), error.reason)
        return render_template("cases/intervention.html", page=page, key=uuid4()), 409
    flash(told)
    return redirect(_back(case_id), 303)


def _back(case_id: UUID) -> str:
    return url_for("cases.show", case_id=case_id)
