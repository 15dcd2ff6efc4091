"""What stands after the dot: entries of contexts, properties of dates, times, durations and ranges."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

from feel.costs import PARTS_PER_FUEL, PROPERTY_FUEL
from feel.limits import Run
from feel.nodes import Span
from feel.temporal import DateTime, Time, WideDate, day_number, offset_seconds
from feel.values import NUMBERS, SECOND, DaysTime, Range, Value, YearsMonths

Getter = Callable[[Value], Value]


def entry(run: Run, base: Value, name: str, span: Span) -> Value:
    """Return the entry or property of that name; null with a warning if there is none."""
    kind = type(base)
    if kind is dict:
        if name in base:
            return base[name]
        return run.warn_of_name("name", span, name, base)
    if kind is list:
        run.spend(len(base) // PARTS_PER_FUEL)
        return run.sized_list([entry(run, item, name, span) for item in base])
    if base is None:
        return None
    known = PROPERTIES.get(kind, {})
    if name not in known:
        return run.warn_of_name("name", span, name, known)
    run.spend(PROPERTY_FUEL)
    return known[name](base)


def weekday(day: Value) -> Decimal:
    """Return 1 for Monday to 7 for Sunday."""
    return Decimal((day_number(day) - 1) % 7 + 1)


def _offset(value: Value) -> DaysTime | None:
    if value.zone is None:
        return None
    day = value.date if type(value) is DateTime else date(2000, 1, 1)
    return DaysTime(offset_seconds(value.zone, day, value.nanoseconds) * SECOND)


def _region(value: Value) -> str | None:
    return value.zone if isinstance(value.zone, str) else None


def _second(value: Value) -> Decimal:
    return NUMBERS.divide(Decimal(value.nanoseconds % (60 * SECOND)), Decimal(SECOND))


def _towards_zero(amount: int, unit: int, modulus: int = 0) -> Decimal:
    parts = abs(amount) // unit
    if modulus:
        parts %= modulus
    return Decimal(parts if amount >= 0 else -parts)


def _duration_seconds(value: Value) -> Decimal:
    sign = 1 if value.nanoseconds >= 0 else -1
    return NUMBERS.divide(Decimal(abs(value.nanoseconds) % (60 * SECOND) * sign), Decimal(SECOND))


DATE: dict[str, Getter] = {
    "year": lambda day: Decimal(day.year),
    "month": lambda day: Decimal(day.month),
    "day": lambda day: Decimal(day.day),
    "weekday": weekday,
}
TIME: dict[str, Getter] = {
    "hour": lambda value: Decimal(value.nanoseconds // (3600 * SECOND)),
    "minute": lambda value: Decimal(value.nanoseconds // (60 * SECOND) % 60),
    "second": _second,
    "time offset": _offset,
    "timezone": _region,
}
DATE_TIME: dict[str, Getter] = {
    "year": lambda value: Decimal(value.date.year),
    "month": lambda value: Decimal(value.date.month),
    "day": lambda value: Decimal(value.date.day),
    "weekday": lambda value: weekday(value.date),
    **TIME,
}
PROPERTIES: dict[type, dict[str, Getter]] = {
    date: DATE,
    WideDate: DATE,
    Time: TIME,
    DateTime: DATE_TIME,
    YearsMonths: {
        "years": lambda value: _towards_zero(value.months, 12),
        "months": lambda value: _towards_zero(value.months, 1, 12),
    },
    DaysTime: {
        "days": lambda value: _towards_zero(value.nanoseconds, 86_400 * SECOND),
        "hours": lambda value: _towards_zero(value.nanoseconds, 3600 * SECOND, 24),
        "minutes": lambda value: _towards_zero(value.nanoseconds, 60 * SECOND, 60),
        "seconds": _duration_seconds,
    },
    Range: {
        "start": lambda value: value.start,
        "end": lambda value: value.end,
        "start included": lambda value: value.start_included,
        "end included": lambda value: value.end_included,
    },
}
