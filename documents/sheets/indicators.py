"""The indicators of a set as Excel: written out, and read back as text, to be checked like a form."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import BinaryIO

from documents.sheets.cells import shown
from documents.sheets.table import table
from documents.sheets.workbook import SheetError, open_workbook, visible_sheets

COLUMNS = {
    "aspect": "方面",
    "title": "指标",
    "requirement": "要求",
    "weight": "分值",
    "measure": "系统数字",
}
"""Field → the heading of its column."""

_SEARCHED, _MOST = 10, 1_000


def write_indicators(title: str, rows: Iterable[Sequence[object]]) -> bytes:
    """Return the workbook of a set; each row has the columns in order, words instead of codes."""
    return table(title, list(COLUMNS.values()), rows)


def read_indicators(stream: BinaryIO) -> list[dict[str, str]]:
    """Return what each row below the headings says, by field; columns may stand in any order.

    Raises:
        SheetError: no workbook, or one without these headings.
    """
    for sheet in visible_sheets(open_workbook(stream)):
        lines = [[shown(cell) for cell in line] for line in sheet.to_python(nrows=_MOST)]
        for number, line in enumerate(lines[:_SEARCHED]):
            if set(COLUMNS.values()) <= set(line):
                places = {field: line.index(heading) for field, heading in COLUMNS.items()}
                return [_row(places, cells) for cells in lines[number + 1 :]]
    headings = "、".join(COLUMNS.values())
    raise SheetError("no_header", f"没有找到表头，第一行要有这几列：{headings}。先下载一份，在上面改。")


def _row(places: dict[str, int], cells: Sequence[str]) -> dict[str, str]:
    return {field: cells[place] for field, place in places.items() if place < len(cells)}
