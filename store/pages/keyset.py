"""Pages by key: the rows behind the last one shown, however many came before it."""

from collections.abc import Sequence
from typing import Any  # Any: columns of any type make up a key

from sqlalchemy import ColumnElement, literal, tuple_
from sqlalchemy.orm import InstrumentedAttribute

PAGE = 50


def beyond(columns: Sequence[InstrumentedAttribute[Any]], key: Sequence[object]) -> ColumnElement[bool]:
    """Return the condition that a row lies behind this key in ascending order of the columns."""
    return tuple_(*columns) > _row(columns, key)


def before(columns: Sequence[InstrumentedAttribute[Any]], key: Sequence[object]) -> ColumnElement[bool]:
    """Return the condition that a row lies behind this key in descending order of the columns."""
    return tuple_(*columns) < _row(columns, key)


def _row(columns: Sequence[InstrumentedAttribute[Any]], key: Sequence[object]) -> ColumnElement[Any]:
    return tuple_(*(literal(value, column.type) for column, value in zip(columns, key, strict=True)))
