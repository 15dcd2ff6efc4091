"""Meetings with agencies and experts: one a quarter, and one after each major issue (第二十条, D23)."""

from collections.abc import Iterable
from datetime import date
from enum import StrEnum

QUARTERS = (1, 2, 3, 4)
MONTHS_OF_QUARTER = 3


class Severity(StrEnum):
    """“宜” makes a warning, “应” a violation (D23)."""

    WARNING = "warning"
    VIOLATION = "violation"


def missing_quarters(year: int, meetings: Iterable[date]) -> tuple[int, ...]:
    """Return the quarters of the year without a meeting (第二十条: “宜” each quarter, hence a warning)."""
    held = {quarter_of(day) for day in meetings if day.year == year}
    return tuple(quarter for quarter in QUARTERS if quarter not in held)


def needs_extra_meeting(major_issue_on: date, meetings: Iterable[date]) -> bool:
    """Tell whether a major issue still awaits its meeting (第二十条); an earlier meeting is no answer."""
    return all(day < major_issue_on for day in meetings)


def severity_of_missing(quarters: Iterable[int]) -> Severity | None:
    """Return how grave missing quarters are (第二十条, D23); None if none is missing."""
    return Severity.WARNING if any(True for _ in quarters) else None


def severity_of_issue(*, needs_meeting: bool) -> Severity | None:
    """Return how grave a major issue without its meeting is (第二十条, D23); None once it was held."""
    return Severity.VIOLATION if needs_meeting else None


def quarter_of(day: date) -> int:
    """Return the calendar quarter of a day, 1 to 4."""
    return (day.month - 1) // MONTHS_OF_QUARTER + 1
