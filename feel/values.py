"""Numbers, durations, ranges and functions of FEEL."""

from __future__ import annotations

from collections.abc import Callable
from decimal import ROUND_HALF_EVEN, Context, Decimal
from typing import Any, TypeAlias

from msgspec import Struct

Value: TypeAlias = Any  # what kind of value an expression has is only known when it runs
Frame: TypeAlias = list[Any]  # [run, frame around, slots …]
Code: TypeAlias = Callable[[Frame], Value]

NUMBERS = Context(prec=34, rounding=ROUND_HALF_EVEN, Emin=-6143, Emax=6144, clamp=1, traps=[])
SECOND = 1_000_000_000
DAY = 86_400 * SECOND


def number(text: str) -> Decimal | None:
    """Return the number that a plain text of digits stands for, rounded to 34 digits; None if it is too large."""
    return finite(NUMBERS.create_decimal(text))


def finite(value: Decimal) -> Decimal | None:
    """Return the number, or None if it is no number at all."""
    return value if value.is_finite() else None


def whole(value: Value) -> int | None:
    """Return the integer that a FEEL number is, or None."""
    if type(value) is not Decimal or value.adjusted() > 34:
        return None
    as_integer = int(value)
    return as_integer if as_integer == value else None


def scalar_text(text: str) -> str:
    """Return the text as Unicode has it: a half of a surrogate pair that stands alone becomes U+FFFD."""
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def number_text(value: Decimal) -> str:
    """Return a number in plain digits, without exponent and without trailing zeros."""
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


class YearsMonths(Struct, frozen=True):
    """A years and months duration."""

    months: int


class DaysTime(Struct, frozen=True):
    """A days and time duration, in nanoseconds."""

    nanoseconds: int


class Range(Struct, frozen=True):
    """An interval as a value; an end of None is open to infinity."""

    start: Value
    end: Value
    start_included: bool
    end_included: bool


class Function(Struct, eq=False):
    """A function as a value: of the text itself, a built-in, or a decision model's."""

    parameters: tuple[str, ...]
    call: Callable[[Any, list[Value]], Value]
    frame: Frame | None = None
    name: str = ""
    types: tuple[Any, ...] = ()
    result: Any = None
    variadic: bool = False
