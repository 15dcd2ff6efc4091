"""Find the header of a sheet, in one row or two, under whatever titles people keep for the columns."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal

from msgspec import Struct

from documents.sheets.cells import TEN_THOUSAND, Cell, narrow
from documents.sheets.columns import Column, Register

SEARCHED_ROWS = 15
"""Above the header stand titles and notes of the sender."""

_NOISE = re.compile(r"[\s*★☆:：_\-]|\((?:必填|选填|必填项|可选)\)")
_TEN_THOUSAND_UNIT = re.compile(r"\((?:单位[:：]?)?万元\)|,?单位[:：]?万元$|万元$")
_BRACKETS = re.compile(r"\([^()]*\)")


class Place(Struct, frozen=True):
    """Where a column stands, and the unit that its header names."""

    column: Column
    index: int
    unit: Decimal = Decimal(1)


class Header(Struct, frozen=True):
    """A header: its last row (0 = first of the sheet), the places of the columns, titles not understood."""

    last_row: int
    places: tuple[Place, ...]
    ignored: tuple[str, ...]

    def missing(self, register: Register) -> list[str]:
        """Return the titles of required columns that the sheet lacks."""
        found = {place.column.key for place in self.places}
        return [column.title for column in register.columns if column.required and column.key not in found]


def find_header(rows: Sequence[Sequence[Cell]], register: Register) -> Header:
    """Return the best reading of the first rows as a header; it may lack columns, even all of them."""
    titles = _titles(register)
    best = Header(0, (), ())
    for index, row in enumerate(rows[:SEARCHED_ROWS]):
        best = max(best, _read(index, [[cell] for cell in row], titles, register), key=_worth)
        if index + 1 < len(rows):
            best = max(best, _read(index + 1, _two_rows(row, rows[index + 1]), titles, register), key=_worth)
    return best


def plain_title(title: str) -> str:
    """Return a title as it is compared: no blanks, stars, full-width forms, remarks about need."""
    return _NOISE.sub("", narrow(title)).lower()


def _worth(header: Header) -> tuple[int, int, int]:
    """Prefer more columns, then the reading with fewer rows and fewer strange titles."""
    return len(header.places), -len(header.ignored), -header.last_row


def _titles(register: Register) -> Mapping[str, Column]:
    named: dict[str, Column] = {}
    for column in register.columns:
        named[plain_title(column.title)] = column
    for column in register.columns:
        for alias in column.aliases:
            named.setdefault(plain_title(alias), column)
    return named


def _two_rows(upper: Sequence[Cell], lower: Sequence[Cell]) -> list[list[Cell]]:
    """Return for each column the titles it may have: both together, lower, upper; a wide cell spreads."""
    candidates: list[list[Cell]] = []
    spread = ""
    for index in range(max(len(upper), len(lower))):
        top = narrow(upper[index]) if index < len(upper) else ""
        bottom = narrow(lower[index]) if index < len(lower) else ""
        spread = top or spread
        candidates.append([spread + bottom, bottom, top] if bottom else [top])
    return candidates


def _read(
    last_row: int, candidates: Sequence[Sequence[Cell]], titles: Mapping[str, Column], register: Register
) -> Header:
    places: dict[str, Place] = {}
    ignored = []
    for index, names in enumerate(candidates):
        shown = [narrow(name) for name in names if narrow(name)]
        place = next((found for name in shown if (found := _place(name, index, titles))), None)
        if place is not None and place.column.key not in places:
            places[place.column.key] = place
        elif shown and place is None and plain_title(shown[0]) != register.reserved:
            ignored.append(shown[0])
    return Header(last_row, tuple(places.values()), tuple(ignored))


def _place(name: str, index: int, titles: Mapping[str, Column]) -> Place | None:
    plain = plain_title(name)
    for variant in (plain, _TEN_THOUSAND_UNIT.sub("", plain), _BRACKETS.sub("", plain)):
        if variant in titles:
            column = titles[variant]
            scaled = column.money and _TEN_THOUSAND_UNIT.search(plain)
            return Place(column, index, TEN_THOUSAND if scaled else Decimal(1))
    return None
