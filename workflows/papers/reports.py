"""Papers that are filed with the joint office (第二十一条、第二十三条)."""

from collections.abc import Iterable
from decimal import Decimal

from rules.vocabulary import choices
from store.measures.wording import told
from store.tables import Document, FiledReport
from workflows.acts import Act
from workflows.papers.common import Content
from workflows.report_words import MONTHLY_PARTS, cell_words
from workflows.subjects import existing

_OFFICES = [{"party": "第三方服务机构", "seal": True}]


def monthly_report(act: Act, document: Document) -> Content:
    """Return the statistics of a month's hazards by trade, region and class, with what was written about them."""
    report = existing(act.session, FiledReport, document.subject_id)
    cells = []
    for cell in report.snapshot["cells"]:
        industry, region, category = cell_words(cell)
        counts = {
            "found": cell["hazards_found"],
            "major": cell["major_count"],
            "closed": cell["hazards_closed"],
            "overdue": cell["overdue_hazards"],
        }
        cells.append({"industry": industry, "region": region, "category": category, **counts})
    return _report(report, MONTHLY_PARTS.items()) | {"cells": cells}


def self_review(act: Act, document: Document) -> Content:
    """Return a half-year's review in its four parts, with the figures that the product gathered."""
    report = existing(act.session, FiledReport, document.subject_id)
    written = [pair for pair in choices("self_review_section") if pair[0] != "improvements"]
    promised = [
        {name: row[name] for name in ("measure", "responsible", "finish_by")}
        for row in report.sections["improvements"]
    ]
    return _report(report, written) | {"improvements": promised}


def _report(report: FiledReport, parts: Iterable[tuple[str, str]]) -> Content:
    written = ((title, str(report.sections.get(name) or "")) for name, title in parts)
    return {
        "period": report.period_name,
        "first_day": report.first_day,
        "last_day": report.last_day,
        "version": report.version,
        "sha256": report.sha256,
        "reason_of_correction": report.reason_of_correction,
        "figures": [
            {
                "name": figure["title"],
                "value": told(figure["value"], figure["word"]),
                "source": _change(figure["value"], figure["previous"], figure["word"]),
            }
            for figure in report.snapshot["figures"]
        ],
        "parts": [{"title": title, "text": text} for title, text in written if text],
        "signatures": _OFFICES,
    }


def _change(now: object, before: object, word: object) -> str:
    """Return the value of the period before, and by how much this one differs."""
    if now is None or before is None:
        return told(before, word)
    change = Decimal(str(now)) - Decimal(str(before))
    if not change:
        return f"{told(before, word)}（持平）"
    return f"{told(before, word)}（{'+' if change > 0 else ''}{told(change, word)}）"
