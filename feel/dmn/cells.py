"""What a cell of a decision table can be known to say: where along its column it changes, and at each value there."""

from __future__ import annotations

from collections.abc import Callable

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
from feel.values import Value

Check = Callable[[Value], bool]


def values_in(tests: UnaryTests) -> list[Value] | None:
    """Return the constant values that a cell speaks of; None if it cannot be analysed."""
    found: list[Value] = []
    for test in tests.tests:
        values = _values(test)
        if values is None:
            return None
        found += values
    return found


def check_of(tests: UnaryTests, types: Types) -> Check:
    """Return whether a value meets the tests, which must be such as can be analysed."""
    body = build("", tests, frozenset(), types)
    return lambda value: body.run(Run(PLAIN), {INPUT: value}) is True


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


def _values(node: Node) -> list[Value] | None:
    if isinstance(node, RangeNode):
        return _ordered(*(end for end in (node.start, node.end) if end is not None))
    if isinstance(node, Test):
        return _values(node.operand)
    found = constant(node)
    return list(found) if found is not None else _of_input(node)


def _of_input(node: Node) -> list[Value] | None:
    """Return the values that an expression over `?` compares it with; None if it does anything else with it."""
    if _is_input(node):
        return []
    if isinstance(node, Junction):
        return _all(*(_values(operand) for operand in node.operands))
    if isinstance(node, Call) and isinstance(node.function, Name) and node.function.name == "not":
        return _all(*(_values(argument) for argument in node.arguments))
    if isinstance(node, Between) and _is_input(node.value):
        return _ordered(node.low, node.high)
    if isinstance(node, In) and _is_input(node.value):
        return _all(*(_values(test) for test in node.tests))
    return _compared(node) if isinstance(node, Comparison) else None


def _compared(node: Comparison) -> list[Value] | None:
    if not _is_input(node.left) and not _is_input(node.right):
        return None
    other = node.right if _is_input(node.left) else node.left
    if node.operator not in ("=", "!="):
        return _ordered(other)
    found = constant(other)
    return None if found is None else list(found)


def _ordered(*ends: Node) -> list[Value] | None:
    """Return the values of ends of an order; None if one is no constant, or a text: between texts lie others."""
    found: list[Value] = []
    for end in ends:
        value = constant(end)
        if value is None or type(value[0]) is str:
            return None
        found += value
    return found


def _all(*parts: list[Value] | None) -> list[Value] | None:
    found: list[Value] = []
    for part in parts:
        if part is None:
            return None
        found += part
    return found


def _is_input(node: Node) -> bool:
    return isinstance(node, Name) and node.name == INPUT
