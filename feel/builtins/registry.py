"""How built-in functions are declared, found and called."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import cache
from typing import TypeVar

from msgspec import Struct

from feel.costs import BUILTIN_FUEL, CALL_FUEL, CHARACTERS_PER_FUEL
from feel.errors import FeelError
from feel.limits import Run
from feel.nodes import Span
from feel.order import family
from feel.spelling import misspelt
from feel.values import Function, Value

Body = TypeVar("Body", bound=Callable[..., Value])

KINDS: dict[str, frozenset[str]] = {
    "string": frozenset({"string"}),
    "number": frozenset({"number"}),
    "boolean": frozenset({"boolean"}),
    "date": frozenset({"date"}),
    "time": frozenset({"time"}),
    "moment": frozenset({"date and time"}),
    "day": frozenset({"date", "date and time"}),
    "months": frozenset({"years and months duration"}),
    "days": frozenset({"days and time duration"}),
    "duration": frozenset({"years and months duration", "days and time duration"}),
    "context": frozenset({"context"}),
    "range": frozenset({"range"}),
    "function": frozenset({"function"}),
    "point": frozenset(
        {"number", "string", "date", "time", "date and time"}
        | {"years and months duration", "days and time duration"}
    ),
}
NO = object()
OMITTED = object()


class RefusedError(FeelError):
    """Raised inside a built-in that cannot use its arguments; the call becomes null, with the message as reason."""

    def __init__(self, detail: str, code: str = "argument") -> None:
        super().__init__(detail)
        self.code = code


def in_range(value: Decimal) -> Decimal:
    """Return a number that was computed; raises RefusedError if it is too large to be one."""
    if not value.is_finite():
        raise RefusedError("", "number")
    return value


class Parameter(Struct, frozen=True):
    """A parameter: its name, the kind it takes (`any`, `list`, `each` are special), may it be left out or null."""

    name: str
    kind: str
    optional: bool
    nullable: bool


class Builtin(Struct, frozen=True):
    """One way to call a built-in function."""

    name: str
    parameters: tuple[Parameter, ...]
    variadic: bool
    call: Callable[..., Value]
    fuel: int

    def takes(self, count: int) -> bool:
        """Tell whether the number of arguments fits."""
        required = sum(not parameter.optional for parameter in self.parameters)
        return required <= count and (self.variadic or count <= len(self.parameters))

    def order(self, names: Sequence[str]) -> list[int] | None:
        """Return for each parameter the place of its argument, -1 if left out; None if the names do not fit."""
        known = [parameter.name for parameter in self.parameters]
        if not set(names) <= set(known):
            return None
        places = [names.index(name) if name in names else -1 for name in known]
        missing = any(
            place < 0 and not parameter.optional
            for place, parameter in zip(places, self.parameters, strict=True)
        )
        return None if missing else places

    def usage(self) -> str:
        """Return how the call is written: `substring(string, start position, [length])`."""
        names = (f"[{one.name}]" if one.optional else one.name for one in self.parameters)
        return f"{self.name}({', '.join(names)}{', …' if self.variadic else ''})"


BUILTINS: dict[str, list[Builtin]] = {}


def builtin(signature: str) -> Callable[[Body], Body]:
    """Declare a built-in, as in `substring(string: string, start position: number, length: number?)`.

    `?` marks what may be left out or null, `~` what may be left out only, `!` what may be null only,
    `...` a parameter that takes all arguments or one list of them (`each...`: all arguments, never the items of one).
    """
    name, _, rest = signature.rstrip(")").partition("(")
    variadic = rest.endswith("...")
    parameters = tuple(_parameter(text) for text in rest.rstrip(".").split(",") if text.strip())

    fuel = CALL_FUEL + BUILTIN_FUEL.get(name, 0)

    def register(body: Body) -> Body:
        BUILTINS.setdefault(name, []).append(Builtin(name, parameters, variadic, body, fuel))
        return body

    return register


def invoke(
    run: Run, candidates: Sequence[tuple[Builtin, list[int] | None]], arguments: list[Value], span: Span
) -> Value:
    """Return what the first candidate that takes the arguments gives; null with a warning if none does.

    With a candidate goes the order of its named arguments, or None if they came by position.
    """
    run.spend(candidates[0][0].fuel)
    for argument in arguments:
        if type(argument) is str:
            run.spend(len(argument) // CHARACTERS_PER_FUEL)
    for candidate, order in candidates:
        ordered = arguments if order is None else _ordered(arguments, order)
        fitted = _fitted(candidate, ordered)
        if fitted is None:
            continue
        try:
            return run.sized(candidate.call(run, *fitted))
        except RefusedError as refused:
            return run.warn(refused.code, span, str(refused))
    kinds = ", ".join(family(argument) for argument in arguments)
    return run.warn("argument", span, f"{candidates[0][0].name}({kinds})")


def misuse(name: str, given: Sequence[str]) -> tuple[str, str]:
    """Return how a built-in is called, and the parameter that may have been meant by one of the names given."""
    ways = BUILTINS[name]
    known = {parameter.name for one in ways for parameter in one.parameters}
    return " 或 ".join(dict.fromkeys(one.usage() for one in ways)), misspelt(given, known)


@cache
def as_function(name: str) -> Function:
    """Return a built-in as a value."""
    candidates = BUILTINS[name]
    parameters = tuple(parameter.name for parameter in candidates[0].parameters)

    def call(run: Run, arguments: list[Value]) -> Value:
        fitting = [(candidate, None) for candidate in candidates if candidate.takes(len(arguments))]
        if not fitting:
            return run.warn("argument", (0, 0), misuse(name, ())[0])
        return invoke(run, fitting, arguments, (0, 0))

    return Function(parameters, call, name=name, variadic=candidates[0].variadic)


def _ordered(arguments: list[Value], order: list[int]) -> list[Value]:
    return [OMITTED if place < 0 else arguments[place] for place in order]


def _parameter(text: str) -> Parameter:
    name, _, kind = text.partition(":")
    kind = kind.strip() or "any"
    return Parameter(name.strip(), kind.rstrip("?~!"), kind[-1] in "?~", kind[-1] in "?!")


def _fitted(candidate: Builtin, arguments: list[Value]) -> list[Value] | None:
    if candidate.variadic:
        return _variadic(candidate, arguments)
    fitted = []
    for parameter, argument in zip(candidate.parameters, arguments, strict=False):
        value = _fit(parameter, argument)
        if value is NO:
            return None
        fitted.append(value)
    return fitted


def _variadic(candidate: Builtin, arguments: list[Value]) -> list[Value] | None:
    first = len(candidate.parameters) - 1
    fixed = [
        _fit(parameter, value)
        for parameter, value in zip(candidate.parameters, arguments[:first], strict=False)
    ]
    rest = arguments[first:]
    if NO in fixed or len(fixed) < first:
        return None
    if len(rest) == 1 and type(rest[0]) is list and candidate.parameters[-1].kind != "each":
        rest = rest[0]
    return [*fixed, rest]


def _fit(parameter: Parameter, value: Value) -> Value:  # noqa: PLR0911  # one return for each kind
    kind = parameter.kind
    if value is OMITTED:
        return None
    if kind in ("any", "each") or (value is None and parameter.nullable):
        return value
    if value is None:
        return NO
    if kind == "list":
        return value if type(value) is list else [value]
    families = KINDS[kind]
    if family(value) in families:
        return value
    if type(value) is list and len(value) == 1 and value[0] is not None and family(value[0]) in families:
        return value[0]
    return NO
