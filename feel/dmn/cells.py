"""What a cell of a decision table can be known to say: where along its column it changes, and at each value there."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct

from feel.compiler.calls import FOLDED
from feel.compiler.membership import INPUT
from feel.limits import PLAIN, Run
from feel.nodes import (
    Between,
    Call,
    Comparison,
    In,
    Junction,
    Name,
    Node,
    RangeNode,
    Test,
    UnaryTests,
    children,
)
from feel.program import build
from feel.types import Types
from feel.values import Range, Value

Check = Callable[[Value], bool]
EQUALITY = frozenset({"=", "!="})


class Said(Struct, frozen=True):
    """The constant values that a cell speaks of. Between texts lie others: an order of texts is marked."""

    values: tuple[Value, ...] = ()
    orders_texts: bool = False


def said_in(tests: UnaryTests) -> Said | None:
    """Return what a cell speaks of; None if it cannot be analysed."""
    return _all(*(_said(test) for test in tests.tests))


def check_of(tests: UnaryTests, types: Types) -> Check:
    """Return whether a value meets the tests, which must be such as can be analysed."""
    body = build("", tests, frozenset(), types)
    return lambda value: body.run(Run(PLAIN), {INPUT: value}) is True


def asks_input_alone(tests: UnaryTests) -> bool:
    """Tell whether the tests need nothing but the input, so that they can be asked about one value."""
    return not build("", tests, frozenset(), {}).names - {INPUT}


def constant(node: Node) -> tuple[Value] | None:
    """Return the value of a node that needs no name, in a tuple of one; None if it needs one."""
    pending = [node]
    while pending:
        here = pending.pop()
        if isinstance(here, Name):
            return None
        parts = list(children(here))
        if isinstance(here, Call) and isinstance(here.function, Name) and here.function.name in FOLDED:
            parts.remove(here.function)
        pending += parts
    return (build("", node, frozenset()).run(Run(PLAIN), {}),)


def _said(node: Node) -> Said | None:
    if isinstance(node, RangeNode):
        return _ordered(*(end for end in (node.start, node.end) if end is not None))
    if isinstance(node, Test):
        return _ordered(node.operand) if node.operator not in EQUALITY else _said(node.operand)
    found = constant(node)
    return Said(found, _is_range_of_texts(found[0])) if found is not None else _of_input(node)


def _of_input(node: Node) -> Said | None:
    """Return what an expression over `?` compares it with; None if it does anything else with it."""
    if _is_input(node):
        return Said()
    if isinstance(node, Junction):
        return _all(*(_said(operand) for operand in node.operands))
    if isinstance(node, Call) and isinstance(node.function, Name) and node.function.name == "not":
        return _all(*(_said(argument) for argument in node.arguments))
    if isinstance(node, Between) and _is_input(node.value):
        return _ordered(node.low, node.high)
    if isinstance(node, In) and _is_input(node.value):
        return _all(*(_said(test) for test in node.tests))
    return _compared(node) if isinstance(node, Comparison) else None


def _compared(node: Comparison) -> Said | None:
    if not _is_input(node.left) and not _is_input(node.right):
        return None
    other = node.right if _is_input(node.left) else node.left
    if node.operator not in EQUALITY:
        return _ordered(other)
    found = constant(other)
    return None if found is None else Said(found)


def _ordered(*ends: Node) -> Said | None:
    """Return the ends of an order; None if one is no constant."""
    found: list[Value] = []
    for end in ends:
        value = constant(end)
        if value is None:
            return None
        found += value
    return Said(tuple(found), any(type(value) is str for value in found))


def _is_range_of_texts(value: Value) -> bool:
    return type(value) is Range and str in (type(value.start), type(value.end))


def _all(*parts: Said | None) -> Said | None:
    found: list[Value] = []
    orders_texts = False
    for part in parts:
        if part is None:
            return None
        found += part.values
        orders_texts = orders_texts or part.orders_texts
    return Said(tuple(found), orders_texts)


def _is_input(node: Node) -> bool:
    return isinstance(node, Name) and node.name == INPUT
