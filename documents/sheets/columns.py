"""The columns of a register: their titles, what they accept, how their cells are read."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import ClassVar, get_type_hints

from msgspec import NODEFAULT, Struct
from msgspec.structs import fields, replace

from documents.sheets import cells
from documents.sheets.cells import Cell, CellError
from rules.codes import is_uscc
from rules.vocabulary import choices

Value = str | int | bool | Decimal | date | tuple[str, ...] | None
Parser = Callable[[Cell], Value]

EXAMPLE_MARK = "示例"
"""A row whose first column begins so is the template's own example and is passed over."""

_MOBILE = re.compile(r"1[3-9]\d{9}")
_SEPARATORS = re.compile(r"[、,，;；/|\s]+")


class Column(Struct, frozen=True):
    """One column. Whether it is required follows from the field of the row model that carries it."""

    title: str
    parse: Parser
    hint: str = ""
    example: str = ""
    aliases: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    several: bool = False
    money: bool = False
    width: int = 18
    key: str = ""
    required: bool = False

    def written(self, value: object) -> str:
        """Return a kept value as its cell would say it: words for codes, 是 and 否, days, plain figures."""
        match value:
            case None:
                return ""
            case bool():
                return "是" if value else "否"
            case list() | tuple():
                return "、".join(self.written(part) for part in value)
            case Decimal():
                return format(value if self.money else value.normalize(), "f")
            case str() if value in self.codes:
                return self.choices[self.codes.index(value)]
            case _:
                return str(value)


class Problem(Struct, frozen=True):
    """What is wrong with one cell, or with the row if ``column`` is empty."""

    column: str
    message: str

    def __str__(self) -> str:
        """Return the sentence that stands in 错误原因."""
        return f"{self.column}：{self.message}" if self.column else self.message


class Row(Struct, frozen=True):
    """A row that is in order. Each field carries its ``Column``; a field without default is required."""

    @classmethod
    def check(cls, values: Mapping[str, Value]) -> Iterator[tuple[str, str]]:
        """Yield (field, sentence) for what only several cells together show; values may be missing."""
        del values  # most rows have nothing to add
        yield from ()


class Register(Struct, frozen=True, dict=True):
    """A register as a sheet: its title, its row model, the fields that tell rows apart.

    Columns that are `listed` need no fields of the row model, which then only checks.
    """

    code: str
    title: str
    row: type[Row]
    identity: tuple[str, ...]
    notes: tuple[str, ...] = ()
    listed: tuple[Column, ...] = ()

    reserved: ClassVar[str] = "错误原因"

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """Return the columns in their order."""
        return self.listed or tuple(self._columns())

    def _columns(self) -> Iterator[Column]:
        hints = get_type_hints(self.row, include_extras=True)
        for each in fields(self.row):
            column = next(entry for entry in hints[each.name].__metadata__ if isinstance(entry, Column))
            yield replace(column, key=each.name, required=each.default is NODEFAULT)


def text(title: str, *, most: int = 200, **more: object) -> Column:
    """Return a column of running text."""
    return _column(title, lambda cell: _limited(cells.text(cell), most), more)


def code(title: str, *, most: int = 64, pattern: str = "", wrong: str = "", **more: object) -> Column:
    """Return a column of numbers that are names; ``wrong`` is said of what does not match ``pattern``."""
    accepted = re.compile(pattern)

    def parse(cell: Cell) -> str:
        found = _limited(cells.code(cell), most)
        if pattern and found and not accepted.fullmatch(found):
            raise CellError(f"“{found}”{wrong}")
        return found

    return _column(title, parse, more)


def credit_code(title: str, **more: object) -> Column:
    """Return a column of unified social credit codes, whose check sign is verified (GB 32100)."""

    def parse(cell: Cell) -> str:
        found = cells.code(cell).upper()
        if found and not is_uscc(found):
            raise CellError(f"“{found}”不是有效的统一社会信用代码，请核对 18 位字符和校验位")
        return found

    return _column(title, parse, {"width": 24, "hint": "18 位统一社会信用代码", **more})


def mobile(title: str, **more: object) -> Column:
    """Return a column of mobile numbers; +86, blanks and dashes are taken off."""

    def parse(cell: Cell) -> str:
        found = re.sub(r"[\s-]|^\+?86(?=1\d{10}$)", "", re.sub(r"[\s-]", "", cells.code(cell)))
        if found and not _MOBILE.fullmatch(found):
            raise CellError(f"“{found}”不是 11 位手机号码")
        return found

    return _column(title, parse, {"hint": "11 位手机号码", **more})


def day(title: str, **more: object) -> Column:
    """Return a column of days."""
    return _column(title, cells.day, {"hint": "写成 2026-11-23", "width": 14, **more})


def amount(title: str, **more: object) -> Column:
    """Return a column of yuan."""
    return _column(
        title, cells.amount, {"hint": "单位为元，可写 3.5万元", "money": True, "width": 16, **more}
    )


def share(title: str, **more: object) -> Column:
    """Return a column of rates."""
    return _column(title, cells.share, {"hint": "写成 0.0035 或 0.35%", "width": 12, **more})


def whole(title: str, **more: object) -> Column:
    """Return a column of whole numbers, zero or more."""
    return _column(title, cells.whole, {"width": 12, **more})


def yes_or_no(title: str, **more: object) -> Column:
    """Return a column of 是 and 否."""
    return _column(title, cells.yes_or_no, {"choices": ("是", "否"), "width": 10, **more})


def choice(title: str, enumeration: str | Mapping[str, str], **more: object) -> Column:
    """Return a column with one word of an enumeration of rules.vocabulary, or of code → word."""
    known = _words(enumeration)
    lists = {"choices": tuple(known), "codes": tuple(known.values())}
    return _column(title, lambda cell: _one_of(cells.narrow(cell), known), {**lists, **more})


def several(title: str, enumeration: str | Mapping[str, str], **more: object) -> Column:
    """Return a column with any number of words of an enumeration, divided by 、."""
    known = _words(enumeration)

    def parse(cell: Cell) -> tuple[str, ...]:
        parts = (part for part in _SEPARATORS.split(cells.narrow(cell)) if part and part not in cells.BLANKS)
        return tuple(dict.fromkeys(found for part in parts if (found := _one_of(part, known))))

    defaults = {
        "choices": tuple(known),
        "codes": tuple(known.values()),
        "several": True,
        "hint": "可填多个，用顿号隔开",
        "width": 24,
    }
    return _column(title, parse, {**defaults, **more})


def _column(title: str, parse: Parser, more: Mapping[str, object]) -> Column:
    made = Column(title, parse)
    return replace(made, **more)


def _words(enumeration: str | Mapping[str, str]) -> dict[str, str]:
    pairs: Iterable[tuple[str, str]]
    pairs = choices(enumeration) if isinstance(enumeration, str) else enumeration.items()
    return {word: known for known, word in pairs}


def _one_of(written: str, known: Mapping[str, str]) -> str | None:
    """Return the code for a word, or for the code itself."""
    if written == "":
        return None
    if written in known:
        return known[written]
    if written in known.values():
        return written
    folded = {cells.narrow(word): found for word, found in known.items()}
    if written in folded:
        return folded[written]
    if written in cells.BLANKS:
        return None
    shortened = written.removesuffix("级").removesuffix("色")
    if shortened in known:
        return known[shortened]
    raise CellError(
        f"“{written}”不在可选范围内：{'、'.join(list(known)[:12])}{'等' if len(known) > 12 else ''}"
    )


def _limited(written: str, most: int) -> str:
    if len(written) > most:
        raise CellError(f"超过 {most} 个字")
    return written
