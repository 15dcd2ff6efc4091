"""Equality, order and membership of FEEL values: True, False, or None where they cannot be compared."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from feel.costs import MOVE_FUEL, zone_fuel
from feel.limits import Run
from feel.temporal import DateTime, Time, WideDate, day_number, instant, time_instant
from feel.values import DaysTime, Function, Range, Value, YearsMonths

FAMILIES = {
    Decimal: "number",
    str: "string",
    bool: "boolean",
    date: "date",
    WideDate: "date",
    Time: "time",
    DateTime: "date and time",
    YearsMonths: "years and months duration",
    DaysTime: "days and time duration",
    list: "list",
    dict: "context",
    Range: "range",
    Function: "function",
    type(None): "null",
}


def family(value: Value) -> str:
    """Return the kind of a value: the name of its built-in type."""
    return FAMILIES[type(value)]


def equal(run: Run, left: Value, right: Value) -> bool | None:  # noqa: PLR0911  # one return for each family
    """Tell whether two values are equal; None where they are of unlike types."""
    if left is None or right is None:
        return left is right
    kind = type(left)
    if kind is type(right) and kind in (Decimal, str, bool, date, YearsMonths, DaysTime):
        return bool(left == right)
    if family(left) != family(right):
        return None
    run.spend(1)
    if kind is list:
        return _equal_lists(run, left, right)
    if kind is dict:
        return _equal_contexts(run, left, right)
    if kind is Range:
        return _equal_ranges(run, left, right)
    if kind is Function:
        return True if left is right else None
    order = compare(run, left, right)
    return None if order is None else order == 0


def compare(run: Run, left: Value, right: Value) -> int | None:
    """Return -1, 0 or 1 by the order of two values; None where they have none."""
    if type(left) is Decimal and type(right) is Decimal:
        return (left > right) - (left < right)
    keys = order_keys(run, left, right)
    if keys is None:
        return None
    return int(keys[0] > keys[1]) - int(keys[0] < keys[1])


def order_keys(run: Run, left: Value, right: Value) -> tuple[Value, Value] | None:
    """Return two plain values in the same order as the given ones; None where they have none."""
    kind, other = type(left), type(right)
    if kind is other and kind in (Decimal, str, date):
        return left, right
    run.spend(MOVE_FUEL)
    if kind is other and kind is DaysTime:
        return left.nanoseconds, right.nanoseconds
    if kind is other and kind is YearsMonths:
        return left.months, right.months
    if kind is other and kind in (DateTime, Time):
        return _moment_keys(run, left, right)
    if kind in (date, WideDate) and other in (date, WideDate):
        return day_number(left), day_number(right)
    return None


def contains(run: Run, value: Value, interval: Range) -> bool | None:
    """Tell whether a value lies in an interval; None where it cannot be compared with an end."""
    above = below = True
    if interval.start is not None:
        order = compare(run, value, interval.start)
        if order is None:
            return None
        above = order > 0 or (order == 0 and interval.start_included)
    if interval.end is not None:
        order = compare(run, value, interval.end)
        if order is None:
            return None
        below = order < 0 or (order == 0 and interval.end_included)
    return above and below


def is_in(run: Run, value: Value, test: Value) -> bool | None:
    """Tell whether a value meets one test that was computed: an interval, a list of choices, or an equal value."""
    if type(test) is list and (type(value) is not list or equal(run, value, test) is not True):
        return _is_among(run, value, test)
    return _meets(run, value, test)


def is_member(run: Run, value: Value, items: list[Value]) -> bool:
    """Tell whether a list holds an equal value."""
    for item in items:
        run.spend(1)
        if equal(run, item, value) is True:
            return True
    return False


def distinct(run: Run, items: list[Value]) -> list[Value]:
    """Return the items without repetitions, in order of first appearance."""
    seen: list[Value] = []
    plain: set[tuple[type, Value]] = set()
    for item in items:
        run.spend(1)
        if type(item) in (Decimal, str, bool, type(None)):
            if (type(item), item) in plain:
                continue
            plain.add((type(item), item))
        elif is_member(run, item, seen):
            continue
        seen.append(item)
    return seen


def _is_among(run: Run, value: Value, tests: list[Value]) -> bool:
    for test in tests:
        run.spend(1)
        if _meets(run, value, test) is True:
            return True
    return False


def _meets(run: Run, value: Value, test: Value) -> bool | None:
    """Tell whether a value lies in an interval, or is equal to what is none; an interval itself is compared."""
    if type(test) is Range and type(value) is not Range:
        return contains(run, value, test)
    return equal(run, value, test)


def _moment_keys(run: Run, left: Value, right: Value) -> tuple[int, int] | None:
    if (left.zone is None) != (right.zone is None):
        return None
    run.spend(zone_fuel(left.zone, right.zone))
    key = instant if type(left) is DateTime else time_instant
    return key(left), key(right)


def _equal_lists(run: Run, left: list[Value], right: list[Value]) -> bool | None:
    if len(left) != len(right):
        return False
    return _all_equal(run, zip(left, right, strict=True))


def _equal_contexts(run: Run, left: dict[str, Value], right: dict[str, Value]) -> bool | None:
    if left.keys() != right.keys():
        return False
    return _all_equal(run, ((value, right[key]) for key, value in left.items()))


def _equal_ranges(run: Run, left: Range, right: Range) -> bool | None:
    if (left.start_included, left.end_included) != (right.start_included, right.end_included):
        return False
    return _all_equal(run, ((left.start, right.start), (left.end, right.end)))


def _all_equal(run: Run, pairs: object) -> bool | None:
    outcome: bool | None = True
    for left, right in pairs:  # type: ignore[attr-defined]  # any iterable of pairs
        run.spend(1)
        same = equal(run, left, right)
        if same is False:
            return False
        if same is None:
            outcome = None
    return outcome
