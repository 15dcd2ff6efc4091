"""The pages of filed reports."""

from uuid import UUID, uuid4

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from webapp.downloads import workbook
from webapp.filed_reports.correction import carry_out, load_correction
from webapp.filed_reports.listing import build_listing, read_asked
from webapp.filed_reports.report import load_report, report_sheet
from webapp.filed_reports.rows import load_rows, read_narrowed, rows_sheet
from webapp.identity import actor, the_runtime
from webapp.texts import _
from workflows.errors import InvalidAnswersError

blueprint = Blueprint("filed_reports", __name__, url_prefix="/filed-reports", template_folder="templates")


@blueprint.get("/")
def index() -> str:
    """Show the list."""
    kind, after = read_asked(request.args.get("kind", ""), request.args.get("after", ""))
    with the_runtime().database.read(actor().scope) as session:
        listing = build_listing(session, kind, after)
    return render_template("filed_reports/index.html", listing=listing)


@blueprint.get("/<uuid:report_id>")
def show(report_id: UUID) -> str:
    """Show one version of a report."""
    return render_template("filed_reports/show.html", page=load_report(the_runtime(), report_id, actor()))


@blueprint.get("/<uuid:report_id>.xlsx")
def sheet(report_id: UUID) -> Response:
    """Hand out a report's table as Excel: its cells where it has some, else its figures."""
    return _workbook(*report_sheet(the_runtime(), report_id, actor()))


@blueprint.get("/<uuid:report_id>/correction")
def correction(report_id: UUID) -> str:
    """Show the form by which an accepted report is corrected."""
    page = load_correction(the_runtime(), report_id, actor())
    return render_template("filed_reports/correction.html", page=page, key=uuid4())


@blueprint.post("/<uuid:report_id>/correction")
def correct(report_id: UUID) -> Response | tuple[str, int]:
    """Begin another version."""
    try:
        case_id = carry_out(the_runtime(), report_id, actor())
    except InvalidAnswersError as error:
        page = load_correction(the_runtime(), report_id, actor(), error.errors)
        return render_template(
            "filed_reports/correction.html", page=page, key=request.form.get("key", "")
        ), 422
    flash(_("已另起一版"))
    return redirect(url_for("cases.show", case_id=case_id), 303)


@blueprint.get("/<uuid:report_id>/rows")
def rows(report_id: UUID) -> str:
    """Show the rows behind a figure."""
    asked = read_narrowed(request.args)
    return render_template(
        "filed_reports/rows.html", page=load_rows(the_runtime(), report_id, asked, actor())
    )


@blueprint.get("/<uuid:report_id>/rows.xlsx")
def rows_workbook(report_id: UUID) -> Response:
    """Hand out all rows behind a figure as Excel."""
    return _workbook(*rows_sheet(the_runtime(), report_id, read_narrowed(request.args), actor()))


def _workbook(title: str, body: bytes) -> Response:
    return workbook(body, f"{title}.xlsx")
