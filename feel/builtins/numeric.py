"""Functions of numbers, with 34 digits."""

from __future__ import annotations

from collections.abc import Callable
from decimal import (
    ROUND_CEILING,
    ROUND_DOWN,
    ROUND_FLOOR,
    ROUND_HALF_DOWN,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    ROUND_UP,
    Decimal,
)

from feel.builtins.registry import RefusedError, builtin, in_range
from feel.costs import EXP_FUEL, ROOT_FUEL
from feel.limits import Run
from feel.values import NUMBERS, DaysTime, Value, YearsMonths

LEAST_SCALE, GREATEST_SCALE = -6111, 6176
EVERY_DIGIT = NUMBERS.copy()
EVERY_DIGIT.prec = NUMBERS.Emax + GREATEST_SCALE + 2  # of the largest number to the last place

Rounding = Callable[[Run, Decimal, "Decimal | None"], Value]


def _rounding(signature: str, mode: str, title: str) -> Rounding:
    def rounded(_run: Run, value: Decimal, scale: Decimal | None = None) -> Value:
        return round_to(value, Decimal(0) if scale is None else scale, mode)

    rounded.__doc__ = f"Return the number rounded {title} to so many digits."
    return builtin(signature)(rounded)


def round_to(value: Decimal, scale: Decimal, mode: str) -> Value:
    """Return the number with so many digits after the point; raises RefusedError for an impossible scale."""
    if not LEAST_SCALE <= scale <= GREATEST_SCALE:
        raise RefusedError(str(scale))
    digits = int(scale)
    if value.as_tuple().exponent >= -digits:  # type: ignore[operator]  # finite numbers only
        return value
    unit = Decimal((0, (1,), -digits))
    return in_range(NUMBERS.plus(value.quantize(unit, rounding=mode, context=EVERY_DIGIT)))


decimal = _rounding("decimal(n: number, scale: number)", ROUND_HALF_EVEN, "half to even")
floor = _rounding("floor(n: number, scale: number~)", ROUND_FLOOR, "down")
ceiling = _rounding("ceiling(n: number, scale: number~)", ROUND_CEILING, "up")
round_up = _rounding("round up(n: number, scale: number~)", ROUND_UP, "away from zero")
round_down = _rounding("round down(n: number, scale: number~)", ROUND_DOWN, "towards zero")
round_half_up = _rounding("round half up(n: number, scale: number~)", ROUND_HALF_UP, "half away from zero")
round_half_down = _rounding(
    "round half down(n: number, scale: number~)", ROUND_HALF_DOWN, "half towards zero"
)


@builtin("abs(n)")
def absolute(_run: Run, value: Value) -> Value:
    """Return the size of a number or a duration."""
    if type(value) is Decimal:
        return value.copy_abs()
    if type(value) is YearsMonths:
        return YearsMonths(abs(value.months))
    if type(value) is DaysTime:
        return DaysTime(abs(value.nanoseconds))
    raise RefusedError("abs")


@builtin("modulo(dividend: number, divisor: number)")
def modulo(_run: Run, dividend: Decimal, divisor: Decimal) -> Value:
    """Return the rest of a division; it has the sign of the divisor."""
    if divisor.is_zero():
        raise RefusedError("0")
    rest = NUMBERS.remainder(dividend, divisor)
    if not rest.is_finite():  # the quotient has more than 34 digits
        raise RefusedError(str(dividend))
    if rest and rest.is_signed() != divisor.is_signed():
        rest = NUMBERS.add(rest, divisor)
    return rest


@builtin("sqrt(number: number)")
def sqrt(_run: Run, value: Decimal) -> Value:
    """Return the square root."""
    if value < 0:
        raise RefusedError(str(value))
    return NUMBERS.sqrt(value)


@builtin("log(number: number)")
def log(run: Run, value: Decimal) -> Value:
    """Return the natural logarithm."""
    if value <= 0:
        raise RefusedError(str(value))
    run.spend(ROOT_FUEL)
    return NUMBERS.ln(value)


@builtin("exp(number: number)")
def exp(run: Run, value: Decimal) -> Value:
    """Return e to the power of the number."""
    run.spend(EXP_FUEL)
    return in_range(NUMBERS.exp(value))


@builtin("odd(number: number)")
def odd(_run: Run, value: Decimal) -> bool:
    """Tell whether the number is odd."""
    return _parity(value) == 1


@builtin("even(number: number)")
def even(_run: Run, value: Decimal) -> bool:
    """Tell whether the number is even."""
    return _parity(value) == 0


def _parity(value: Decimal) -> int:
    if value != value.to_integral_value():
        raise RefusedError(str(value))
    return 0 if value.as_tuple().exponent > 0 else int(value) % 2  # type: ignore[operator]  # finite numbers only
