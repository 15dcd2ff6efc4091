"""The pages of the fund."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from documents.sheets import table
from store.pages.fund import MOST, ledger, statement
from store.pages.papers import papers_about
from webapp.downloads import workbook
from webapp.fund.page import (
    build_ledger,
    build_overview,
    entry_of,
    read_year,
    statement_entries,
    year_tabs,
)
from webapp.identity import actor, the_runtime
from webapp.linking import link_to
from webapp.texts import _
from workflows.errors import InvalidAnswersError, NotFoundError
from workflows.handlers.fund import accrue_fund
from workflows.handlers.record_papers import STATEMENT, issue_statement

blueprint = Blueprint("fund", __name__, url_prefix="/fund", template_folder="templates")


@blueprint.get("/")
def index() -> str | Response:
    """Show the funds of a year; a unit sees its own statement."""
    person, year = actor(), read_year(request.args.get("year", ""))
    if person.has("policyholder") and person.org_id is not None:
        return redirect(url_for("fund.unit", unit_id=person.org_id))
    with the_runtime().database.read(person.scope) as session:
        page = build_overview(session, year, person)
    return render_template("fund/index.html", page=page)


@blueprint.get("/ledger")
def ledger_page() -> str:
    """Show the ledger of a year."""
    with the_runtime().database.read(actor().scope) as session:
        page = build_ledger(session, read_year(request.args.get("year", "")), request.args, actor())
    return render_template("fund/ledger.html", page=page)


@blueprint.get("/ledger.xlsx")
def sheet() -> Response:
    """Hand out the ledger of a year as Excel."""
    year = read_year(request.args.get("year", ""))
    with the_runtime().database.read(actor().scope) as session:
        lines, _following = ledger(session, year, "", None, MOST)
        entries = [entry_of(line) for line in lines]
    words = (
        _("编号"),
        _("日期"),
        _("类型"),
        _("类别"),
        _("保险机构"),
        _("单位或活动"),
        _("收款方"),
        _("金额"),
    )
    rows = [
        (
            one.line.entry.number,
            one.line.entry.entry_date,
            one.kind,
            one.category,
            one.line.insurer,
            one.line.subject,
            one.line.entry.payee,
            one.line.signed,
            one.line.reversed_by or "",
        )
        for one in entries
    ]
    body = table(_("费用台账"), [*words, _("已被冲销")], rows)
    name = _("费用台账 %(year)s.xlsx", year=year)
    return workbook(body, name)


@blueprint.get("/units/<uuid:unit_id>")
def unit(unit_id: UUID) -> str:
    """Show what a unit is told of its fund."""
    year = read_year(request.args.get("year", ""))
    with the_runtime().database.read(actor().scope) as session:
        told = statement(session, unit_id, year)
        if told is None:
            raise NotFoundError(kind="unit", id=str(unit_id))
        entries, papers = statement_entries(told), papers_about(session, STATEMENT, unit_id)
    years = year_tabs("fund.unit", year, unit_id=unit_id)
    return render_template(
        "fund/unit.html", told=told, entries=entries, years=years, papers=papers, link_to=link_to
    )


@blueprint.post("/units/<uuid:unit_id>/statement")
def issue(unit_id: UUID) -> Response:
    """Issue what a unit is told of its fund in a year as a paper."""
    year = read_year(request.form.get("year", ""))
    number = issue_statement(the_runtime(), unit_id, year, actor())
    flash(_("已出具 %(number)s，正在印制", number=number))
    return redirect(url_for("fund.unit", unit_id=unit_id, year=year), 303)


@blueprint.post("/accrue")
def accrue() -> Response:
    """Set aside what the governing rules ask of the year's premiums."""
    year = read_year(request.form.get("year", ""))
    try:
        posted = accrue_fund(the_runtime(), year, actor())
    except InvalidAnswersError as error:
        flash(str(error.errors["year"]), "error")
    else:
        amount = f"{posted.amount:,.2f}"
        flash(_("已按 %(n)s 张保单提取 %(amount)s 元", n=posted.policies, amount=amount))
    return redirect(url_for("fund.index", year=year), 303)
