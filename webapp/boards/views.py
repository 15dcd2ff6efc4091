"""The pages of 监测: a dashboard, the rows behind a figure, free analysis, the definitions.

What builds them is imported by the request that needs it: no start waits for dashboards.
"""

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from webapp.downloads import workbook
from webapp.identity import actor, the_runtime
from webapp.texts import _

blueprint = Blueprint("boards", __name__, url_prefix="/boards", template_folder="templates")


@blueprint.get("/")
def index() -> Response:
    """Go to the first dashboard."""
    from store.measures.boards import BOARDS  # noqa: PLC0415  # see above

    return redirect(url_for("boards.show", board=next(iter(BOARDS))), 303)


@blueprint.get("/<board>")
def show(board: str) -> str:
    """Show a dashboard over the period and the business that the address asks for."""
    from webapp.boards.page import build_board, is_board  # noqa: PLC0415  # see above

    if not is_board(board):
        abort(404)
    with the_runtime().database.read(actor().scope) as session:
        page = build_board(session, board, request.args)
    return render_template("boards/show.html", page=page)


@blueprint.get("/rows")
def rows() -> str:
    """Show the rows that add up to a figure."""
    from webapp.boards.rows import build_rows, read_rows  # noqa: PLC0415  # see above

    with the_runtime().database.read(actor().scope) as session:
        page = build_rows(session, read_rows(request.args))
    return render_template("boards/rows.html", page=page)


@blueprint.get("/rows.xlsx")
def rows_sheet() -> Response:
    """Hand out all those rows as Excel."""
    from webapp.boards.rows import read_rows, rows_workbook  # noqa: PLC0415  # see above

    with the_runtime().database.read(actor().scope) as session:
        name, body = rows_workbook(session, read_rows(request.args))
    return workbook(body, f"{name}.xlsx")


@blueprint.get("/analysis")
def analysis() -> str:
    """Show chosen measures by chosen dimensions."""
    from webapp.boards.analysis import build_analysis, read_choice  # noqa: PLC0415  # see above

    with the_runtime().database.read(actor().scope) as session:
        page = build_analysis(session, read_choice(request.args))
    return render_template("boards/analysis.html", page=page)


@blueprint.get("/analysis.xlsx")
def analysis_sheet() -> Response:
    """Hand out an analysis as Excel."""
    from webapp.boards.analysis import analysis_workbook, read_choice  # noqa: PLC0415  # see above

    with the_runtime().database.read(actor().scope) as session:
        body = analysis_workbook(session, read_choice(request.args))
    name = _("分析")
    return workbook(body, f"{name}.xlsx")


@blueprint.get("/measures")
def measures() -> str:
    """Show every measure with its definition."""
    from store.measures.catalogue import GROUPS  # noqa: PLC0415  # see above
    from webapp.boards.asked import read_window  # noqa: PLC0415  # see above
    from webapp.boards.page import tabs  # noqa: PLC0415  # see above

    window = read_window(request.args)
    return render_template("boards/measures.html", groups=GROUPS, tabs=tabs("measures", window))
