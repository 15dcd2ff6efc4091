"""Facts of a report to the joint office: its frozen figures, what was written beside them, why it came back."""

from itertools import islice

from forms.context import Choice
from rules.vocabulary import choices
from store.measures.wording import told_figure
from store.tables import FiledReport
from workflows.acts import Act
from workflows.facts.groups import about
from workflows.filing import KINDS
from workflows.reading import Facts, found
from workflows.report_words import MONTHLY_PARTS, by_whom, cell_lines, improvement_line

MOST_CELLS = 8


def report_of(act: Act) -> FiledReport | None:
    """Return the version of the report that the case is at."""
    return found(act, FiledReport, act.case.variables.get("report_id"))


def _figures(_: Act, report: FiledReport) -> Facts:
    figures = {figure["name"]: told_figure(figure) for figure in report.snapshot["figures"]}
    return {f"figure_{name}": figures.get(name, "") for name in _FIGURES}


def _standing(act: Act, report: FiledReport) -> Facts:
    variables = act.case.variables
    came_back = str(variables.get("approval_opinion") or "") if variables.get("decision") == "return" else ""
    return {
        "report_period": f"{report.period_name}（{report.first_day} 至 {report.last_day}）",
        "report_version": f"第 {report.version} 版，数字摘要 {report.sha256[:12]}",
        "return_reason": came_back or report.reason_of_correction,
    }


def _cells(_: Act, report: FiledReport) -> Facts:
    return {"report_cells": "\n".join(islice(cell_lines(report.snapshot["cells"]), MOST_CELLS))}


def _sections(_: Act, report: FiledReport) -> Facts:
    written = report.sections
    told: Facts = {f"section_{name}": str(written.get(name) or "") for name in _PARTS}
    return told | {
        "section_improvements": "；".join(map(improvement_line, written.get("improvements") or ()))
    }


def improvements(act: Act) -> list[Choice]:
    """Return the improvements that a self-review promised, each a row to answer."""
    report = report_of(act)
    promised = (report.sections.get("improvements") or []) if report is not None else []
    return [Choice(str(n), str(row.get("measure")), about=by_whom(row)) for n, row in enumerate(promised, 1)]


_FIGURES = tuple(dict.fromkeys(name for kind in KINDS.values() for name in kind.figures))
_PARTS = (*MONTHLY_PARTS, *(code for code, _ in choices("self_review_section")))
REPORT_FACTS = (
    about(report_of, _figures, *(f"figure_{name}" for name in _FIGURES)),
    about(report_of, _standing, "report_period", "report_version", "return_reason"),
    about(report_of, _cells, "report_cells"),
    about(report_of, _sections, *(f"section_{name}" for name in _PARTS)),
)
"""What forms may read of a report."""
