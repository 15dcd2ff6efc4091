"""A row that is typed into a page: the same columns, the same checks, the same sentences as in a sheet."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping

from documents.sheets.columns import Problem
from documents.sheets.headers import Place
from documents.sheets.reading import SheetRow, checked, record_of
from documents.sheets.registers import register_of

LONGEST = 600
"""More than any column takes; a longer text is not even read."""


def read_entered(register: str, written: Mapping[str, str]) -> SheetRow:
    """Return the row that these texts make, column key → text; a column that is not named is blank.

    Raises:
        UnknownRegisterError: there is no such register.
    """
    wanted = register_of(register)
    texts = {column.key: _printable(written.get(column.key, "")) for column in wanted.columns}
    too_long = [column for column in wanted.columns if len(texts[column.key]) > LONGEST]
    for column in too_long:
        texts[column.key] = ""
    places = [Place(column, index) for index, column in enumerate(wanted.columns)]
    values, problems = checked(wanted, places, list(texts.values()))
    long_titles = {column.title for column in too_long}
    kept = [problem for problem in problems if problem.column not in long_titles]
    kept += [Problem(title, f"超过 {LONGEST} 个字") for title in long_titles]
    record = None if kept else record_of(wanted, values)
    return SheetRow(1, values, tuple(kept), record, texts)


def _printable(text: str) -> str:
    """Return a text without control characters, which no sheet can hold; line breaks become blanks."""
    return "".join(" " if c in "\r\n\t" else c for c in text if c in "\r\n\t" or not _is_control(c))


def _is_control(character: str) -> bool:
    return unicodedata.category(character) == "Cc"
