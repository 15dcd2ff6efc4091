"""Write the template of a register, and bad rows back into it."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from documents.sheets.columns import Column, Register
from documents.sheets.reading import SheetRow
from documents.sheets.registers import register_of
from documents.sheets.workbook import MAX_ROWS

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

_GUIDE, _CHOICES = "填写说明", "选项"
OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
TINT, _RED = "#F1F4F3", "#B3261E"
_STEPS = (
    "在“{title}”工作表中填写，表头不要改动；红色带星号的列必填。",
    "示例行（第一列以“示例”开头）导入时自动跳过，可以保留，也可以删去。",
    "号码类的列已设为文本，粘贴时请选择“只粘贴值”。日期写成 2026-11-23，金额单位为元。",
    "有下拉框的列请从下拉框中选择；可填多个的列用顿号隔开。",
    "导入前会先预览新增、更新、相同和有误的行数；有误的行会附上原因退回，改正后可直接再次上传。",
)
_EXCEL_TITLE, _EXCEL_PROMPT = 32, 255


def template(register: str) -> bytes:
    """Return the empty template with instructions, drop-downs and an example row."""
    wanted = register_of(register)
    example = {column.key: column.example for column in wanted.columns}
    return _workbook(wanted, [example], muted=True, extra=())


def write_rejects(register: str, rows: Iterable[SheetRow]) -> bytes:
    """Return the bad rows in the same template, as they were written, with a column 错误原因."""
    wanted = register_of(register)
    lines = ({**row.written, wanted.reserved: "；".join(map(str, row.problems))} for row in rows)
    return _workbook(
        wanted, lines, muted=False, extra=(Column(wanted.reserved, str, key=wanted.reserved, width=60),)
    )


def write_listed(register: str, rows: Iterable[Mapping[str, str]]) -> bytes:
    """Return records in the same template, column key → text, so that they may come back corrected."""
    return _workbook(register_of(register), rows, muted=False, extra=())


def _workbook(
    register: Register, lines: Iterable[Mapping[str, str]], *, muted: bool, extra: tuple[Column, ...]
) -> bytes:
    import xlsxwriter  # noqa: PLC0415  # needed by few requests, and 0.1 s of each start

    target = io.BytesIO()
    with xlsxwriter.Workbook(target, OPTIONS) as book:
        book.set_properties({"title": f"{register.title}导入模板", "comments": f"register={register.code}"})
        guide = book.add_worksheet(_GUIDE)
        sheet = book.add_worksheet(register.title)
        _write_guide(book, guide, register)
        names = _write_choices(book, book.add_worksheet(_CHOICES), register)
        _prepare(book, sheet, (*register.columns, *extra), names)
        _write_lines(book, sheet, (*register.columns, *extra), lines, muted=muted)
        sheet.activate()
    return target.getvalue()


def _write_guide(book: Workbook, guide: Worksheet, register: Register) -> None:
    bold = book.add_format({"bold": True, "font_size": 16})
    head = book.add_format({"bold": True, "bg_color": TINT, "border": 1})
    cell = book.add_format({"text_wrap": True, "valign": "top", "border": 1, "num_format": "@"})
    guide.set_column(0, 0, 22)
    guide.set_column(1, 1, 8)
    guide.set_column(2, 4, 40)
    guide.hide_gridlines(2)
    guide.write_string(0, 0, f"{register.title}导入模板", bold)
    row = 1
    for row, step in enumerate((*(step.format(title=register.title) for step in _STEPS), *register.notes), 1):
        guide.write_string(row, 0, f"{row}. {step}")
    for index, title in enumerate(("列名", "必填", "填写要求", "示例", "可选值")):
        guide.write_string(row + 2, index, title, head)
    for line, column in enumerate(register.columns, row + 3):
        required = "必填" if column.required else ""
        facts = (column.title, required, column.hint, column.example, "、".join(column.choices))
        for index, fact in enumerate(facts):
            guide.write_string(line, index, fact, cell)


def _write_choices(book: Workbook, sheet: Worksheet, register: Register) -> dict[str, str]:
    """Write each list into a hidden sheet, row by row; return column → named range."""
    from xlsxwriter.utility import xl_col_to_name  # noqa: PLC0415  # as above

    names = {}
    listed = [column for column in register.columns if column.choices and not column.several]
    for row, column in enumerate(listed):
        for index, word in enumerate(column.choices):
            sheet.write_string(row, index, word)
        names[column.key] = f"choices_{column.key}"
        last = xl_col_to_name(len(column.choices) - 1, col_abs=True)
        book.define_name(names[column.key], f"='{_CHOICES}'!$A${row + 1}:{last}${row + 1}")
    sheet.hide()
    return names


def _prepare(book: Workbook, sheet: Worksheet, columns: tuple[Column, ...], names: Mapping[str, str]) -> None:
    """Set widths, formats, drop-downs, header and print layout."""
    text = book.add_format({"num_format": "@"})
    money = book.add_format({"num_format": "#,##0.00"})
    free = book.add_format(
        {"bold": True, "bg_color": TINT, "border": 1, "text_wrap": True, "valign": "vcenter"}
    )
    needed = book.add_format(
        {
            "bold": True,
            "bg_color": TINT,
            "border": 1,
            "text_wrap": True,
            "valign": "vcenter",
            "font_color": _RED,
        }
    )
    sheet.set_row(0, 32)
    for index, column in enumerate(columns):
        sheet.set_column(index, index, column.width, money if column.money else text)
        title = f"{column.title} *" if column.required else column.title
        sheet.write_string(0, index, title, needed if column.required else free)
        _validate(sheet, index, column, names.get(column.key))
    sheet.freeze_panes(1, 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    sheet.set_footer("&C第 &P 页 共 &N 页")


def _validate(sheet: Worksheet, index: int, column: Column, name: str | None) -> None:
    prompt = "；".join(filter(None, ("必填" if column.required else "", column.hint)))
    if not prompt and name is None:
        return
    rule: dict[str, object] = (
        {"validate": "any"} if name is None else {"validate": "list", "source": f"={name}"}
    )
    if name is not None:
        rule |= {"error_title": "请从下拉框选择", "error_message": f"{column.title}请从下拉框中选择。"}
    if prompt:
        rule |= {"input_title": column.title[:_EXCEL_TITLE], "input_message": prompt[:_EXCEL_PROMPT]}
    sheet.data_validation(1, index, MAX_ROWS, index, rule)


def _write_lines(
    book: Workbook,
    sheet: Worksheet,
    columns: tuple[Column, ...],
    lines: Iterable[Mapping[str, str]],
    *,
    muted: bool,
) -> None:
    """Write rows as text: nothing that somebody typed becomes a formula or a link."""
    look: dict[str, object] = {"num_format": "@"} | (
        {"italic": True, "font_color": "#5F6C68"} if muted else {}
    )
    plain: Format = book.add_format(look)
    wrong: Format = book.add_format({"num_format": "@", "font_color": _RED})
    for row, line in enumerate(lines, 1):
        for index, column in enumerate(columns):
            if line.get(column.key):
                sheet.write_string(
                    row, index, line[column.key], wrong if column.key == Register.reserved else plain
                )
