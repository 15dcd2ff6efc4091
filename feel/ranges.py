"""Relations of points and intervals (Allen's algebra); True, False, or None where ends cannot be compared."""

from __future__ import annotations

from feel.limits import Run
from feel.order import compare
from feel.values import Range, Value

Order = int


class IncomparableError(Exception):
    """Two ends have no order."""


def as_range(value: Value) -> Range:
    """Return an interval as it is, a point as the interval that holds it alone."""
    return value if type(value) is Range else Range(value, value, start_included=True, end_included=True)


def order(run: Run, left: Value, right: Value) -> Order:
    """Return -1, 0 or 1; raises IncomparableError."""
    outcome = compare(run, left, right)
    if outcome is None:
        raise IncomparableError
    return outcome


def order_starts(run: Run, one: Range, other: Range) -> Order:
    """Return which interval begins first; an end that is left out begins later than one that is included."""
    if one.start is None or other.start is None:
        return (one.start is not None) - (other.start is not None)
    return order(run, one.start, other.start) or other.start_included - one.start_included


def order_ends(run: Run, one: Range, other: Range) -> Order:
    """Return which interval ends first."""
    if one.end is None or other.end is None:
        return (one.end is None) - (other.end is None)
    return order(run, one.end, other.end) or one.end_included - other.end_included


def before(run: Run, one: Range, other: Range) -> bool:
    """Tell whether the first ends before the second begins."""
    if one.end is None or other.start is None:
        return False
    gap = order(run, one.end, other.start)
    return gap < 0 or (gap == 0 and not (one.end_included and other.start_included))


def meets(run: Run, one: Range, other: Range) -> bool:
    """Tell whether the first ends in the very point where the second begins."""
    if one.end is None or other.start is None or not (one.end_included and other.start_included):
        return False
    return order(run, one.end, other.start) == 0


def overlaps(run: Run, one: Range, other: Range) -> bool:
    """Tell whether the intervals have a point in common."""
    return not before(run, one, other) and not before(run, other, one)


def overlaps_before(run: Run, one: Range, other: Range) -> bool:
    """Tell whether the first begins earlier, ends inside the second and not after it."""
    return (
        overlaps(run, one, other) and order_starts(run, one, other) < 0 and order_ends(run, one, other) <= 0
    )


def includes(run: Run, one: Range, other: Range) -> bool:
    """Tell whether the second lies in the first."""
    return order_starts(run, one, other) <= 0 and order_ends(run, other, one) <= 0


def finishes(run: Run, one: Range, other: Range) -> bool:
    """Tell whether both end together and the first does not begin earlier."""
    return order_ends(run, one, other) == 0 and order_starts(run, other, one) <= 0


def starts(run: Run, one: Range, other: Range) -> bool:
    """Tell whether both begin together and the first does not end later."""
    return order_starts(run, one, other) == 0 and order_ends(run, one, other) <= 0


def coincides(run: Run, one: Range, other: Range) -> bool:
    """Tell whether both begin and end together."""
    return order_starts(run, one, other) == 0 and order_ends(run, one, other) == 0
