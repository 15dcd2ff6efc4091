"""The list of reports, one report over a period, and the same as Excel."""

from datetime import date

from flask import Blueprint, abort, render_template, request
from msgspec import Struct
from werkzeug.wrappers import Response

from documents.sheets import table
from rules.reporting import Period
from store.reports.catalogue import Report, catalogue
from webapp import addresses
from webapp.dates import this_day
from webapp.downloads import workbook
from webapp.identity import actor, the_runtime
from webapp.linking import link_to
from webapp.texts import _

blueprint = Blueprint("reports", __name__, url_prefix="/reports", template_folder="templates")


class ReportPage(Struct, frozen=True):
    """One report over a period: its rows cell by cell."""

    name: str
    report: Report
    period: Period
    rows: tuple[tuple[object, ...], ...]


@blueprint.get("/")
def index() -> str:
    """List the reports."""
    filed_href = link_to("filed_reports.index")
    return render_template("reports/index.html", reports=catalogue(), filed_href=filed_href)


@blueprint.get("/<name>")
def show(name: str) -> str:
    """Show a report over the period that the address asks for, this year without one."""
    return render_template("reports/show.html", page=_page(name))


@blueprint.get("/<name>.xlsx")
def sheet(name: str) -> Response:
    """Hand out the same as Excel."""
    page = _page(name)
    title = page.report.title
    body = table(title, [column.title for column in page.report.columns], page.rows)
    span = _("%(first)s 至 %(last)s", first=page.period.first_day, last=page.period.last_day)
    return workbook(body, f"{title} {span}.xlsx")


def _page(name: str) -> ReportPage:
    report = catalogue().get(name)
    if report is None:
        abort(404)
    period = _period()
    with the_runtime().database.read(actor().scope) as session:
        rows = report.rows(session, period)
    fields = [column.field for column in report.columns]
    return ReportPage(
        name, report, period, tuple(tuple(getattr(row, field) for field in fields) for row in rows)
    )


def _period() -> Period:
    """Return the period that was asked for; else this year and the next, in which the policies in force end."""
    year = this_day().year
    first = addresses.day(request.args.get("from", "")) or date(year, 1, 1)
    last = addresses.day(request.args.get("to", "")) or date(year + 1, 12, 31)
    return Period(min(first, last), max(first, last))
