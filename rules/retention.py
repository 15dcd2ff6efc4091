"""How long a case file is kept, and what keeps it longer (第七条, D2). Nothing is ever deleted by itself."""

from collections.abc import Iterable
from datetime import date, timedelta
from enum import StrEnum

from msgspec import Struct

from rules.parameters import number, offsets, standard_day


class Hold(StrEnum):
    """Why a file may not be disposed of although its time is over."""

    LEGAL_HOLD = "legal_hold"
    OPEN_COMPLAINT = "open_complaint"
    OPEN_MAJOR_HAZARD = "open_major_hazard"
    OPEN_CASE = "open_case"


class Retention(Struct, frozen=True):
    """The last day of keeping (inclusive), the first on which disposal may be asked for, what forbids it."""

    retain_until: date
    disposable_from: date
    holds: tuple[Hold, ...]
    parameter_row: str

    def may_dispose(self, on: date) -> bool:
        """Tell whether disposal may be asked for on that day (第七条); whoever asks makes no difference."""
        return not self.holds and may_delete(self.retain_until, on)


def retention(ends: Iterable[date], holds: Iterable[Hold] = ()) -> Retention:
    """Return how long a file is kept (第七条: at least 5 years).

    `ends` are the end of the policy, the day of archiving and the day of the last record; the latest counts.
    The last day is the corresponding day; where there is none, the last day of that month (D2).
    """
    latest = max(ends)
    years = number("retention_years", standard_day(latest))
    until = _corresponding_day(latest, years.value)
    known = frozenset(holds)
    ordered = tuple(hold for hold in Hold if hold in known)
    return Retention(until, until + timedelta(days=1), ordered, years.row_id)


def may_delete(retain_until: date, on: date) -> bool:
    """Tell whether a file may leave the archive on that day (第七条): not before its time is over."""
    return on > retain_until


def disposal_notice(on: date) -> date:
    """Return the last day of keeping up to which a volume is announced on that day as soon over (第七条, D2)."""
    (days,) = offsets("disposal_notice", standard_day(on)).value
    return on + timedelta(days=days)


def _corresponding_day(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 2, 28)
