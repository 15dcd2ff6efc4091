"""One cell: what it says, whatever the office program stored in it."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal

Cell = str | int | float | bool | date | datetime | time | timedelta
"""What calamine gives; an empty cell is an empty string."""

CENT = Decimal("0.01")
TEN_THOUSAND = Decimal(10_000)
MAX_AMOUNT = Decimal(10) ** 14
BLANKS = frozenset({"", "-", "--", "—", "——", "/", "\\", "无", "N/A", "n/a", "NA", "#N/A", "空"})
"""Stand for nothing in columns of dates, amounts and numbers."""

_SERIAL_ZERO = date(1899, 12, 30)
_FIRST_YEAR, _LAST_YEAR = 1950, 2100
_EXACT_DIGITS = 10**15
_NOISE = Decimal("0.000001")
_DAY = re.compile(
    r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*[日号]?"
    r"(?:[ T]\s*\d{1,2}:\d{2}(?::\d{2}(?:\.0+)?)?)?"
)
_PACKED_DAY = re.compile(r"(\d{4})(\d{2})(\d{2})")
_SERIAL = re.compile(r"\d{5}(?:\.\d+)?")
_AMOUNT = re.compile(r"([+-]?)(\d{1,3}(?:,\d{3})+|\d+)(\.\d*)?(万元|万|元)?")
_BRACKETED = re.compile(r"\((.+)\)")
_EXPONENT = re.compile(r"\d(?:\.\d+)?E\+?\d+", re.IGNORECASE)
_WHOLE = re.compile(r"(\d+)(?:\.0*)?(?:人|户|次|年|名|岁)?")
_INVISIBLE = re.compile("[\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
_YES = frozenset({"是", "有", "√", "✓", "☑", "Y", "YES", "TRUE", "1", "对"})
_NO = frozenset({"否", "无", "×", "✗", "☐", "N", "NO", "FALSE", "0", "没有", "非"})


class CellError(ValueError):
    """Raised for a cell that cannot be understood; the message is a Chinese sentence for its author."""


def harmless(text: str) -> str:
    """Return ``text`` so that no spreadsheet takes it for a formula when it opens a CSV file."""
    return "'" + text if text.startswith(_DANGEROUS) else text


def shown(cell: Cell) -> str:
    """Return the cell as text, as its author sees it: no ``.0`` behind whole numbers, dates as 2026-11-23."""
    match cell:
        case str():
            return cell.strip() if cell.isascii() else _INVISIBLE.sub("", cell).strip()
        case bool():
            return "是" if cell else "否"
        case datetime():
            return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ")
        case date():
            return cell.isoformat()
        case float() if cell.is_integer():
            return str(int(cell))
        case _:
            return str(cell)


def narrow(cell: Cell) -> str:
    """Return the cell's text with full-width digits and letters as ordinary ones."""
    text = shown(cell)
    return text if text.isascii() else unicodedata.normalize("NFKC", text).strip()


def text(cell: Cell) -> str:
    """Return running text on one line."""
    return " ".join(shown(cell).split())


def code(cell: Cell) -> str:
    """Return a number that is a name (policy number, credit code): digits kept, blanks out.

    Raises:
        CellError: Excel has stored it as a number and lost digits.
    """
    written = "".join(narrow(cell).split())
    lost = isinstance(cell, (int, float)) and not isinstance(cell, bool) and abs(cell) >= _EXACT_DIGITS
    if lost or _EXPONENT.fullmatch(written):
        raise CellError("号码被表格当成了数字，末几位已经丢失；请把这一列设为文本后重新填写")
    return written


