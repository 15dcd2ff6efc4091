"""A column of a decision table cut into regions: within one, every cell of the column says the same.

A region is known by one value in it. Ends of intervals are regions of their own, and so is what lies between two of
them, before the first and after the last; a word that is written in a cell is one, and all other words are another.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from feel.order import family
from feel.temporal import (
    DateTime,
    Time,
    WideDate,
    at_instant,
    day_number,
    day_of_number,
    instant,
    time_instant,
)
from feel.values import DAY, SECOND, DaysTime, Range, Value, YearsMonths

OTHER_WORD = "其他"
STEPS = {
    "number": Decimal(1),
    "date": 1,
    "time": 60 * SECOND,
    "date and time": DAY,
    "days and time duration": DAY,
    "years and months duration": 1,
}


def points_of(values: Iterable[Value]) -> list[Value]:
    """Return the plain values in which what cells say can change: the values themselves, and ends of intervals."""
    points: list[Value] = []
    for value in values:
        if type(value) is Range:
            points += [end for end in (value.start, value.end) if end is not None]
        elif type(value) is list:
            points += points_of(value)
        elif value is not None:
            points.append(value)
    return points


def representatives(kind: str, points: list[Value]) -> list[Value] | None:
    """Return one value of each region for a column of that kind; None if its regions are not known."""
    own = [point for point in points if family(point) == kind]
    if kind == "boolean":
        return [True, False]
    if kind == "string":
        words = sorted(set(own))
        other = OTHER_WORD
        while other in words:
            other += OTHER_WORD
        return [*words, other]
    return _along(kind, own) if kind in STEPS else None


def _along(kind: str, points: list[Value]) -> list[Value]:
    """Return the points, one value between each two, one before and one after all, in order."""
    if not points:
        return [_value(kind, _key(_zero(kind)), _zero(kind))]
    by_key = {_key(point): point for point in points}
    keys = sorted(by_key)
    found = [_value(kind, keys[0] - STEPS[kind], by_key[keys[0]])]
    for key, following in zip(keys, [*keys[1:], None], strict=True):
        found.append(by_key[key])
        between = key + STEPS[kind] if following is None else _between(kind, key, following)
        if between is not None:
            found.append(_value(kind, between, by_key[key]))
    return [value for value in found if value is not None]


def _between(kind: str, low: Value, high: Value) -> Value:
    if kind == "number":
        return (low + high) / 2
    return (low + high) // 2 if high - low > 1 else None


def _zero(kind: str) -> Value:
    return {
        "number": Decimal(0),
        "date": date(2026, 1, 1),
        "time": Time(12 * 3600 * SECOND),
        "date and time": DateTime(date(2026, 1, 1), 0),
        "days and time duration": DaysTime(DAY),
        "years and months duration": YearsMonths(1),
    }[kind]


def _key(point: Value) -> Value:
    """Return a plain number in the order of the points."""
    if type(point) in (date, WideDate):
        return day_number(point)
    if type(point) is DateTime:
        return instant(point)
    if type(point) is Time:
        return time_instant(point)
    if type(point) is DaysTime:
        return point.nanoseconds
    return point.months if type(point) is YearsMonths else point


def _value(kind: str, key: Value, near: Value) -> Value:
    """Return the value of a key, in the zone of a point nearby; None if there is none."""
    if kind == "date":
        return day_of_number(key)
    if kind == "date and time":
        return at_instant(key, near.zone)
    if kind == "time":
        nanoseconds = near.nanoseconds + key - time_instant(near)
        return Time(nanoseconds, near.zone) if 0 <= nanoseconds < DAY else None
    if kind == "days and time duration":
        return DaysTime(key)
    return YearsMonths(key) if kind == "years and months duration" else key
