"""Read a register from Excel: each row with its values, or with what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, islice
from typing import BinaryIO

from msgspec import Struct
from msgspec.structs import fields
from python_calamine import CalamineSheet, CalamineWorkbook

from documents.sheets.cells import Cell, CellError, amount, shown
from documents.sheets.columns import EXAMPLE_MARK, Problem, Register, Row, Value
from documents.sheets.headers import SEARCHED_ROWS, Header, Place, find_header
from documents.sheets.registers import REGISTERS, register_of
from documents.sheets.workbook import MAX_ROWS, SheetError, open_workbook, visible_sheets

_MOST_MERGED = 20_000
_LEAST_ALIKE = 3


class SheetRow(Struct, frozen=True):
    """One row. ``record`` is there exactly if there are no problems."""

    number: int
    """As Excel counts, from 1."""
    values: dict[str, Value]
    problems: tuple[Problem, ...]
    record: Row | None
    written: dict[str, str]
    """What stood in the cells, for the sheet that goes back."""
    sheet: str = ""


class _Table(Struct, frozen=True):
    sheet: CalamineSheet
    header: Header


class SheetRows(Iterator[SheetRow]):
    """The rows of a file, one after the other; ``total`` is how many there are at most."""

    def __init__(self, register: Register, workbook: CalamineWorkbook, tables: Sequence[_Table]) -> None:
        """Begin before the first row."""
        self.register = register
        self.total = sum(max(0, _last_row(table) - table.header.last_row) for table in tables)
        self.ignored = tuple(dict.fromkeys(chain.from_iterable(table.header.ignored for table in tables)))
        self._workbook = workbook
        self._rows = _rows(register, tables)

    def __next__(self) -> SheetRow:
        """Return the next row that says anything."""
        return next(self._rows)


def read(register: str, stream: BinaryIO) -> SheetRows:
    """Open a file as a register and return its rows; blank rows and the example are passed over.

    Raises:
        SheetError: the file is refused; see ``open_workbook``. Also: another register, columns missing,
            no rows, too many rows (the last may come while rows are taken).
    """
    wanted = register_of(register)
    workbook = open_workbook(stream)
    sheets = visible_sheets(workbook)
    named = [sheet for sheet in sheets if sheet.name == wanted.title]
    tables = [_Table(sheet, find_header(_first_rows(sheet), wanted)) for sheet in named or sheets]
    complete = [table for table in tables if not table.header.missing(wanted)]
    if not complete:
        raise _refusal(wanted, tables)
    return SheetRows(wanted, workbook, complete)


def _first_rows(sheet: CalamineSheet) -> list[list[Cell]]:
    return sheet.to_python(skip_empty_area=False, nrows=SEARCHED_ROWS + 1)


def _last_row(table: _Table) -> int:
    return table.sheet.end[0] if table.sheet.end else 0


def _refusal(wanted: Register, tables: Sequence[_Table]) -> SheetError:
    """Say which columns the likeliest sheet lacks, or that it is another register."""
    if not tables or all(table.sheet.end is None for table in tables):
        return SheetError("empty", "文件里没有内容，请使用模板填写。")
    likeliest = max(tables, key=lambda table: len(table.header.places))
    other = _other_register(wanted, likeliest)
    if other is not None:
        return SheetError(
            "wrong_register", f"这像是“{other.title}”表，不是“{wanted.title}”表，请核对后重新选择。"
        )
    if len(likeliest.header.places) < _LEAST_ALIKE:
        return SheetError("no_header", f"没有找到“{wanted.title}”的表头，请使用模板填写，不要改动表头。")
    missing = "、".join(likeliest.header.missing(wanted))
    return SheetError(
        "missing_columns", f"工作表“{likeliest.sheet.name}”缺少必填列：{missing}。请对照模板补齐。"
    )


def _other_register(wanted: Register, table: _Table) -> Register | None:
    rows = _first_rows(table.sheet)
    for other in REGISTERS.values():
        if other.code == wanted.code:
            continue
        header = find_header(rows, other)
        if not header.missing(other) and len(header.places) > len(table.header.places):
            return other
    return None


def _rows(register: Register, tables: Sequence[_Table]) -> Iterator[SheetRow]:
    seen: dict[tuple[Value, ...], int] = {}
    count = 0
    for table in tables:
        for number, cells in _cells(table):
            written = {place.column.key: _written(place, cells) for place in table.header.places}
            if not any(written.values()) or next(iter(written.values())).startswith(EXAMPLE_MARK):
                continue
            count += 1
            if count > MAX_ROWS:
                raise SheetError("too_many_rows", f"表格超过 {MAX_ROWS:,} 行，请拆成几个文件分别导入。")
            yield _row(register, table, number, cells, written, seen)


def _cells(table: _Table) -> Iterator[tuple[int, list[Cell]]]:
    """Yield (number, cells) below the header; what is merged over several rows stands in each of them."""
    start = table.sheet.start
    left = [""] * (start[1] if start else 0)  # the reader fills up blank rows above, not blank columns
    merged = _merged(table)
    kept: dict[int, Cell] = {}
    for index, found in islice(enumerate(table.sheet.iter_rows()), table.header.last_row + 1, None):
        cells: list[Cell] = [*left, *found]
        for first, last, column in merged.get(index, ()):
            kept[column] = cells[column] if index == first and column < len(cells) else kept.get(column, "")
            if first < index <= last and column < len(cells):
                cells[column] = kept[column]
        yield index + 1, cells


def _merged(table: _Table) -> Mapping[int, list[tuple[int, int, int]]]:
    """Return row → (first row, last row, column) of the cells merged over rows below the header."""
    found: dict[int, list[tuple[int, int, int]]] = {}
    count = 0
    for (first, column), (last, _) in table.sheet.merged_cell_ranges or ():
        if last <= first or first <= table.header.last_row:
            continue
        count += last - first
        if count > _MOST_MERGED:
            raise SheetError("merged", "合并单元格过多，请取消合并后再上传。")
        for row in range(first, last + 1):
            found.setdefault(row, []).append((first, last, column))
    return found


def _written(place: Place, cells: Sequence[Cell]) -> str:
    text = shown(cells[place.index]) if place.index < len(cells) else ""
    scaled = place.unit != 1 and text.replace(".", "").replace(",", "").isdigit()
    return f"{text}万元" if scaled else text


def _row(
    register: Register,
    table: _Table,
    number: int,
    cells: Sequence[Cell],
    written: dict[str, str],
    seen: dict[tuple[Value, ...], int],
) -> SheetRow:
    values, problems = checked(register, table.header.places, cells)
    identity = tuple(values.get(key) for key in register.identity)
    if all(key in values or key not in written for key in register.identity):
        earlier = seen.setdefault(identity, number)
        if earlier != number:
            problems.append(Problem("", f"与第 {earlier} 行重复"))
    record = None if problems else record_of(register, values)
    return SheetRow(number, values, tuple(problems), record, written, table.sheet.name)


def checked(
    register: Register, places: Sequence[Place], cells: Sequence[Cell]
) -> tuple[dict[str, Value], list[Problem]]:
    """Return what the cells of a row say, and what is wrong with them one by one and together."""
    values, problems = _values(places, cells)
    titles = {column.key: column.title for column in register.columns}
    wrong = {problem.column for problem in problems}
    for key, message in register.row.check(values):
        if titles[key] not in wrong:
            problems.append(Problem(titles[key], message))
    return values, problems


def record_of(register: Register, values: Mapping[str, Value]) -> Row:
    """Return a row that is in order; what was not given is filled in by the row model."""
    modelled = {each.name for each in fields(register.row)}
    known = {key: value for key, value in values.items() if key in modelled and value is not None}
    return register.row(**known)


def _values(places: Sequence[Place], cells: Sequence[Cell]) -> tuple[dict[str, Value], list[Problem]]:
    values: dict[str, Value] = {}
    problems = []
    for place in places:
        column = place.column
        cell = cells[place.index] if place.index < len(cells) else ""
        try:
            value = amount(cell, place.unit) if column.money else column.parse(cell)
        except CellError as error:
            problems.append(Problem(column.title, str(error)))
            continue
        if column.required and value in (None, "", ()):
            problems.append(Problem(column.title, "必填"))
        else:
            values[column.key] = value
    return values, problems
