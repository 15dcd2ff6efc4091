"""What type an expression has, as far as its text tells: None where only running it can say."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

from feel.nodes import (
    AtLiteral,
    Between,
    Call,
    Chain,
    Comparison,
    ContextNode,
    Filter,
    For,
    FunctionNode,
    If,
    In,
    InstanceOf,
    Junction,
    ListNode,
    Literal,
    Name,
    Negate,
    Node,
    Path,
    Power,
    Quantified,
    RangeNode,
    Test,
)
from feel.order import family
from feel.temporal_text import parse_temporal
from feel.types import ANY, Type, Types, UnknownTypeError, resolve

NodeKind = TypeVar("NodeKind", bound=Node)
Inferred = Type | None

BOOLEAN, NUMBER, STRING, NULL = Type("boolean"), Type("number"), Type("string"), Type("Null")
RESULTS: dict[str, str] = {
    "string": "string", "number": "number", "date": "date", "time": "time", "date and time": "date and time",
    "years and months duration": "years and months duration", "now": "date and time", "today": "date",
    "substring": "string", "string length": "number", "upper case": "string", "lower case": "string",
    "substring before": "string", "substring after": "string", "replace": "string", "string join": "string",
    "count": "number", "mean": "number", "median": "number", "stddev": "number", "product": "number",
    "decimal": "number", "floor": "number", "ceiling": "number", "round up": "number", "round down": "number",
    "round half up": "number", "round half down": "number", "modulo": "number", "sqrt": "number", "log": "number",
    "exp": "number", "day of year": "number", "day of week": "string", "month of year": "string",
    "week of year": "number",
    **dict.fromkeys(
        ["not", "contains", "starts with", "ends with", "matches", "list contains", "all", "any", "is", "even", "odd",
         "before", "after", "meets", "met by", "overlaps", "overlaps before", "overlaps after", "finishes",
         "finished by", "includes", "during", "starts", "started by", "coincides", "is defined"],
        "boolean",
    ),
}  # fmt: skip
PROPERTIES = {
    **dict.fromkeys(("year", "month", "day", "weekday", "hour", "minute", "second"), "number"),
    **dict.fromkeys(("years", "months", "days", "hours", "minutes", "seconds"), "number"),
    "start included": "boolean",
    "end included": "boolean",
    "time offset": "days and time duration",
    "timezone": "string",
}

RULES: dict[type[Node], Callable[[Node, Types], Inferred]] = {
    kind: lambda _node, _names: BOOLEAN
    for kind in (Junction, Comparison, Between, In, InstanceOf, Quantified, Test)
}


def type_of(node: Node, names: Types) -> Inferred:
    """Return the type of an expression, given the types of names; an expression may be null all the same."""
    rule = RULES.get(type(node))
    return None if rule is None else rule(node, names)


def common(types: Iterable[Inferred]) -> Inferred:
    """Return the type of all of these, nulls left out; Any if they differ, None if one is not known."""
    found: Inferred = NULL
    for kind in types:
        if kind is None:
            return None
        if found == NULL:
            found = kind
        elif kind not in (NULL, found):
            found = ANY
    return found


def infers(kind: type[NodeKind]) -> Callable[[Callable[[NodeKind, Types], Inferred]], None]:
    """Declare how the type of a kind of node is told."""

    def register(infer: Callable[[NodeKind, Types], Inferred]) -> None:
        RULES[kind] = infer  # type: ignore[assignment]  # the table pairs each kind with its own rule

    return register


@infers(Literal)
def _literal(node: Literal, _names: Types) -> Inferred:
    return NULL if node.value is None else Type(family(node.value))


@infers(AtLiteral)
def _at_literal(node: AtLiteral, _names: Types) -> Inferred:
    value = parse_temporal(node.text)
    return NULL if value is None else Type(family(value))


@infers(Name)
def _name(node: Name, names: Types) -> Inferred:
    kind = names.get(node.name)
    return None if kind is None or kind.kind == "Any" else kind


@infers(Negate)
def _negate(node: Negate, names: Types) -> Inferred:
    return type_of(node.operand, names)


@infers(Power)
def _power(_node: Power, _names: Types) -> Inferred:
    return NUMBER


@infers(Chain)
def _chain(node: Chain, names: Types) -> Inferred:
    kinds = {type_of(operand, names) for operand in (node.first, *(operand for _, operand in node.rest))}
    signs = {sign for sign, _ in node.rest}
    if kinds == {NUMBER} or (kinds == {STRING} and signs == {"+"}):
        return kinds.pop()
    return None


@infers(If)
def _if(node: If, names: Types) -> Inferred:
    return common((type_of(node.then, names), type_of(node.otherwise, names)))


@infers(For)
def _for(_node: For, _names: Types) -> Inferred:
    return Type("list")


@infers(ListNode)
def _list(node: ListNode, names: Types) -> Inferred:
    inner = common(type_of(item, names) for item in node.items)
    return Type("list") if inner is None else Type("list", (inner,))


@infers(ContextNode)
def _context(node: ContextNode, names: Types) -> Inferred:
    known = dict(names)
    inner = []
    for key, value in node.entries:
        kind = type_of(value, known) or ANY
        known[key] = kind
        inner.append(kind)
    return Type("context", tuple(inner), tuple(key for key, _ in node.entries))


@infers(RangeNode)
def _range(node: RangeNode, names: Types) -> Inferred:
    inner = common(type_of(end, names) for end in (node.start, node.end) if end is not None)
    return Type("range") if inner is None else Type("range", (inner,))


@infers(FunctionNode)
def _function(node: FunctionNode, names: Types) -> Inferred:
    parameters = []
    for _, written in node.parameters:
        try:
            parameters.append(ANY if written is None else resolve(written, names))
        except UnknownTypeError:
            parameters.append(ANY)
    inner = {**names, **{name: kind for (name, _), kind in zip(node.parameters, parameters, strict=True)}}
    result = None if node.body is None else type_of(node.body, inner)
    return Type("function", tuple(parameters), (), result)


@infers(Path)
def _path(node: Path, names: Types) -> Inferred:
    base = type_of(node.base, names)
    if base is None:
        return None
    if base.kind == "context":
        return entry_type(base, node.name)
    if base.kind in ("list", "Any", "Null"):
        return None
    if base.kind == "range" and node.name in ("start", "end"):
        return base.inner[0] if base.inner else None
    return Type(PROPERTIES[node.name]) if node.name in PROPERTIES else None


@infers(Filter)
def _filter(node: Filter, names: Types) -> Inferred:
    base = type_of(node.base, names)
    if base is None or base.kind in ("Any", "Null"):
        return None
    inner = base if base.kind != "list" else base.inner[0] if base.inner else None
    index = type_of(node.condition, names)
    if index is None or index.kind not in ("number", "boolean"):
        return None
    if index == NUMBER:
        return inner
    return Type("list") if inner is None else Type("list", (inner,))


@infers(Call)
def _call(node: Call, names: Types) -> Inferred:
    if not isinstance(node.function, Name):
        return None
    called = names.get(node.function.name)
    if called is not None:
        return called.result if called.kind == "function" else None
    result = RESULTS.get(node.function.name)
    return None if result is None else Type(result)


def entry_type(context: Type, key: str) -> Inferred:
    """Return the type of an entry of a context type; None if it has no such entry, or it may be anything."""
    kinds: Mapping[str, Type] = dict(zip(context.keys, context.inner, strict=True))
    kind = kinds.get(key)
    return None if kind is None or kind.kind == "Any" else kind
