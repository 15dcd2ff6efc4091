"""Values as text: FEEL literals that read back to the same value, and what `string()` gives."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

from feel.costs import LITERAL_FUEL
from feel.errors import FeelLimitError
from feel.lexer import KEYWORDS, TOKEN
from feel.limits import DIGITS, Run
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


def string_of(run: Run, value: Value) -> str:
    """Return what `string()` gives: plain text for text, dates and durations, else a literal.

    Raises FeelLimitError for a number of more than a hundred digits, and for more text than the run may make.
    """
    if type(value) is str:
        return value
    if type(value) in TEMPORAL:
        return TEMPORAL[type(value)](value)
    if type(value) is Decimal:
        return _digits(value)
    return literal_of(run, value)


def literal_of(run: Run, value: Value) -> str:  # noqa: PLR0911  # one return for each kind
    """Return the FEEL literal of a value; a number with too many zeros gets an exponent. Raises FeelLimitError."""
    run.spend(LITERAL_FUEL)
    kind = type(value)
    if kind is str:
        return run.sized_text(quoted(value))
    if kind is Decimal:
        return f"{value:E}" if _is_lengthy(value) else number_text(value)
    if kind is bool or value is None:
        return {True: "true", False: "false", None: "null"}[value]
    if kind in TEMPORAL:
        return f'@"{TEMPORAL[kind](value)}"'
    if kind is list:
        return f"[{', '.join(literal_of(run, item) for item in value)}]"
    if kind is dict:
        entries = (f"{key_text(key)}: {literal_of(run, item)}" for key, item in value.items())
        return "{" + ", ".join(entries) + "}"
    return _range_text(run, value) if kind is Range else _function_text(value)


def quoted(text: str) -> str:
    """Return a text between quotation marks."""
    return f'"{text.translate(QUOTED)}"'


def key_text(key: str) -> str:
    """Return the key of a context, quoted unless it is a plain name."""
    match = TOKEN.fullmatch(key)
    plain = match is not None and match.lastgroup == "name" and key not in KEYWORDS
    return key if plain else quoted(key)


def _digits(value: Decimal) -> str:
    if _is_lengthy(value):
        raise FeelLimitError("digits", DIGITS)
    return number_text(value)


def _is_lengthy(value: Decimal) -> bool:
    if value.is_zero():
        return False  # whatever exponent it was computed with
    _, digits, exponent = value.as_tuple()
    return len(digits) + abs(int(exponent)) > DIGITS and value.adjusted() not in range(-DIGITS // 2, DIGITS)


def _range_text(run: Run, value: Range) -> str:
    if value.start is None or value.end is None:
        sign = ("<" if value.start is None else ">") + (
            "=" if value.start_included or value.end_included else ""
        )
        return f"({sign} {literal_of(run, value.end if value.start is None else value.start)})"
    opening, closing = "[" if value.start_included else "(", "]" if value.end_included else ")"
    return f"{opening}{literal_of(run, value.start)}..{literal_of(run, value.end)}{closing}"


def _function_text(value: Function) -> str:
    return f"function({', '.join(value.parameters)})"
