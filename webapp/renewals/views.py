"""The page of next rates, and the same as Excel."""

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from documents.sheets import table
from webapp.dates import this_day
from webapp.downloads import workbook
from webapp.identity import actor, the_runtime
from webapp.renewals.page import all_lines, build_page, read_key, read_view
from webapp.texts import _

blueprint = Blueprint("renewals", __name__, url_prefix="/renewals", template_folder="templates")


@blueprint.get("/")
def index() -> str:
    """Show the policies whose next rate is near, each with its grounds and its rating."""
    words = request.args
    view, after = read_view(words.get("view", "")), read_key(words.get("day", ""), words.get("after", ""))
    with the_runtime().database.read(actor().scope) as session:
        page = build_page(session, view, after)
    return render_template("renewals/index.html", page=page)


@blueprint.get("/sheet.xlsx")
def sheet() -> Response:
    """Hand out all policies of a view as Excel."""
    view = read_view(request.args.get("view", ""))
    with the_runtime().database.read(actor().scope) as session:
        lines = all_lines(session, view)
    heads = [_("投保单位"), _("保单号"), _("保险机构"), _("到期"), _("评定"), _("得分")]
    heads += [_("配合情况"), _("整改情况"), _("风险控制"), _("依据")]
    rows = [
        (
            *(line.row.unit, line.row.number, line.row.insurer, line.row.term_end),
            *(line.level, line.rating.points if line.tone else None),
            *(line.cooperation, line.rectification, line.risk_control, "、".join(line.rating.grounds)),
        )
        for line in lines
    ]
    name = _("续保费率依据 %(day)s.xlsx", day=this_day())
    body = table(_("续保费率依据"), heads, rows)
    return workbook(body, name)
