"""Conversion from and to text: `string` and `number`."""

from __future__ import annotations

import re

from feel.builtins.registry import RefusedError, builtin
from feel.limits import Run
from feel.text import string_of
from feel.values import Value, number

NUMBER = re.compile(r"-?(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,9})?")
GROUPING = frozenset({" ", ",", "."})
DECIMAL = frozenset({",", "."})


@builtin("string(from)")
def string(run: Run, value: Value) -> Value:
    """Return the value as text."""
    return None if value is None else run.sized_text(string_of(run, value))


@builtin("number(from: string)")
def number_from(_run: Run, text: str) -> Value:
    """Return the number that a text stands for."""
    if len(text) > 1000 or not NUMBER.fullmatch(text):
        raise RefusedError(text[:40])
    return number(text)


@builtin("number(from: string, grouping separator: string!, decimal separator: string!)")
def number_with_separators(run: Run, text: str, grouping: str | None, decimal: str | None) -> Value:
    """Return the number that a text stands for, written with these separators."""
    decimal = decimal or "."
    if decimal not in DECIMAL or grouping == decimal or (grouping is not None and grouping not in GROUPING):
        raise RefusedError(f"{grouping} {decimal}")
    plain = text.replace(grouping, "") if grouping else text
    if decimal != "." and "." in plain:
        raise RefusedError(text[:40])
    return number_from(run, plain.replace(decimal, "."))
