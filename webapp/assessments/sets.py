"""The indicator sets: the joint office drafts, edits, brings in from Excel, and publishes."""

from collections.abc import Iterable, Mapping, Sequence
from typing import BinaryIO, cast
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from msgspec import Struct
from werkzeug.wrappers import Response

from documents.sheets import SheetError
from documents.sheets.indicators import read_indicators, write_indicators
from rules.vocabulary import choices, label
from store.measures.assessed import ASSESSED, title_of
from store.pages.indicator_sets import SetFacts, SetRow, indicator_sets, set_facts
from webapp import addresses
from webapp.assessments.area import blueprint
from webapp.dates import this_day
from webapp.downloads import workbook
from webapp.identity import actor, the_runtime
from webapp.texts import _
from workflows.errors import InvalidAnswersError, NotFoundError, StaleRecordError
from workflows.handlers.assessments import (
    FIELDS,
    DraftIndicators,
    PublishIndicators,
    SaveIndicators,
    draft_indicators,
    publish_indicators,
    save_indicators,
    years_open,
)

BLANK_ROWS = 3
Answer = Response | str | tuple[str, int]


class SetPage(Struct, frozen=True):
    """One set: of a draft the rows as they were typed, and what is wrong with them."""

    facts: SetFacts
    title: str
    rows: tuple[Mapping[str, str], ...]
    errors: Mapping[str, str]
    version: int

    @property
    def is_draft(self) -> bool:
        """Whether it may still be edited."""
        return self.facts.row.state == "draft"


@blueprint.get("/sets", endpoint="sets")
def list_sets() -> str:
    """Show the sets of all years, and the form that begins a draft."""
    with the_runtime().database.read(actor().scope) as session:
        found = indicator_sets(session)
    years = years_open(this_day())
    return render_template("assessments/sets.html", sets=found, years=years, kinds=choices("assessed_kind"))


@blueprint.post("/sets")
def draft() -> Response:
    """Begin a draft, or lead to the one that there is."""
    year, kind = request.form.get("year", ""), request.form.get("kind", "")
    asked = DraftIndicators(int(year) if year.isdecimal() and len(year) == 4 else 0, kind)
    set_id = draft_indicators(the_runtime(), asked, actor())
    return redirect(url_for("assessments.indicators", set_id=set_id), 303)


@blueprint.get("/sets/<uuid:set_id>", endpoint="indicators")
def show_set(set_id: UUID) -> str:
    """Show a set; a draft as a form."""
    found = _found(set_id)
    return _page(found, _typed(found), {})


@blueprint.post("/sets/<uuid:set_id>")
def save(set_id: UUID) -> Answer:
    """Keep what was typed; with the other button, publish it."""
    found, rows = _found(set_id), _posted()
    answer = _kept(found, rows)
    if answer is not None:
        return answer
    if "publish" not in request.form:
        flash(_("已保存"))
        return redirect(url_for("assessments.indicators", set_id=set_id), 303)
    kept = _found(set_id)
    try:
        publish_indicators(the_runtime(), PublishIndicators(set_id, kept.row_version), actor())
    except InvalidAnswersError as error:
        return _page(kept, _typed(kept), error.errors), 422
    flash(_("已发布，以后不能再改"))
    return redirect(url_for("assessments.indicators", set_id=set_id), 303)


@blueprint.get("/sets/<uuid:set_id>.xlsx")
def export(set_id: UUID) -> Response:
    """Hand out a set as Excel."""
    found = _found(set_id)
    lines = [
        (
            label("assessment_aspect", line.aspect),
            line.title,
            line.requirement,
            line.weight,
            title_of(line.measure),
        )
        for line in found.lines
    ]
    title = _title(found.row)
    body = write_indicators(_("考核指标"), lines)
    return workbook(body, f"{title}.xlsx")


@blueprint.post("/sets/<uuid:set_id>/import")
def bring_in(set_id: UUID) -> Answer:
    """Put the rows of a sheet in the place of the draft's."""
    found, sent = _found(set_id), request.files.get("file")
    if sent is None or not sent.filename:
        return _page(found, _typed(found), {"file": _("先选填好的 Excel 文件，再上传")}), 422
    try:
        rows = read_indicators(
            cast("BinaryIO", sent.stream)
        )  # werkzeug says IO[bytes] of what is a binary file
    except SheetError as error:
        return _page(found, _typed(found), {"file": error.sentence}), 422
    answer = _kept(found, rows)
    if answer is not None:
        return answer
    flash(_("已按 Excel 换上新的指标，看过以后再发布"))
    return redirect(url_for("assessments.indicators", set_id=set_id), 303)


def _kept(found: SetFacts, rows: Sequence[Mapping[str, str]]) -> Answer | None:
    """Keep the rows; return the page with what is wrong, None if nothing is."""
    version = addresses.row_version(request.form.get("version", ""))
    try:
        save_indicators(the_runtime(), SaveIndicators(found.row.id, version, rows), actor())
    except InvalidAnswersError as error:
        return _page(found, rows, error.errors), 422
    except StaleRecordError:
        text = _("别人刚刚改过这份指标集。这里是你填的内容，核对以后再保存。")
        return _page(found, rows, {"set": text}), 409
    return None


def _found(set_id: UUID) -> SetFacts:
    with the_runtime().database.read(actor().scope) as session:
        found = set_facts(session, set_id)
    if found is None:
        raise NotFoundError(kind="indicator_set", id=str(set_id))
    return found


def _page(found: SetFacts, rows: Iterable[Mapping[str, str]], errors: Mapping[str, str]) -> str:
    blank = [dict.fromkeys(FIELDS, "")] * BLANK_ROWS
    page = SetPage(found, _title(found.row), (*rows, *blank), errors, found.row_version)
    return render_template(
        "assessments/indicators.html",
        page=page,
        aspects=choices("assessment_aspect"),
        measures=ASSESSED,
    )


def _typed(found: SetFacts) -> list[dict[str, str]]:
    return [
        {
            "aspect": line.aspect,
            "title": line.title,
            "requirement": line.requirement,
            "weight": f"{line.weight.normalize():f}",
            "measure": line.measure,
        }
        for line in found.lines
    ]


def _posted() -> list[dict[str, str]]:
    """Return the rows of the form that say something."""
    columns = [request.form.getlist(name) for name in FIELDS]
    rows = [dict(zip(FIELDS, cells, strict=True)) for cells in zip(*columns, strict=False)]
    return [
        row for row in rows if row["title"].strip() or row["requirement"].strip() or row["weight"].strip()
    ]


def _title(row: SetRow) -> str:
    kind = label("assessed_kind", row.kind)
    return _("%(year)s 年%(kind)s考核指标集第 %(n)s 版", year=row.year, kind=kind, n=row.version)
