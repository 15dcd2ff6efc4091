"""Values of Python to values of FEEL and back, at the edge of an evaluation."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum

from feel.costs import MOVE_FUEL, PARTS_PER_FUEL
from feel.errors import FeelLimitError
from feel.limits import DATA_NESTING, PLAIN, Run
from feel.order import FAMILIES, family
from feel.temporal import DateTime, Time, from_datetime, from_time, to_datetime, to_time
from feel.text import literal_of
from feel.values import NUMBERS, SECOND, DaysTime, Value, finite, scalar_text

AS_THEY_ARE = frozenset(FAMILIES) - {Decimal, list, dict, str}


def to_feel(run: Run, value: Value, depth: int = 0) -> Value:
    """Return what a value of Python is in FEEL; what FEEL does not know becomes null.

    Nothing is ever called: a callable is null. Lists and contexts are copied and charged.
    """
    kind = type(value)
    if kind in AS_THEY_ARE:
        return value
    if kind in PLAINLY:
        return PLAINLY[kind](run, value)
    if depth > DATA_NESTING:
        raise FeelLimitError("depth", DATA_NESTING)
    if kind is dict or isinstance(value, Mapping):
        return _context(run, value, depth)
    if isinstance(value, list | tuple):
        run.spend(2 + len(value) // PARTS_PER_FUEL)
        return run.sized_list([to_feel(run, item, depth + 1) for item in value])
    return _scalar(run, value)


def to_python(run: Run, value: Value) -> Value:
    """Return a FEEL value with Python's `datetime` and `time` wherever they can hold it exactly.

    A list that stands in many places of a value is written out at each, which is charged.
    """
    kind = type(value)
    if kind is DateTime or kind is Time:
        run.spend(MOVE_FUEL)
        return to_datetime(value) if kind is DateTime else to_time(value)
    if kind is list:
        run.spend(2 + len(value) // PARTS_PER_FUEL)
        return [to_python(run, item) for item in value]
    if kind is dict:
        run.spend(2 + len(value) // PARTS_PER_FUEL)
        return {key: to_python(run, item) for key, item in value.items()}
    return value


def format_value(value: Value) -> str:
    """Return the FEEL literal of a value of Python or FEEL. Raises FeelLimitError for one beyond the bounds."""
    run = Run(PLAIN)
    return literal_of(run, to_feel(run, value))


def kind_of(value: Value) -> str:
    """Return the kind of a value of Python or FEEL: the name of its built-in type."""
    return family(to_feel(Run(PLAIN), value))


def _context(run: Run, value: Mapping[Value, Value], depth: int) -> Value:
    run.spend(1 + len(value))
    entries = {_text(run, str(key)): to_feel(run, item, depth + 1) for key, item in value.items()}
    return run.sized_context(entries)


def _text(run: Run, value: str) -> str:
    return scalar_text(run.sized_text(value))


def _scalar(run: Run, value: Value) -> Value:
    if isinstance(value, Enum):
        value = value.value
    if isinstance(value, str):
        return _text(run, str(value))
    for kind in (float, int):
        if isinstance(value, kind):
            return PLAINLY[kind](run, value)
    return _moment(value)


def _moment(value: Value) -> Value:
    if isinstance(value, datetime):
        return from_datetime(value)
    if isinstance(value, date):
        return date(value.year, value.month, value.day)
    if isinstance(value, time):
        return from_time(value)
    if isinstance(value, timedelta):
        return DaysTime((value.days * 86_400 + value.seconds) * SECOND + value.microseconds * 1000)
    return None


PLAINLY: dict[type, Callable[[Run, Value], Value]] = {
    str: _text,
    Decimal: lambda _run, value: finite(NUMBERS.plus(value)),
    int: lambda _run, value: finite(NUMBERS.create_decimal(value)),
    float: lambda _run, value: finite(NUMBERS.create_decimal(repr(value))),
}
