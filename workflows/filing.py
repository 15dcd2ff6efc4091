"""Reports to the joint office: which figures each has, and how they are frozen with the rows behind them (报送)."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from uuid import UUID

from msgspec import Struct
from msgspec.structs import asdict
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from rules.periods import period_before
from store.measures.catalogue import MEASURES
from store.measures.model import Figure, Measure, MeasureRow, Window, figure_of, rows_of
from store.tables import FiledReport, FiledReportRow
from store.types import canonical
from workflows.values import json_object

DIMENSIONS = ("industry", "region_code", "category")
NONE = Decimal(0)


class ReportKind(Struct, frozen=True):
    """A kind of report: its period, its figures, and those that stand in cells by trade, region and class."""

    period: str
    figures: tuple[str, ...]
    cells: tuple[str, ...] = ()


class Frozen(Struct, frozen=True):
    """What is frozen: the snapshot with its digest, and the rows behind each figure."""

    snapshot: dict[str, object]
    sha256: str
    rows: Mapping[str, list[MeasureRow]]


_OF_HAZARDS = ("hazards_found", "major_count", "hazards_closed", "overdue_hazards")
KINDS: Mapping[str, ReportKind] = {
    "monthly_report": ReportKind("month", (*_OF_HAZARDS, "rectification_rate"), _OF_HAZARDS),
    "self_review": ReportKind("half_year", tuple(MEASURES)),
}


def frozen(session: Session, kind: str, first_day: date, last_day: date, org_id: UUID) -> Frozen:
    """Return the figures of a provider's report as the records stand now (第二十一、二十三条)."""
    asked, window = KINDS[kind], Window(first_day, last_day, org_id)
    earlier = period_before(asked.period, first_day)
    before = Window(earlier.first_day, earlier.last_day, org_id)
    measures = [MEASURES[name] for name in asked.figures]
    rows = {measure.name: rows_of(session, measure, window) for measure in measures}
    figures = [
        _figure(measure, rows[measure.name], figure_of(session, measure, before)) for measure in measures
    ]
    told = json_object(
        {
            "figures": figures,
            "cells": _cells({name: rows[name] for name in asked.cells}),
            "rows": {"count": sum(map(len, rows.values())), "sha256": _of_rows(_lines(rows))},
        }
    )
    return Frozen(dict(told), _digest(told), rows)


def keep(session: Session, report: FiledReport, found: Frozen) -> None:
    """Write a report with the rows behind its figures."""
    session.add(report)
    session.flush()
    if lines := list(_lines(found.rows)):
        session.execute(insert(FiledReportRow), [{"report_id": report.id, **line} for line in lines])


def newest_version(session: Session, org_id: UUID, kind: str, period: str) -> FiledReport | None:
    """Return the newest version of a report, None before the first."""
    versions = select(FiledReport).where(
        FiledReport.org_id == org_id, FiledReport.kind == kind, FiledReport.period == period
    )
    return session.scalar(versions.order_by(FiledReport.version.desc()).limit(1))


def first_bad(session: Session) -> FiledReport | None:
    """Return the first report whose snapshot or rows are not what was hashed."""
    for report in session.scalars(select(FiledReport).order_by(FiledReport.frozen_at, FiledReport.id)):
        kept = session.scalars(select(FiledReportRow).where(FiledReportRow.report_id == report.id))
        lines = [{name: getattr(row, name) for name in _COLUMNS} for row in kept]
        if report.sha256 != _digest(report.snapshot) or report.snapshot["rows"]["sha256"] != _of_rows(lines):
            return report
    return None


_COLUMNS = tuple(name for name in FiledReportRow.__table__.columns.keys() if name != "report_id")  # noqa: SIM118  # a collection of columns


def _of_rows(lines: Iterable[Mapping[str, object]]) -> str:
    """Return the digest of rows, whatever order they came in."""
    plain = [json_object(line) for line in lines]
    return _digest(sorted(plain, key=lambda line: (str(line["figure"]), int(str(line["position"])))))


def _digest(value: object) -> str:
    return hashlib.sha256(canonical(value)).hexdigest()


def _figure(measure: Measure, rows: Iterable[MeasureRow], before: Figure) -> dict[str, object]:
    now = _sum(rows)
    return {
        "name": measure.name,
        "title": measure.title,
        "about": measure.about,
        "unit": measure.unit,
        "word": measure.word,
        "part": now.part,
        "whole": now.whole,
        "value": now.value(measure.unit),
        "previous": before.value(measure.unit),
    }


def _sum(rows: Iterable[MeasureRow]) -> Figure:
    listed = list(rows)
    wholes = [row.whole for row in listed if row.whole is not None]
    return Figure(sum((row.part for row in listed), NONE), sum(wholes, NONE) if wholes else None)


def _cells(rows: Mapping[str, list[MeasureRow]]) -> list[dict[str, object]]:
    """Return how many rows of each figure lie in each cell of trade, region and class, in a settled order."""
    found: dict[tuple[str, ...], dict[str, Decimal]] = {}
    for name, listed in rows.items():
        for row in listed:
            place = tuple(str(getattr(row, each) or "") for each in DIMENSIONS)
            cell = found.setdefault(place, dict.fromkeys(rows, NONE))
            cell[name] += row.part
    return [{**dict(zip(DIMENSIONS, place, strict=True)), **cell} for place, cell in sorted(found.items())]


def _lines(rows: Mapping[str, list[MeasureRow]]) -> Iterator[dict[str, object]]:
    for name, listed in rows.items():
        for position, row in enumerate(listed, 1):
            yield {"figure": name, "position": position, **asdict(row)}
