"""One version of a report as its page shows it, and its table as Excel."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import url_for
from msgspec import Struct

from documents.sheets import table
from rules.vocabulary import choices, label
from store.measures.wording import told
from store.pages.filed_reports import PaperLine, ReportFacts, report_facts
from store.tables import FiledReport
from webapp.filed_reports.listing import Line, Standing, line_of, standing_of
from webapp.linking import link_to
from webapp.texts import _
from workflows.errors import NotFoundError
from workflows.handlers.corrections import ACCEPTED, may_correct
from workflows.people import Actor
from workflows.report_words import MONTHLY_PARTS, cell_words
from workflows.runtime import Runtime

DIMENSIONS = ("industry", "region_code", "category")
SHOWN = 200


class FigureView(Struct, frozen=True):
    """A figure with its definition, and the way to its rows."""

    title: str
    about: str
    value: str
    previous: str
    href: str


class Count(Struct, frozen=True):
    """How many rows of a figure lie in a cell; none leads nowhere."""

    text: str
    href: str | None


class CellView(Struct, frozen=True):
    """A cell: trade, region, class, and its counts."""

    words: tuple[str, str, str]
    counts: tuple[Count, ...]


class Part(Struct, frozen=True):
    """What was written under a title."""

    title: str
    text: str


class Improvement(Struct, frozen=True):
    """A promised improvement, and what became of it."""

    measure: str
    responsible: str
    finish_by: str
    result: str
    proof: tuple[str, ...]


class ReportPage(Struct, frozen=True):
    """The page of a version."""

    facts: ReportFacts
    title: str
    standing: Standing
    figures: tuple[FigureView, ...]
    columns: tuple[str, ...]
    cells: tuple[CellView, ...]
    more_cells: int
    parts: tuple[Part, ...]
    improvements: tuple[Improvement, ...]
    versions: tuple[Line, ...]
    papers: tuple[PaperLine, ...]
    case_href: str | None
    correction_href: str | None


def load_report(runtime: Runtime, report_id: UUID, actor: Actor) -> ReportPage:
    """Return the page of a version that the person may see. Raises: NotFoundError."""
    facts = _facts(runtime, report_id, actor)
    report, cells = facts.report, _fullest_first(facts)
    this = next(line for line in facts.versions if line.id == report.id)
    return ReportPage(
        facts=facts,
        title=title_of(facts.report),
        standing=standing_of(this),
        figures=tuple(_figure(report_id, figure) for figure in report.snapshot["figures"]),
        columns=_columns(facts),
        cells=tuple(_cell(facts, cell) for cell in cells[:SHOWN]),
        more_cells=max(0, len(cells) - SHOWN),
        parts=tuple(_parts(report.sections)),
        improvements=tuple(_improvements(facts)),
        versions=tuple(line_of(line) for line in facts.versions),
        papers=facts.papers,
        case_href=link_to("cases.show", case_id=report.case_id),
        correction_href=url_for("filed_reports.correction", report_id=report_id)
        if this is facts.versions[0] and this.receipt == ACCEPTED and may_correct(report.org_id, actor)
        else None,
    )


def report_sheet(runtime: Runtime, report_id: UUID, actor: Actor) -> tuple[str, bytes]:
    """Return the title and the workbook of a version. Raises: NotFoundError."""
    facts = _facts(runtime, report_id, actor)
    names, titles = _counted(facts), _columns(facts)
    if names:
        headings = [*(label("report_dimension", one) for one in _WORDS), *titles]
        rows = [(*cell_words(cell), *(cell[name] for name in names)) for cell in _fullest_first(facts)]
    else:
        headings = [_("指标"), _("本期"), _("上期"), _("定义")]
        rows = [
            (
                one["title"],
                told(one["value"], one["word"]),
                told(one["previous"], one["word"]),
                one["about"],
            )
            for one in facts.report.snapshot["figures"]
        ]
    kind = label("report_kind", facts.report.kind)
    return title_of(facts.report), table(kind, headings, rows)


_WORDS = ("industry", "region", "hazard_category")


def _facts(runtime: Runtime, report_id: UUID, actor: Actor) -> ReportFacts:
    with runtime.database.read(actor.scope) as session:
        facts = report_facts(session, report_id)
    if facts is None:
        raise NotFoundError(kind="filed_report", id=str(report_id))
    return facts


def title_of(report: FiledReport) -> str:
    """Return what a report is called."""
    return _("%(period)s%(kind)s", period=report.period_name, kind=label("report_kind", report.kind))


def _figure(report_id: UUID, figure: Mapping[str, object]) -> FigureView:
    return FigureView(
        title=str(figure["title"]),
        about=str(figure["about"]),
        value=told(figure["value"], figure["word"]),
        previous=told(figure["previous"], figure["word"]),
        href=url_for("filed_reports.rows", report_id=report_id, figure=figure["name"]),
    )


def _fullest_first(facts: ReportFacts) -> list[Mapping[str, object]]:
    cells: list[Mapping[str, object]] = facts.report.snapshot["cells"]
    return sorted(cells, key=lambda cell: [-int(str(cell[name])) for name in _counted(facts)])


def _counted(facts: ReportFacts) -> tuple[str, ...]:
    """Return the figures that stand in cells, in their order."""
    cells = facts.report.snapshot["cells"]
    names = (figure["name"] for figure in facts.report.snapshot["figures"])
    return tuple(name for name in names if cells and name in cells[0])


def _columns(facts: ReportFacts) -> tuple[str, ...]:
    titles = {figure["name"]: figure["title"] for figure in facts.report.snapshot["figures"]}
    return tuple(titles[name] for name in _counted(facts))


def _cell(facts: ReportFacts, cell: Mapping[str, object]) -> CellView:
    place = {name: str(cell[name]) for name in DIMENSIONS}
    counts = []
    for name in _counted(facts):
        href = _rows_href(facts, name, place)
        counts.append(Count(str(cell[name]), href if cell[name] else None))
    return CellView(cell_words(cell), tuple(counts))


def _rows_href(facts: ReportFacts, figure: str, place: Mapping[str, Any]) -> str:  # Any: as url_for
    return url_for("filed_reports.rows", report_id=facts.report.id, figure=figure, **place)


def _parts(sections: Mapping[str, object]) -> list[Part]:
    titles = {**MONTHLY_PARTS, **dict(choices("self_review_section"))}
    return [
        Part(title, text)
        for name, title in titles.items()
        if isinstance(text := sections.get(name), str) and text
    ]


def _improvements(facts: ReportFacts) -> list[Improvement]:
    done = {str(row["item"]): row for row in facts.report.progress}
    promised = facts.report.sections.get("improvements") or []
    return [
        Improvement(
            measure=row["measure"],
            responsible=row["responsible"],
            finish_by=row["finish_by"],
            result=done.get(str(n), {}).get("result", ""),
            proof=tuple(done.get(str(n), {}).get("proof", ())),
        )
        for n, row in enumerate(promised, 1)
    ]
