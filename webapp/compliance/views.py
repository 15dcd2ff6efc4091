"""The page of all duties, the rows behind one of them, and the same as Excel."""

from io import BytesIO

from flask import Blueprint, abort, render_template, request, send_file
from werkzeug.wrappers import Response

from documents.sheets import table
from store.compliance.catalogue import duty_of
from webapp.compliance.page import build_page, evidence_of, read_asked
from webapp.identity import actor, the_runtime
from webapp.texts import _

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

blueprint = Blueprint("compliance", __name__, url_prefix="/compliance", template_folder="templates")


@blueprint.get("/")
def index() -> str:
    """Show how every duty stands, the worst opened."""
    with the_runtime().database.read(actor().scope) as session:
        page = build_page(session, read_asked(session, request.args))
    return render_template("compliance/index.html", page=page)


@blueprint.get("/<key>")
def show(key: str) -> str:
    """Show the rows of one duty that are not, or soon will not be, as they should."""
    duty = duty_of(key) or abort(404)
    with the_runtime().database.read(actor().scope) as session:
        evidence = evidence_of(session, duty, read_asked(session, request.args))
    return render_template("compliance/show.html", page=evidence)


@blueprint.get("/<key>.xlsx")
def sheet(key: str) -> Response:
    """Hand out all those rows as Excel."""
    duty = duty_of(key) or abort(404)
    with the_runtime().database.read(actor().scope) as session:
        evidence = evidence_of(session, duty, read_asked(session, request.args), most=None)
    heads = [_("情况"), _("单位或机构"), _("说明"), _("日期")]
    rows = [(line.word, line.title, line.detail, line.day) for line in evidence.lines]
    body = table(duty.title, heads, rows)
    name = f"{duty.title} {evidence.asked.day}.xlsx"
    return send_file(BytesIO(body), mimetype=XLSX, as_attachment=True, download_name=name)
