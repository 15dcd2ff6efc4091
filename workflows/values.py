"""FEEL values as JSON for events, messages and the readable copy of a case's variables."""

from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import Union
from uuid import UUID

from feel import format_value

JsonValue = Union[str, int, bool, None, list["JsonValue"], dict[str, "JsonValue"]]  # noqa: UP007 — recursive


def to_json(value: object) -> JsonValue:
    """Return the value as canonical JSON: numbers that are no integers and all dates become text."""
    if value is None or isinstance(value, (str, int)):
        return value
    if isinstance(value, (dict, Mapping)):  # `dict` first: asking an abstract class costs ten times as much
        return {str(key): to_json(entry) for key, entry in value.items()}
    if isinstance(value, (list, tuple)):
        return [to_json(entry) for entry in value]
    return _scalar(value)


def _scalar(value: object) -> int | str:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else format(value, "f")
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else format_value(value)


def json_object(value: Mapping[str, object]) -> dict[str, JsonValue]:
    """Return a mapping as a JSON object."""
    return {str(key): to_json(entry) for key, entry in value.items()}
