"""Values as text: FEEL literals that read back to the same value, and what `string()` gives."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

from feel.errors import FeelLimitError
from feel.lexer import KEYWORDS, TOKEN
from feel.limits import DIGITS
from feel.temporal import DateTime, Time, WideDate
from feel.temporal_text import date_text, date_time_text, days_time_text, time_text, years_months_text
from feel.values import DaysTime, Function, Range, Value, YearsMonths, number_text

TEMPORAL: dict[type, Callable[[Value], str]] = {
    date: date_text,
    WideDate: date_text,
    Time: time_text,
    DateTime: date_time_text,
    YearsMonths: years_months_text,
    DaysTime: days_time_text,
}
QUOTED = str.maketrans({'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"})


def string_of(value: Value) -> str:
    """Return what `string()` gives: plain text for text, dates and durations, else a literal.

    Raises FeelLimitError for a number of more than a hundred digits.
    """
    if type(value) is str:
        return value
    if type(value) in TEMPORAL:
        return TEMPORAL[type(value)](value)
    return literal_of(value)


def literal_of(value: Value) -> str:  # noqa: PLR0911  # one return for each kind
    """Return the FEEL literal of a value. Raises FeelLimitError for a number of more than a hundred digits."""
    kind = type(value)
    if kind is str:
        return quoted(value)
    if kind is Decimal:
        return _digits(value)
    if kind is bool or value is None:
        return {True: "true", False: "false", None: "null"}[value]
    if kind in TEMPORAL:
        return f'@"{TEMPORAL[kind](value)}"'
    if kind is list:
        return f"[{', '.join(literal_of(item) for item in value)}]"
    if kind is dict:
        return "{" + ", ".join(f"{key_text(key)}: {literal_of(item)}" for key, item in value.items()) + "}"
    return _range_text(value) if kind is Range else _function_text(value)


def quoted(text: str) -> str:
    """Return a text between quotation marks."""
    return f'"{text.translate(QUOTED)}"'


def key_text(key: str) -> str:
    """Return the key of a context, quoted unless it is a plain name."""
    match = TOKEN.fullmatch(key)
    plain = match is not None and match.lastgroup == "name" and key not in KEYWORDS
    return key if plain else quoted(key)


def _digits(value: Decimal) -> str:
    _, digits, exponent = value.as_tuple()
    if len(digits) + abs(int(exponent)) > DIGITS and value.adjusted() not in range(-DIGITS // 2, DIGITS):
        raise FeelLimitError("digits", DIGITS)
    return number_text(value)


def _range_text(value: Range) -> str:
    if value.start is None or value.end is None:
        sign = ("<" if value.start is None else ">") + (
            "=" if value.start_included or value.end_included else ""
        )
        return f"({sign} {literal_of(value.end if value.start is None else value.start)})"
    opening, closing = "[" if value.start_included else "(", "]" if value.end_included else ")"
    return f"{opening}{literal_of(value.start)}..{literal_of(value.end)}{closing}"


def _function_text(value: Function) -> str:
    return f"function({', '.join(value.parameters)})"