def day(cell: Cell) -> date | None:
    """Return a day from a date, a serial number, or text such as 2026.11.23 and 2026年11月23日.

    Raises:
        CellError: it is no day between 1950 and 2100.
    """
    if isinstance(cell, datetime):
        return _within(cell.date(), cell)
    if isinstance(cell, date):
        return _within(cell, cell)
    written = narrow(cell)
    if written in BLANKS:
        return None
    found = _DAY.fullmatch(written) or _PACKED_DAY.fullmatch(written)
    if found:
        year, month, number = map(int, found.groups())
        return _within(_date(year, month, number, written), cell)
    if _SERIAL.fullmatch(written):
        return _within(_SERIAL_ZERO + timedelta(days=int(float(written))), cell)
    raise CellError(f"“{written}”不是日期，请写成 2026-11-23")


def amount(cell: Cell, unit: Decimal = Decimal(1)) -> Decimal | None:
    """Return yuan with two digits from 12,345.60, 3.5万元, ￥1200 or a number; ``unit`` is the column's.

    Raises:
        CellError: it is no amount, or has more than two digits behind the point.
    """
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        return _yuan(Decimal(repr(cell)) * unit, cell)
    written = narrow(cell).replace(" ", "").replace("，", ",").lstrip("¥￥").removesuffix("整")
    if written in BLANKS:
        return None
    bracketed = _BRACKETED.fullmatch(written)
    found = _AMOUNT.fullmatch(bracketed[1] if bracketed else written)
    if not found:
        raise CellError(f"“{written}”不是金额，请写成 12345.60 或 3.5万元")
    sign, whole, fraction, word = found.groups()
    value = Decimal(whole.replace(",", "") + (fraction or ""))
    scale = {"万元": TEN_THOUSAND, "万": TEN_THOUSAND, "元": Decimal(1), None: unit}[word]
    return _yuan(-value * scale if sign == "-" or bracketed else value * scale, cell)


def share(cell: Cell) -> Decimal | None:
    """Return a rate as a share: 0.35, 35% and 3.5‰ alike.

    Raises:
        CellError: it is no rate.
    """
    written = narrow(cell).replace(" ", "")
    if written in BLANKS:
        return None
    found = re.fullmatch(r"(\d+(?:\.\d+)?(?:E-\d+)?)([%‰]?)", written, re.IGNORECASE)
    if not found:
        raise CellError(f"“{written}”不是比率，请写成 0.0035 或 0.35%")
    return Decimal(found[1]) / {"%": 100, "‰": 1000, "": 1}[found[2]]


def whole(cell: Cell) -> int | None:
    """Return a whole number, zero or more, from 12, 12.0, １２ or 12人.

    Raises:
        CellError: it is none.
    """
    written = narrow(cell).replace(",", "")
    if written in BLANKS:
        return None
    found = _WHOLE.fullmatch(written)
    if not found or len(found[1]) > 9:
        raise CellError(f"“{written}”不是整数")
    return int(found[1])


def yes_or_no(cell: Cell) -> bool | None:
    """Return what 是, 有, √, Y, 1 and their opposites say.

    Raises:
        CellError: it is neither.
    """
    written = narrow(cell).upper()
    if written in _YES:
        return True
    if written in _NO:
        return False
    if written in BLANKS:
        return None
    raise CellError(f"“{written}”请改为“是”或“否”")


def _date(year: int, month: int, number: int, written: str) -> date:
    try:
        return date(year, month, number)
    except ValueError as error:
        raise CellError(f"“{written}”不是存在的日期") from error


def _within(found: date, cell: Cell) -> date:
    if not _FIRST_YEAR <= found.year <= _LAST_YEAR:
        raise CellError(f"“{shown(cell)}”不是合理的日期")
    return found


def _yuan(value: Decimal, cell: Cell) -> Decimal:
    if not value.is_finite() or abs(value) >= MAX_AMOUNT:
        raise CellError(f"“{shown(cell)}”不是合理的金额")
    rounded = value.quantize(CENT, ROUND_HALF_UP)
    if abs(value - rounded) > _NOISE:
        raise CellError(f"“{shown(cell)}”超过两位小数")
    return rounded
