"""Every number of the standard as a dated row with its source; the only reader of parameters.toml.

A row is never edited: a new number is a new row with its own first day (D24). A profile (规则集) that
says nothing about a name itself stands on the national clock (AQ) and on the defaults of the product.
"""

import tomllib
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Generic, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from rules.errors import ParameterKindError, ParameterRowError, UnknownParameterError

PARAMETERS = Path(__file__).parent / "parameters.toml"
LOCAL_PROFILE = "wenzhou-2020"
NATIONAL_PROFILE = "national-2025"
SHARED_PROFILES = ("aq-9010-2019", "product")
STANDARD_FIRST_DAY = date(2020, 6, 1)
DIRECTIONS = frozenset({"floor", "ceiling", "exact"})

T = TypeVar("T")


class MonthDay(Struct, frozen=True):
    """A day of every year, such as 31 March."""

    month: int
    day: int

    def of(self, year: int) -> date:
        """Return that day of the given year."""
        return date(year, self.month, self.day)


class Band(Struct, frozen=True):
    """A premium from `at_least` (yuan, inclusive) up to the next band earns `visits` a year."""

    at_least: Decimal
    visits: int
    below: Decimal | None = None


class Parameter(Struct, Generic[T], frozen=True):
    """One dated row: its value, and where the value comes from."""

    value: T
    row_id: str
    name: str
    unit: str
    profile: str
    first_day: date
    last_day: date | None
    direction: str
    base: str | None
    source: str
    article: str
    confirmed: bool
    note: str


def standard_day(on: date) -> date:
    """Return the day whose numbers govern a duty that arose on that day (第二十九条).

    What began before the standard and still runs is governed by it from its first day on.
    """
    return max(on, STANDARD_FIRST_DAY)


def number(name: str, on: date, profile: str = LOCAL_PROFILE) -> Parameter[int]:
    """Return the whole number of that name in force on that day.

    Raises: UnknownParameterError if no row is in force; ParameterKindError if it is no whole number.
    """
    row = _in_force(name, on, profile)
    if not isinstance(row.value, int):
        raise ParameterKindError(row_id=row.row_id, wanted="int")
    return replace(row, value=row.value)


def share(name: str, on: date, profile: str = LOCAL_PROFILE) -> Parameter[Decimal]:
    """Return the share (0.35 = 35 %) of that name in force on that day; errors as for `number`."""
    row = _in_force(name, on, profile)
    if not isinstance(row.value, Decimal):
        raise ParameterKindError(row_id=row.row_id, wanted="share")
    return replace(row, value=row.value)


def words(name: str, on: date, profile: str = LOCAL_PROFILE) -> Parameter[tuple[str, ...]]:
    """Return the list of code words of that name in force on that day; errors as for `number`."""
    row = _in_force(name, on, profile)
    if row.unit != "words":
        raise ParameterKindError(row_id=row.row_id, wanted="words")
    return replace(row, value=tuple(row.value))


def month_days(name: str, on: date, profile: str = LOCAL_PROFILE) -> Parameter[tuple[MonthDay, ...]]:
    """Return the days of the year of that name in force on that day; errors as for `number`."""
    row = _in_force(name, on, profile)
    if row.unit != "month_days":
        raise ParameterKindError(row_id=row.row_id, wanted="month_days")
    return replace(row, value=tuple(_month_day(text) for text in row.value))


def offsets(name: str, on: date, profile: str = LOCAL_PROFILE) -> Parameter[tuple[int, ...]]:
    """Return the list of whole numbers of that name in force on that day; errors as for `number`."""
    row = _in_force(name, on, profile)
    if not isinstance(row.value, list) or not all(isinstance(item, int) for item in row.value):
        raise ParameterKindError(row_id=row.row_id, wanted="offsets")
    return replace(row, value=tuple(row.value))


def bands(name: str, on: date, profile: str = LOCAL_PROFILE) -> Parameter[tuple[Band, ...]]:
    """Return the premium bands of that name in force on that day, lowest first; errors as for `number`."""
    row = _in_force(name, on, profile)
    if row.unit != "bands":
        raise ParameterKindError(row_id=row.row_id, wanted="bands")
    lower = sorted((Decimal(item["at_least"]), int(item["visits"])) for item in row.value)
    upper = [*(bound for bound, _ in lower[1:]), None]
    found = tuple(Band(bound, visits, below) for (bound, visits), below in zip(lower, upper, strict=True))
    return replace(row, value=found)


def first_day(name: str, profile: str) -> date | None:
    """Return the first day on which the profile itself says anything about that name; None if never."""
    return min((row.first_day for row in rows() if (row.name, row.profile) == (name, profile)), default=None)


@cache
def rows() -> tuple[Parameter[Any], ...]:  # Any: a row's value has the shape that its unit says
    """Return every row ever in force, in the order of the file."""
    return parse_rows(PARAMETERS.read_text(encoding="utf-8"))


def standard_begins() -> date:
    """Return the first day on which the standard is in force."""
    return min(row.first_day for row in rows() if row.profile == LOCAL_PROFILE)


def parse_rows(text: str) -> tuple[Parameter[Any], ...]:  # Any: as for `rows`
    """Return the rows of a parameters file.

    Raises: ParameterRowError if a row has no source (第一条: no number without its ground), an unknown
    direction, or the same name, profile and first day as another.
    """
    found: dict[str, Parameter[Any]] = {}  # Any: as for `rows`
    for table in tomllib.loads(text, parse_float=Decimal)["row"]:
        row = _parse_row(table)
        if row.row_id in found:
            raise ParameterRowError(row_id=row.row_id, problem="the same row twice")
        found[row.row_id] = row
    return tuple(found.values())


def _parse_row(table: Mapping[str, Any]) -> Parameter[Any]:  # Any: as for `rows`
    row_id = f"{table['profile']}:{table['name']}:{table['first_day']}"
    if not table["source"]:
        raise ParameterRowError(row_id=row_id, problem="no source")
    if table["direction"] not in DIRECTIONS:
        raise ParameterRowError(row_id=row_id, problem="unknown direction")
    optional = {"last_day": None, "base": None, "note": ""}
    return Parameter(row_id=row_id, **(optional | dict(table)))


@lru_cache(maxsize=4096)
def _in_force(name: str, on: date, profile: str) -> Parameter[Any]:  # Any: as for `rows`
    for owner in (profile, *SHARED_PROFILES):
        current = [row for row in rows() if (row.name, row.profile) == (name, owner) and _covers(row, on)]
        if current:
            return max(current, key=lambda row: row.first_day)
    raise UnknownParameterError(name=name, on=on, profile=profile)


def _covers(row: Parameter[Any], on: date) -> bool:  # Any: as for `rows`
    return row.first_day <= on and (row.last_day is None or on <= row.last_day)


def _month_day(text: str) -> MonthDay:
    month, day = text.split("-")
    return MonthDay(int(month), int(day))
