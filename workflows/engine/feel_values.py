"""The two kinds of FEEL durations for the engine: to recognise, keep as text, add to a moment."""

from __future__ import annotations

from calendar import monthrange
from datetime import datetime, timedelta

from feel.values import DaysTime, YearsMonths

_MICROSECOND = 1_000
LONGEST = timedelta(days=3_660)


def is_duration(value: object) -> bool:
    """Tell whether a value is a FEEL duration of either kind."""
    return isinstance(value, (DaysTime, YearsMonths))


def duration_text(value: object) -> str:
    """Return a duration as text: months, or nanoseconds."""
    if isinstance(value, YearsMonths):
        return f"m{value.months}"
    assert isinstance(value, DaysTime)  # noqa: S101 - callers have asked `is_duration`
    return f"n{value.nanoseconds}"


def duration_from_text(text: str) -> object:
    """Return the duration that `duration_text` wrote."""
    count = int(text[1:])
    return YearsMonths(count) if text[0] == "m" else DaysTime(count)


def moment_after(start: datetime, duration: object) -> datetime | None:
    """Return `start` plus a duration on the wall clock of its zone; None if that is more than ten years away.

    Months are added to the calendar month and clamped to its last day: P1M after 31 January is the end of
    February.
    """
    if isinstance(duration, YearsMonths):
        return _months_after(start, duration.months) if abs(duration.months) <= 120 else None
    assert isinstance(duration, DaysTime)  # noqa: S101 - callers have asked `is_duration`
    span = duration.nanoseconds // _MICROSECOND
    if abs(span) > LONGEST // timedelta(microseconds=1):
        return None
    return start + timedelta(microseconds=span)


def _months_after(start: datetime, months: int) -> datetime:
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    day = min(start.day, monthrange(year, month + 1)[1])
    return start.replace(year=year, month=month + 1, day=day)
