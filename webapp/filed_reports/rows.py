"""The rows behind a figure of a report: they add up to it; each leads to its record."""

from collections.abc import Iterator, Mapping, Sequence
from uuid import UUID

from flask import url_for
from msgspec import Struct
from msgspec.structs import asdict, replace
from sqlalchemy.orm import Session

from documents.sheets import table
from rules.vocabulary import enumerations
from store.measures.model import Figure
from store.measures.wording import told
from store.pages.filed_reports import (
    ROWS,
    Narrowed,
    ReportFacts,
    figure_rows,
    figure_sum,
    report_facts,
    visit_cases,
)
from store.tables import FiledReportRow
from webapp.filed_reports.report import title_of
from webapp.linking import link_to
from webapp.texts import _
from workflows.errors import NotFoundError
from workflows.people import Actor
from workflows.report_words import region_word
from workflows.runtime import Runtime

LONGEST = 40
CATEGORIES = {"hazard": "hazard_class", "fund_entry": "fund_category"}
"""Which vocabulary knows the category of a kind of record."""


class Asked(Struct, frozen=True):
    """Which rows an address asks for, after which position."""

    rows: Narrowed
    after: int = 0


class Line(Struct, frozen=True):
    """A row of the table."""

    label: str
    href: str | None
    unit: str
    industry: str
    region: str
    category: str
    part: str
    whole: str


class RowsPage(Struct, frozen=True):
    """The page of the rows."""

    report_id: UUID
    title: str
    figure: str
    about: str
    value: str
    total: int
    is_share: bool
    cell: str
    lines: tuple[Line, ...]
    first_href: str | None
    next_href: str | None
    sheet_href: str
    whole_href: str


def read_narrowed(given: Mapping[str, str]) -> Asked:
    """Return what an address asks for; what makes no sense is left out."""
    asked = {name: given[name][:LONGEST] for name in ("industry", "region_code", "category") if name in given}
    after = given.get("after", "")
    rows = Narrowed(given.get("figure", "")[:LONGEST], **asked)
    return Asked(rows, int(after) if after.isascii() and after.isdigit() and len(after) <= 9 else 0)


def load_rows(runtime: Runtime, report_id: UUID, asked: Asked, actor: Actor) -> RowsPage:
    """Return the rows behind a figure of a report that the person may see. Raises: NotFoundError."""
    with runtime.database.read(actor.scope) as session:
        facts, figure = _figure(session, report_id, asked.rows)
        asked = replace(asked, rows=replace(asked.rows, figure=str(figure["name"])))
        total, part, whole = figure_sum(session, report_id, asked.rows)
        shown = figure_rows(session, report_id, asked.rows, asked.after)
        lines = _lines(session, shown[:ROWS])
    later = replace(asked, after=shown[ROWS - 1].position) if len(shown) > ROWS else None
    return RowsPage(
        report_id=report_id,
        title=title_of(facts.report),
        figure=str(figure["title"]),
        about=str(figure["about"]),
        value=told(Figure(part, whole).value(str(figure["unit"])), figure["word"]),
        total=total,
        is_share=figure["whole"] is not None,
        cell="　".join(_cell_words(asked.rows)),
        lines=tuple(lines),
        first_href=_href("rows", report_id, replace(asked, after=0)) if asked.after else None,
        next_href=_href("rows", report_id, later) if later is not None else None,
        sheet_href=_href("rows_workbook", report_id, replace(asked, after=0)),
        whole_href=_href("rows", report_id, Asked(Narrowed(asked.rows.figure))),
    )


def rows_sheet(runtime: Runtime, report_id: UUID, asked: Asked, actor: Actor) -> tuple[str, bytes]:
    """Return the title and the workbook of all rows behind a figure. Raises: NotFoundError."""
    with runtime.database.read(actor.scope) as session:
        facts, figure = _figure(session, report_id, asked.rows)
        named = replace(asked.rows, figure=str(figure["name"]))
        rows = figure_rows(session, report_id, named, limit=None)
    is_share = figure["whole"] is not None
    headings = [_("记录"), _("单位"), _("行业"), _("区域"), _("类别"), _("计入")]
    told_rows = [
        (
            row.label,
            row.unit,
            _industry(row),
            region_word(row.region_code or ""),
            _category(row),
            row.part,
            *((row.whole,) if is_share else ()),
        )
        for row in rows
    ]
    title = str(figure["title"])
    body = table(title, [*headings, *([_("应计")] if is_share else ())], told_rows)
    return f"{title_of(facts.report)} {title}", body


def _figure(session: Session, report_id: UUID, asked: Narrowed) -> tuple[ReportFacts, Mapping[str, object]]:
    """Return the report and the figure that is asked for, its first one if none is named."""
    facts = report_facts(session, report_id)
    figures = facts.report.snapshot["figures"] if facts is not None else []
    figure = next((one for one in figures if asked.figure in {"", one["name"]}), None)
    if facts is None or figure is None:
        raise NotFoundError(kind="filed_report", id=str(report_id))
    return facts, figure


def _lines(session: Session, rows: Sequence[FiledReportRow]) -> Iterator[Line]:
    cases = visit_cases(session, [row.subject_id for row in rows if row.subject == "visit"])
    for row in rows:
        yield Line(
            label=row.label,
            href=_record(row, cases),
            unit=row.unit,
            industry=_industry(row),
            region=region_word(row.region_code or ""),
            category=_category(row),
            part=f"{row.part.normalize():f}",
            whole=f"{row.whole.normalize():f}" if row.whole is not None else "",
        )


def _record(row: FiledReportRow, cases: Mapping[UUID, UUID]) -> str | None:
    """Return the page of the record, where the person may open it."""
    match row.subject:
        case "hazard":
            return link_to("hazards.show", hazard_id=row.subject_id)
        case "visit" if row.subject_id in cases:
            return link_to("cases.show", case_id=cases[row.subject_id])
        case "policy":
            return link_to("registers.policy", policy_id=row.subject_id)
        case "unit":
            return link_to("registers.show", unit_id=row.subject_id)
        case "person":
            return link_to("registers.person", person_id=row.subject_id)
        case _:
            return None


def _industry(row: FiledReportRow) -> str:
    return _word("high_risk_kind", row.industry)


def _category(row: FiledReportRow) -> str:
    return _word(CATEGORIES.get(row.subject, ""), row.category)


def _word(enumeration: str, code: str | None) -> str:
    known = enumerations().get(enumeration)
    return (known.words.get(code or "") if known is not None else None) or code or ""


def _cell_words(asked: Narrowed) -> Iterator[str]:
    """Yield what the rows are narrowed to, in words."""
    if asked.industry is not None:
        yield _word("high_risk_kind", asked.industry)
    if asked.region_code is not None:
        yield region_word(asked.region_code)
    if asked.category is not None:
        yield _word("hazard_class", asked.category)


def _href(endpoint: str, report_id: UUID, asked: Asked) -> str:
    return url_for(
        f"filed_reports.{endpoint}",
        report_id=report_id,
        after=asked.after or None,
        **{name: value for name, value in asdict(asked.rows).items() if value is not None},
    )
