"""Sample registers as the Excel files that insurers send."""

from collections.abc import Iterable, Mapping
from io import BytesIO

from xlsxwriter import Workbook

from documents.sheets.registers import register_of

TEXT = {"num_format": "@"}


def workbook(register: str, rows: Iterable[Mapping[str, str]]) -> BytesIO:
    """Return a file of the register with these rows (column key → what stands in the cell)."""
    out = BytesIO()
    book = Workbook(out, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet("数据")
    columns = register_of(register).columns
    text = book.add_format(TEXT)
    for index, column in enumerate(columns):
        sheet.write_string(0, index, column.title)
    for number, row in enumerate(rows, 1):
        for index, column in enumerate(columns):
            if row.get(column.key):
                sheet.write_string(number, index, row[column.key], text)
    book.close()
    out.seek(0)
    return out
