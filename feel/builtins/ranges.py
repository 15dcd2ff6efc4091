"""Relations of intervals and points, and `range()` from a text."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal

from feel import ranges
from feel.builtins.registry import RefusedError, builtin
from feel.costs import READING_FUEL
from feel.errors import FeelSyntaxError
from feel.lexer import string_value, tokenize
from feel.limits import Run
from feel.order import compare
from feel.temporal_text import parse_date, parse_date_time, parse_duration, parse_temporal, parse_time
from feel.values import NUMBERS, Range, Value, number

Relation = Callable[[Run, Range, Range], bool]
ENDS = re.compile(r"([\[(\]])(.*)\.\.(.*)([\])\[])", re.DOTALL)
CONSTRUCTORS: dict[str, Callable[[str], Value]] = {
    "date": parse_date,
    "time": parse_time,
    "date and time": parse_date_time,
    "duration": parse_duration,
    "@": parse_temporal,
}
CONSTRUCTED = re.compile(
    r'(date and time|date|time|duration)\s*\(\s*("(?:[^"\\]|\\.)*")\s*\)|(@)\s*("[^"]*")'
)


def _relation(name: str, signatures: tuple[str, ...], relation: Relation, *, swapped: bool = False) -> None:
    def related(run: Run, one: Value, other: Value) -> bool:
        first, second = ranges.as_range(one), ranges.as_range(other)
        try:
            return relation(run, second, first) if swapped else relation(run, first, second)
        except ranges.IncomparableError as error:
            raise RefusedError(name) from error

    related.__doc__ = relation.__doc__
    for signature in signatures:
        builtin(f"{name}({signature})")(related)


POINTS = "point1: point, point2: point"
POINT_RANGE = "point: point, range: range"
RANGE_POINT = "range: range, point: point"
RANGES = "range1: range, range2: range"

_relation("before", (POINTS, POINT_RANGE, RANGE_POINT, RANGES), ranges.before)
_relation("after", (POINTS, POINT_RANGE, RANGE_POINT, RANGES), ranges.before, swapped=True)
_relation("meets", (RANGES,), ranges.meets)
_relation("met by", (RANGES,), ranges.meets, swapped=True)
_relation("overlaps", (RANGES,), ranges.overlaps)
_relation("overlaps before", (RANGES,), ranges.overlaps_before)
_relation("overlaps after", (RANGES,), ranges.overlaps_before, swapped=True)
_relation("finishes", (POINT_RANGE, RANGES), ranges.finishes)
_relation("finished by", (RANGE_POINT, RANGES), ranges.finishes, swapped=True)
_relation("includes", (RANGE_POINT, RANGES), ranges.includes)
_relation("during", (POINT_RANGE, RANGES), ranges.includes, swapped=True)
_relation("starts", (POINT_RANGE, RANGES), ranges.starts)
_relation("started by", (RANGE_POINT, RANGES), ranges.starts, swapped=True)
_relation("coincides", (POINTS, RANGES), ranges.coincides)


@builtin("range(from: string)")
def range_from_text(run: Run, text: str) -> Range:
    """Return the interval that a text such as `[1..5)` stands for; its ends are literals, and one may be missing.

    The side of a missing end must be open.
    """
    run.spend(READING_FUEL)
    match = ENDS.fullmatch(text.strip())
    if not match:
        raise RefusedError(text[:40])
    start, end = _end(match[2].strip()), _end(match[3].strip())
    included = match[1] == "[", match[4] == "]"
    if (start is None and (end is None or included[0])) or (end is None and included[1]):
        raise RefusedError(text[:40])
    if start is not None and end is not None and compare(run, start, end) not in (-1, 0):
        raise RefusedError(text[:40])
    return Range(start, end, *included)


def _end(text: str) -> Value:
    if not text:
        return None
    call = CONSTRUCTED.fullmatch(text)
    value = _constructed(call[1] or call[3], call[2] or call[4]) if call else _literal(text)
    if value is None:
        raise RefusedError(text[:40])
    return value


def _constructed(name: str, literal: str) -> Value:
    return CONSTRUCTORS[name](_literal(literal))


def _literal(text: str) -> Value:
    """Return the number or string that a text is, or None."""
    negative = text.startswith("-")
    try:
        tokens = tokenize(text[1:] if negative else text)
    except FeelSyntaxError:
        return None
    if len(tokens) != 2:
        return None
    if tokens[0].kind == "string" and not negative:
        return string_value(tokens[0])
    value = number(tokens[0].text) if tokens[0].kind == "number" else None
    return NUMBERS.minus(value) if type(value) is Decimal and negative else value
