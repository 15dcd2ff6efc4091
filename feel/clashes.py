"""Type errors that the text alone shows: operands of kinds that never fit each other, so that the result is null."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from feel.inference import type_of
from feel.nodes import (
    Between,
    Chain,
    Comparison,
    ContextNode,
    Filter,
    For,
    FunctionNode,
    Node,
    Quantified,
    Span,
    children,
)
from feel.types import Type, Types

LOOSE = frozenset({"Any", "Null"})
MOVED = frozenset({"date", "time", "date and time", "days and time duration", "years and months duration"})


class Clash(Struct, frozen=True):
    """A part of an expression, and the two kinds in it that do not fit."""

    span: Span
    left: str
    right: str


def clashes(node: Node, names: Types) -> Iterator[Clash]:
    """Yield every part of an expression that can only be null, given the types of names."""
    pending = [(node, names)]
    while pending:
        here, known = pending.pop()
        yield from _own(here, known)
        inner = _names_inside(here, known)
        pending += [(child, inner) for child in children(here)]


def _own(node: Node, names: Types) -> Iterator[Clash]:
    if isinstance(node, Comparison):
        yield from _unlike(node.span, type_of(node.left, names), type_of(node.right, names))
    elif isinstance(node, Between):
        value = type_of(node.value, names)
        for end in (node.low, node.high):
            yield from _unlike(node.span, value, type_of(end, names))
    elif isinstance(node, Chain):
        left = type_of(node.first, names)
        for sign, operand in node.rest:
            right = type_of(operand, names)
            yield from _unfit(node.span, left, sign, right)
            left = left if left == right else None


def _unlike(span: Span, left: Type | None, right: Type | None) -> Iterator[Clash]:
    if (
        left is not None
        and right is not None
        and not {left.kind, right.kind} & LOOSE
        and left.kind != right.kind
    ):
        yield Clash(span, left.kind, right.kind)


def _unfit(span: Span, left: Type | None, sign: str, right: Type | None) -> Iterator[Clash]:
    if left is None or right is None or {left.kind, right.kind} & LOOSE:
        return
    pair = {left.kind, right.kind}
    if not _has_result(sign, pair):
        yield Clash(span, left.kind, right.kind)


def _has_result(sign: str, pair: set[str]) -> bool:
    """Tell whether the operator can give a value for operands of these kinds."""
    if sign in "+-":
        return pair == {"number"} or pair <= MOVED or (pair == {"string"} and sign == "+")
    return pair <= MOVED | {"number"}


def _names_inside(node: Node, names: Types) -> Types:
    """Return the types of the names that mean the same inside of a node; what it binds itself is not known."""
    if isinstance(node, Filter):
        return {}
    if isinstance(node, For | Quantified):
        bound = {iteration.name for iteration in node.iterations}
    elif isinstance(node, FunctionNode):
        bound = {name for name, _ in node.parameters}
    elif isinstance(node, ContextNode):
        bound = {key for key, _ in node.entries}
    else:
        return names
    return {name: kind for name, kind in names.items() if name not in bound}
