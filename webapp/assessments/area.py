"""The pages of the yearly assessment: the list of a year, one assessment, and the act that begins a year."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from msgspec import Struct
from werkzeug.wrappers import Response

from documents.sheets import table
from rules.vocabulary import choices, label
from store.measures.assessed import ASSESSED
from store.pages.assessments import (
    SHOWN,
    AssessmentFacts,
    AssessmentRow,
    assessed_years,
    assessment_facts,
    assessments_of,
)
from webapp.dates import this_day
from webapp.downloads import workbook
from webapp.identity import actor, signed_in, the_runtime
from webapp.tabs import Tab
from webapp.texts import _
from workflows.errors import NotFoundError
from workflows.handlers.assessments import BeginAssessments, begin_assessments, years_open

OFFICE = "joint_office"
STATES_WITH_VERDICTS = ("review", *SHOWN)
"""The states in which the office sees verdicts: not while two people judge, each for themselves."""

blueprint = Blueprint("assessments", __name__, url_prefix="/assessments", template_folder="templates")


class Kind(Struct, frozen=True):
    """The assessments of one kind of organization."""

    title: str
    rows: tuple[AssessmentRow, ...]


class Listing(Struct, frozen=True):
    """A year's assessments, as far as the person sees them."""

    year: int
    tabs: tuple[Tab, ...]
    kinds: tuple[Kind, ...]
    is_office: bool
    may_begin: bool


class Result(Struct, frozen=True):
    """One assessment; verdicts and points are shown once they may be."""

    facts: AssessmentFacts
    measures: dict[str, str]
    shows_verdicts: bool
    is_office: bool


@blueprint.get("/")
def index() -> str:
    """Show a year's assessments: the ranking for the joint office, for everybody else the own result."""
    with the_runtime().database.read(actor().scope) as session:
        seen = assessed_years(session)
        year = _year(seen)
        rows = assessments_of(session, year)
    is_office = OFFICE in signed_in().roles
    years = sorted({*seen, *(years_open(this_day()) if is_office else ()), year}, reverse=True)
    href = "assessments.index"
    listing = Listing(
        year=year,
        tabs=tuple(Tab(_("%(n)s 年", n=each), url_for(href, year=each), each == year) for each in years),
        kinds=tuple(
            Kind(title, tuple(row for row in rows if row.kind == code))
            for code, title in choices("assessed_kind")
            if any(row.kind == code for row in rows)
        ),
        is_office=is_office,
        may_begin=is_office and year in years_open(this_day()),
    )
    return render_template("assessments/index.html", listing=listing, shown=SHOWN)


@blueprint.get("/ranking.xlsx")
def ranking() -> Response:
    """Hand out the ranking of a year as Excel."""
    with the_runtime().database.read(actor().scope) as session:
        year = _year(assessed_years(session))
        rows = assessments_of(session, year)
    title = _("%(year)s 年考核排名", year=year)
    headings = [_("类别"), _("单位"), _("进度"), _("得分"), _("排名")]
    cells = [
        (
            label("assessed_kind", row.kind),
            row.name,
            label("assessment_state", row.state),
            row.total if row.state in SHOWN else None,
            row.rank,
        )
        for row in rows
    ]
    body = table(title, headings, cells)
    return workbook(body, f"{title}.xlsx")


@blueprint.post("/begin")
def begin() -> Response:
    """Begin the assessments of a year."""
    given = request.form.get("year", "")
    year = int(given) if given.isdecimal() and len(given) == 4 else 0
    count = begin_assessments(the_runtime(), BeginAssessments(year), actor())
    text = _("已开始 %(n)s 家的考核，被考核单位的待办里有“提交材料”", n=count)
    flash(text if count else _("该开的都已经开了，每家每年只考核一次"))
    return redirect(url_for("assessments.index", year=year), 303)


@blueprint.get("/<uuid:assessment_id>")
def show(assessment_id: UUID) -> str:
    """Show one assessment."""
    with the_runtime().database.read(actor().scope) as session:
        facts = assessment_facts(session, assessment_id)
    if facts is None:
        raise NotFoundError(kind="assessment", id=str(assessment_id))
    is_office = OFFICE in signed_in().roles
    page = Result(
        facts=facts,
        measures=dict(facts.measures),
        shows_verdicts=facts.row.state in (STATES_WITH_VERDICTS if is_office else SHOWN),
        is_office=is_office,
    )
    return render_template("assessments/show.html", page=page, shown=SHOWN, words=ASSESSED)


def _year(seen: list[int]) -> int:
    """Return the year that was asked for, else the latest one that there is."""
    given = request.args.get("year", "")
    if given.isdecimal() and len(given) == 4:
        return int(given)
    return seen[0] if seen else this_day().year
