"""Write a table of figures as a workbook."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from decimal import Decimal

from documents.sheets.template import OPTIONS, TINT

_WIDTH = 18


def table(title: str, headings: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """Return a workbook with one sheet; numbers stay numbers, all else is text and never a formula."""
    import xlsxwriter  # noqa: PLC0415  # needed by few requests, and 0.1 s of each start

    target = io.BytesIO()
    with xlsxwriter.Workbook(target, OPTIONS) as book:
        sheet = book.add_worksheet(title)
        sheet.set_column(0, len(headings) - 1, _WIDTH)
        sheet.write_row(0, 0, headings, book.add_format({"bold": True, "bg_color": TINT, "border": 1}))
        sheet.freeze_panes(1, 0)
        for line, row in enumerate(rows, 1):
            for place, value in enumerate(row):
                if isinstance(value, int | Decimal):
                    sheet.write_number(line, place, value)
                else:
                    sheet.write_string(line, place, "" if value is None else str(value))
    return target.getvalue()
