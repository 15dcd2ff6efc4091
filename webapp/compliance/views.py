"""The page of all duties, the rows behind one of them, and the same as Excel."""

from pathlib import Path

from flask import Blueprint, abort, render_template, request
from werkzeug.wrappers import Response

from documents.papers.compliance import ComplianceReport
from documents.sheets import table
from store.compliance.catalogue import duty_of
from store.pages.register_lists import names_of
from webapp.compliance.page import build_page, evidence_of, read_asked
from webapp.compliance.printout import printout
from webapp.compliance.trend import build_trend
from webapp.downloads import paper, workbook
from webapp.identity import actor, signed_in, the_runtime
from webapp.texts import _
from workflows.errors import RuleRefusedError

blueprint = Blueprint("compliance", __name__, url_prefix="/compliance", template_folder="templates")


@blueprint.get("/")
def index() -> str:
    """Show how every duty stands, the worst opened."""
    with the_runtime().database.read(actor().scope) as session:
        page = build_page(session, read_asked(session, request.args))
    return render_template("compliance/index.html", page=page)


@blueprint.get("/trend")
def trend() -> str:
    """Show how every duty stood at the ends of the last twelve months."""
    with the_runtime().database.read(actor().scope) as session:
        page = build_trend(session, read_asked(session, request.args))
    return render_template("compliance/trend.html", page=page)


@blueprint.get("/report.pdf")
def report() -> Response:
    """Hand out the report of all duties as PDF, with the rows behind each."""
    runtime = the_runtime()
    with runtime.database.read(actor().scope) as session:
        asked = read_asked(session, request.args)
        issuer = names_of(session, [signed_in().org_id]).get(signed_in().org_id, "")
        content = printout(session, asked, issuer, runtime.now(), runtime.public_url)
    body = _pdf(content, runtime.font_dir)
    name = _("逐条合规报告 %(day)s.pdf", day=asked.asked.day)
    return paper(body, name)


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
    return workbook(body, name)


def _pdf(content: ComplianceReport, font_dir: Path | None) -> bytes:
    from documents.fonts.coverage import FontSet, NoFontError  # noqa: PLC0415  # typst: heavy, seldom needed
    from documents.render import render_pdf  # noqa: PLC0415  # the same

    try:
        return render_pdf("compliance_report", content, FontSet.find(font_dir))
    except NoFontError as error:
        raise RuleRefusedError(_("这台机器还没有中文字体，文书印不出来；装好字体后再试。")) from error
