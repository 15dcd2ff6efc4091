"""What an address or a hidden field says, read in one place: nonsense is nothing, never an error."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any  # Any: a part of a form is a text or a file
from uuid import UUID

from flask import Request
from werkzeug.datastructures import ImmutableMultiDict

EARLIEST, LATEST = date(1900, 1, 1), date(2200, 1, 1)
_LAST = date(9999, 12, 31)
"""The day before it, in UTC, stands for "no deadline" in the order of rows and so in the address of a next page."""
LONGEST_VERSION = 9


class Fields(ImmutableMultiDict[str, Any]):
    """Names and values without NUL, which PostgreSQL cannot keep."""

    def __init__(self, mapping: Any = None) -> None:  # noqa: ANN401  # whatever werkzeug hands over
        pairs = ImmutableMultiDict(mapping).items(multi=True)
        super().__init__(
            (name.replace("\0", ""), value.replace("\0", "") if isinstance(value, str) else value)
            for name, value in pairs
        )


class CleanRequest(Request):
    """A request whose address and form hold nothing that the database refuses."""

    parameter_storage_class = Fields


def day(text: str) -> date | None:
    """Return a day of our times, or None."""
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if EARLIEST <= found <= LATEST else None


def moment(text: str) -> datetime | None:
    """Return an aware moment from 1900 on, or None."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo is not None and EARLIEST < found.date() < _LAST else None


def identity(text: str) -> UUID | None:
    """Return the id that is written there, or None."""
    try:
        return UUID(text)
    except ValueError:
        return None


def identities(texts: Iterable[str]) -> list[UUID]:
    """Return the ids that are written there, without the nonsense."""
    return [found for text in texts if (found := identity(text)) is not None]


def row_version(text: str) -> int:
    """Return the version of a row that a form was drawn from; 0, which no row has, for nonsense."""
    return int(text) if text.isdecimal() and len(text) <= LONGEST_VERSION else 0
