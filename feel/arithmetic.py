"""`+ - * / **` and unary minus over all FEEL values; a pair that does not fit gives null and a warning."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, Decimal

from feel.costs import MOVE_FUEL, POWER_FUEL, ROOT_FUEL, zone_fuel
from feel.limits import EXPONENT, Run
from feel.nodes import Span
from feel.order import family
from feel.temporal import (
    AnyDate,
    DateTime,
    Time,
    WideDate,
    add_months,
    at_instant,
    day_number,
    day_of_number,
    instant,
    time_instant,
)
from feel.values import DAY, NUMBERS, DaysTime, Value, YearsMonths, whole

Binary = Callable[[Run, Value, Value, Span], Value]


def add(run: Run, left: Value, right: Value, span: Span) -> Value:
    """Return the sum."""
    if type(left) is Decimal and type(right) is Decimal:
        return checked(run, NUMBERS.add(left, right), span)
    if type(left) is str and type(right) is str:
        return run.sized_text(left + right)
    if type(left) in (YearsMonths, DaysTime) and type(right) not in (YearsMonths, DaysTime):
        left, right = right, left
    return _or_warn(run, "+", left, right, _shifted(run, left, right, 1), span)


def subtract(run: Run, left: Value, right: Value, span: Span) -> Value:
    """Return the difference."""
    if type(left) is Decimal and type(right) is Decimal:
        return checked(run, NUMBERS.subtract(left, right), span)
    outcome = _difference(run, left, right)
    if outcome is None:
        outcome = _shifted(run, left, right, -1)
    return _or_warn(run, "-", left, right, outcome, span)


def multiply(run: Run, left: Value, right: Value, span: Span) -> Value:
    """Return the product."""
    if type(left) is Decimal and type(right) is Decimal:
        return checked(run, NUMBERS.multiply(left, right), span)
    if type(left) is Decimal:
        left, right = right, left
    outcome: Value = None
    if type(right) is Decimal and type(left) is YearsMonths:
        outcome = _months(NUMBERS.multiply(Decimal(left.months), right))
    elif type(right) is Decimal and type(left) is DaysTime:
        outcome = _nanoseconds(_WIDE.multiply(Decimal(left.nanoseconds), right))
    return _or_warn(run, "*", left, right, outcome, span)


def divide(run: Run, left: Value, right: Value, span: Span) -> Value:
    """Return the quotient."""
    if type(right) is Decimal and right.is_zero() and type(left) in (Decimal, YearsMonths, DaysTime):
        return run.warn("division", span)
    if type(left) is Decimal and type(right) is Decimal:
        return checked(run, NUMBERS.divide(left, right), span)
    return _or_warn(run, "/", left, right, _duration_quotient(left, right), span)


def power(run: Run, base: Value, exponent: Value, span: Span) -> Value:
    """Return the power; the exponent may not be larger than 10,000 in size."""
    if type(base) is not Decimal or type(exponent) is not Decimal:
        return _or_warn(run, "**", base, exponent, None, span)
    if abs(exponent) > EXPONENT:
        return run.warn("number", span)
    run.spend(ROOT_FUEL if whole(exponent) is None else POWER_FUEL)
    return checked(run, NUMBERS.power(base, exponent), span)


def negate(run: Run, value: Value, span: Span) -> Value:
    """Return the value with the opposite sign."""
    if type(value) is Decimal:
        return NUMBERS.minus(value)
    if type(value) is YearsMonths:
        return YearsMonths(-value.months)
    if type(value) is DaysTime:
        return DaysTime(-value.nanoseconds)
    return run.warn("type", span, f"- {family(value)}")


def checked(run: Run, value: Decimal, span: Span) -> Decimal | None:
    """Return the number if it is one; infinity and its like become null with a warning."""
    if value.is_finite():
        return value
    run.warn("number", span)
    return None


OPERATORS: dict[str, Binary] = {"+": add, "-": subtract, "*": multiply, "/": divide, "**": power}

_WIDE = NUMBERS.copy()
_WIDE.prec = 80  # nanoseconds of the longest durations stay exact


def _or_warn(run: Run, sign: str, left: Value, right: Value, outcome: Value, span: Span) -> Value:
    run.spend(MOVE_FUEL)
    if outcome is None:
        run.warn("type", span, f"{family(left)} {sign} {family(right)}")
    return outcome


def _shifted(run: Run, value: Value, duration: Value, sign: int) -> Value:
    """Return a date, time, date and time or duration moved by a duration, or None."""
    if type(duration) is YearsMonths:
        return _shifted_by_months(value, duration.months * sign)
    if type(duration) is DaysTime:
        return _shifted_by_time(run, value, duration.nanoseconds * sign)
    return None


def _shifted_by_months(value: Value, months: int) -> Value:
    if type(value) is YearsMonths:
        return YearsMonths(value.months + months)
    if type(value) in (date, WideDate):
        return add_months(value, months)
    if type(value) is DateTime:
        day = add_months(value.date, months)
        return None if day is None else DateTime(day, value.nanoseconds, value.zone)
    return None


def _shifted_by_time(run: Run, value: Value, nanoseconds: int) -> Value:
    if type(value) is DaysTime:
        return DaysTime(value.nanoseconds + nanoseconds)
    if type(value) in (date, WideDate):
        return day_of_number(day_number(value) + nanoseconds // DAY)
    if type(value) is Time:
        return Time((value.nanoseconds + nanoseconds) % DAY, value.zone)
    if type(value) is DateTime:
        run.spend(zone_fuel(value.zone, value.zone))
        return at_instant(instant(value) + nanoseconds, value.zone)
    return None


def _difference(run: Run, left: Value, right: Value) -> DaysTime | None:
    if type(left) is Time and type(right) is Time:
        run.spend(zone_fuel(left.zone, right.zone))
        return DaysTime(time_instant(left) - time_instant(right)) if _alike(left, right) else None
    start, end = _as_moment(right), _as_moment(left)
    if start is None or end is None or not _alike(start, end):
        return None
    run.spend(zone_fuel(start.zone, end.zone))
    return DaysTime(instant(end) - instant(start))


def _as_moment(value: Value) -> DateTime | None:
    """Return a date as midnight UTC, a date and time as it is."""
    if type(value) in (date, WideDate):
        day: AnyDate = value
        return DateTime(day, 0, 0)
    return value if type(value) is DateTime else None


def _alike(left: Time | DateTime, right: Time | DateTime) -> bool:
    return (left.zone is None) == (right.zone is None)


def _duration_quotient(left: Value, right: Value) -> Value:
    if type(left) is YearsMonths and type(right) is Decimal:
        return _months(NUMBERS.divide(Decimal(left.months), right))
    if type(left) is DaysTime and type(right) is Decimal:
        return _nanoseconds(_WIDE.divide(Decimal(left.nanoseconds), right))
    if type(left) is YearsMonths and type(right) is YearsMonths and right.months:
        return NUMBERS.divide(Decimal(left.months), Decimal(right.months))
    if type(left) is DaysTime and type(right) is DaysTime and right.nanoseconds:
        return NUMBERS.divide(Decimal(left.nanoseconds), Decimal(right.nanoseconds))
    return None


def _months(months: Decimal) -> YearsMonths | None:
    if months.adjusted() > 30:
        return None
    return YearsMonths(int(months.to_integral_value(ROUND_DOWN)))


def _nanoseconds(nanoseconds: Decimal) -> DaysTime | None:
    if nanoseconds.adjusted() > 40:
        return None
    return DaysTime(int(nanoseconds.to_integral_value(ROUND_HALF_EVEN)))
