"""Which values a case may hold, how they come in, and how they are kept as JSON.

Allowed: null, booleans, whole numbers, `Decimal`, text, dates, times and moments, FEEL durations, lists and
mappings of these. A float is an error everywhere: money and shares are exact. Callables and other objects
never enter, so no expression can reach one.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal
from enum import Enum
from uuid import UUID
from zoneinfo import ZoneInfo

from workflows.engine.errors import DataError, StateError
from workflows.engine.feel_values import duration_from_text, duration_text, is_duration

MAX_NESTING = 20
_LARGEST = 2**53
_TAG = "$"
_ATOMS = (type(None), bool, int, str, Decimal, date, datetime, time)


def plain(value: object, path: str = "") -> object:
    """Return a deep copy of a value that came from outside, in the kinds that a case may hold.

    Identifiers and members of enumerations become text, tuples lists. Raises: DataError for anything else.
    """
    return _plain(value, path, 0)


def plain_mapping(values: Mapping[str, object], path: str = "") -> dict[str, object]:
    """Return a deep copy of a mapping of values that came from outside."""
    return {_key(name, path): _plain(value, f"{path}{name}", 1) for name, value in values.items()}


def _plain(value: object, path: str, depth: int) -> object:
    if depth > MAX_NESTING:
        raise DataError(path=path, reason="nesting")
    if isinstance(value, Enum):
        return _plain(value.value, path, depth)
    if type(value) in _ATOMS or is_duration(value):
        return value
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, (list, tuple)):
        return [_plain(item, f"{path}[{n}]", depth + 1) for n, item in enumerate(value, 1)]
    if isinstance(value, Mapping):
        return {_key(k, path): _plain(v, f"{path}.{k}", depth + 1) for k, v in value.items()}
    return _subclass(value, path)


def _subclass(value: object, path: str) -> object:
    """Return a value of a subclass of an allowed kind as its plain kind."""
    for kind in (str, int, Decimal):
        if isinstance(value, kind):
            return kind(value)
    raise DataError(path=path, reason=type(value).__name__)


def _key(key: object, path: str) -> str:
    if not isinstance(key, str) or key.startswith("__"):
        raise DataError(path=path, reason=f"key {key!r}")
    return str(key)


def to_json(value: object) -> object:
    """Return a value in the form that JSON can hold. Raises: StateError for a kind that no case may hold."""
    kind = type(value)
    if value is None or kind is str or kind is bool:
        return value
    if kind is int:
        return _number(value)  # type: ignore[arg-type] # the exact type has just been tested
    if kind is list:
        return [to_json(item) for item in value]  # type: ignore[attr-defined] # tested above
    if kind is dict:
        return _mapping(value)  # type: ignore[arg-type] # tested above
    return _tagged(value)


def _number(value: int) -> object:
    return value if -_LARGEST <= value <= _LARGEST else {_TAG: ["i", str(value)]}


def _mapping(value: dict[object, object]) -> object:
    for key in value:
        if type(key) is not str or key.startswith("__"):
            raise StateError(reason=f"key {key!r}")
    if any(str(key).startswith(_TAG) for key in value):
        return {_TAG: ["m", [[key, to_json(item)] for key, item in value.items()]]}
    return {str(key): to_json(item) for key, item in value.items()}


def _tagged(value: object) -> object:
    if isinstance(value, Decimal):
        return {_TAG: ["n", str(value)]}
    if isinstance(value, datetime):
        zone = value.tzinfo.key if isinstance(value.tzinfo, ZoneInfo) else None
        return {_TAG: ["t", value.isoformat(), zone]}
    if isinstance(value, date):
        return {_TAG: ["d", value.isoformat()]}
    if isinstance(value, time):
        return {_TAG: ["h", value.isoformat()]}
    if is_duration(value):
        return {_TAG: ["p", duration_text(value)]}
    raise StateError(reason=type(value).__name__)


def from_json(value: object) -> object:
    """Return the value that `to_json` was given."""
    if type(value) is dict:
        tagged = value.get(_TAG)
        if tagged is not None:
            return _untagged(tagged)
        return {key: from_json(item) for key, item in value.items()}
    if type(value) is list:
        return [from_json(item) for item in value]
    return value


def mapping_from_json(value: object) -> dict[str, object]:
    """Return the mapping that `to_json` was given. Raises: StateError if it is none."""
    found = from_json(value)
    if not isinstance(found, dict):
        raise StateError(reason="not a mapping")
    return found


def _untagged(tagged: list[object]) -> object:
    kind, text = tagged[0], tagged[1]
    if kind == "m":
        assert isinstance(text, list)  # noqa: S101 - the shape is ours; tells mypy
        return {key: from_json(item) for key, item in text}
    words = str(text)
    if kind == "t":
        moment = datetime.fromisoformat(words)
        return moment.astimezone(ZoneInfo(str(tagged[2]))) if tagged[2] else moment
    return _atom(str(kind), words)


def _atom(kind: str, text: str) -> object:
    if kind == "n":
        return Decimal(text)
    if kind == "i":
        return int(text)
    if kind == "d":
        return date.fromisoformat(text)
    if kind == "h":
        return time.fromisoformat(text)
    return duration_from_text(text)
