"""Types as the language names them: does a value belong to one, and what does it become where one is declared."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TypeAlias

from msgspec import Struct

from feel.limits import Run
from feel.nodes import TypeName
from feel.order import FAMILIES, family
from feel.temporal import DateTime
from feel.values import Function, Range, Value

SIMPLE = frozenset(FAMILIES.values()) - {"null"}
TYPE_NAMES = SIMPLE | {"Any", "Null"}
CONSTRUCTED = frozenset({"list", "range", "context", "function"})
SHORT = {
    "dayTimeDuration": "days and time duration",
    "yearMonthDuration": "years and months duration",
    "dateTime": "date and time",
    "date time": "date and time",
}

KIND_NAMES = {
    "number": "数",
    "string": "文字",
    "boolean": "是非",
    "date": "日期",
    "time": "时间",
    "date and time": "日期时间",
    "days and time duration": "天和时间的时长",
    "years and months duration": "年和月的时长",
    "list": "列表",
    "context": "上下文",
    "range": "区间",
    "function": "函数",
    "null": "空",
}

Allowed: TypeAlias = Callable[[Run, Value], bool]


class Type(Struct, frozen=True, eq=False):
    """A type: its kind, and the types inside a list, a range, a context (by key) or of a function's parameters."""

    kind: str
    inner: tuple[Type, ...] = ()
    keys: tuple[str, ...] = ()
    result: Type | None = None
    allowed: Allowed | None = None

    def __eq__(self, other: object) -> bool:
        """Tell whether two types are the same; what of it is allowed does not matter."""
        return isinstance(other, Type) and self._shape == other._shape

    def __ne__(self, other: object) -> bool:
        """Tell the contrary; a struct would not ask."""
        return not self == other

    def __hash__(self) -> int:
        """Return the same number for the same type."""
        return hash(self._shape)

    @property
    def _shape(self) -> tuple[object, ...]:
        return self.kind, self.inner, self.keys, self.result


ANY = Type("Any")
Types = Mapping[str, Type]


class UnknownTypeError(LookupError):
    """A type name that neither the language nor the model knows."""


def kind_name(kind: str) -> str:
    """Return the Chinese word for a kind of value."""
    return KIND_NAMES.get(kind, kind)


def resolve(written: TypeName, types: Types) -> Type:
    """Return the type that was written; raises UnknownTypeError."""
    inner = tuple(resolve(argument, types) for argument in written.arguments)
    if written.name in CONSTRUCTED:
        result = resolve(written.result, types) if written.result else None
        return Type(written.name, inner, written.keys, result)
    if written.name in types:
        return types[written.name]
    name = SHORT.get(written.name, written.name)
    if name in TYPE_NAMES:
        return Type(name)
    raise UnknownTypeError(written.name)


def keys_of(types: Iterable[Type]) -> set[str]:
    """Return the keys of all contexts in types, each part of a type looked at once."""
    found: set[str] = set()
    seen: set[int] = set()
    pending = list(types)
    while pending:
        here = pending.pop()
        if id(here) not in seen:
            seen.add(id(here))
            found.update(here.keys)
            pending.extend(here.inner)
    return found


def belongs(run: Run, value: Value, declared: Type) -> bool:
    """Tell whether a value is an instance of a type; null belongs to Null only."""
    if declared.kind == "Any":
        return value is not None
    if value is None:
        return declared.kind == "Null"
    if family(value) != declared.kind:
        return False
    if not declared.inner and not declared.keys and declared.kind != "function":
        return True
    return _parts_belong(run, value, declared)


def conforms(one: Type, other: Type) -> bool:
    """Tell whether a value of the first type can stand wherever the second is wanted."""
    if other.kind == "Any" or one.kind == "Null" or one == other:
        return True
    if one.kind != other.kind:
        return False
    if one.kind == "context":
        inner = dict(zip(one.keys, one.inner, strict=False))
        return all(
            key in inner and conforms(inner[key], kind)
            for key, kind in zip(other.keys, other.inner, strict=False)
        )
    if one.kind == "function":
        return _functions_conform(one, other)
    return not other.inner or (bool(one.inner) and conforms(one.inner[0], other.inner[0]))


def coerced(run: Run, value: Value, declared: Type) -> tuple[bool, Value]:
    """Return whether the value fits the type, and what it becomes: null, or a list of one, or the one of a list."""
    if value is None or declared is ANY or fits(run, value, declared):
        return True, value
    if declared.kind == "list" and declared.inner and fits(run, value, declared.inner[0]):
        return True, [value]
    if type(value) is list and len(value) == 1 and declared.kind != "list" and fits(run, value[0], declared):
        return True, value[0]
    if declared.kind == "date and time" and family(value) == "date":
        return True, DateTime(value, 0, 0)
    return False, None


def fits(run: Run, value: Value, declared: Type) -> bool:
    """Tell whether a value can stand where the type is declared: as `belongs`, but null fits everywhere."""
    if value is None:
        return True
    if declared.kind not in ("Any", family(value)):
        return False
    if declared.allowed is not None and not declared.allowed(run, value):
        return False
    if declared.kind in ("list", "context"):
        run.spend(1 + len(value))
    if declared.kind == "list":
        return not declared.inner or all(fits(run, item, declared.inner[0]) for item in value)
    if declared.kind == "context":
        return all(
            key in value and fits(run, value[key], inner)
            for key, inner in zip(declared.keys, declared.inner, strict=False)
        )
    return declared.kind in ("Any", "function") or belongs(run, value, declared)


def _parts_belong(run: Run, value: Value, declared: Type) -> bool:
    if type(value) in (list, dict):
        run.spend(1 + len(value))
    if type(value) is list:
        return all(fits(run, item, declared.inner[0]) for item in value)
    if type(value) is dict:
        pairs = zip(declared.keys, declared.inner, strict=True)
        return all(
            key in value and (value[key] is None or belongs(run, value[key], inner)) for key, inner in pairs
        )
    if type(value) is Range:
        return all(end is None or belongs(run, end, declared.inner[0]) for end in (value.start, value.end))
    return _functions_conform(type_of_function(value), declared)


def type_of_function(value: Function) -> Type:
    """Return the type of a function value; a built-in takes anything and gives what only a call can tell."""
    return Type("function", value.types or (ANY,) * len(value.parameters), (), value.result)


def _functions_conform(one: Type, other: Type) -> bool:
    """Tell whether a function takes at least what the other does, and gives at most that."""
    return (
        len(one.inner) == len(other.inner)
        and all(conforms(wanted, taken) for taken, wanted in zip(one.inner, other.inner, strict=True))
        and (one.result is None or other.result is None or conforms(one.result, other.result))
    )
