"""Tests of a value: `in`, and the cells of decision tables."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from feel.compiler.operators import unlike
from feel.compiler.scope import MISSING, Compiler, rule
from feel.nodes import In, Literal, Name, Node, RangeNode, Test, UnaryTests, walk
from feel.order import equal, is_in
from feel.values import Code, Frame, Range, Value

Check = Callable[[Frame, Value], "bool | None"]
INPUT = "?"


@rule(In)
def membership(compiler: Compiler, node: In) -> Code:
    """Compile `value in tests`; a test may speak of the value as `?`."""
    value, span = compiler.code(node.value), node.span
    slot = compiler.bind(INPUT)
    checks = [(_cell_check if _asks(test) else _check)(compiler, test) for test in node.tests]
    compiler.release(1)

    def inside(frame: Frame) -> Value:
        tested = frame[slot] = value(frame)
        outcome = _any(frame, tested, checks)
        if outcome is None:
            return unlike(frame, tested, None, span)
        return outcome

    return inside


@rule(Test)
def lone_test(compiler: Compiler, node: Test) -> Code:
    """Compile `= 5` or `!= 5` where the tested value is `?`."""
    tested = compiler.reader(node, INPUT)
    check = _check(compiler, node)
    return lambda frame: check(frame, tested(frame))


@rule(UnaryTests)
def unary_tests(compiler: Compiler, node: UnaryTests) -> Code:
    """Compile the tests of a cell; the tested value is the name `?`, null if the scope has none."""
    read = compiler.raw_reader(INPUT)
    check, _ = cell(compiler, node)

    def holds(frame: Frame) -> bool | None:
        tested = read(frame)
        return check(frame, None if tested is MISSING else tested)

    return holds


def cell(compiler: Compiler, node: UnaryTests) -> tuple[Check, bool]:
    """Return a check of a value against the tests of a cell, and whether a test reads `?` itself."""
    if not node.tests:
        return lambda _frame, _value: True, False
    checks = [_cell_check(compiler, test) for test in node.tests]
    asks = any(_asks(test) for test in node.tests)
    if len(checks) == 1 and not node.negated:
        return checks[0], asks
    if not node.negated:
        return lambda frame, value: _any(frame, value, checks), asks

    def none_holds(frame: Frame, value: Value) -> bool | None:
        outcome = _any(frame, value, checks)
        return None if outcome is None else not outcome

    return none_holds, asks


def _any(frame: Frame, value: Value, checks: list[Check]) -> bool | None:
    outcome: bool | None = False
    for check in checks:
        holds = check(frame, value)
        if holds is True:
            return True
        if holds is None:
            outcome = None
    return outcome


def _check(compiler: Compiler, node: Node) -> Check:
    """Return a check of one value against one test."""
    if isinstance(node, RangeNode):
        return _range_check(compiler, node)
    if isinstance(node, Literal):
        return _literal_check(node.value)
    if isinstance(node, Test):
        return _equality_check(compiler, node)
    code = compiler.code(node)
    return lambda frame, value: is_in(frame[0], value, code(frame))


def _cell_check(compiler: Compiler, node: Node) -> Check:
    """Return a check as in a cell: an expression with `?`, or a boolean one, speaks for itself."""
    if isinstance(node, RangeNode | Literal | Test):
        return _check(compiler, node)
    code, asks = compiler.code(node), _asks(node)

    def check(frame: Frame, value: Value) -> bool | None:
        found = code(frame)
        if asks and (found is None or type(found) is bool):
            return found
        if type(found) is bool and type(value) is not bool:
            return found
        return is_in(frame[0], value, found)

    return check


def _literal_check(wanted: Value) -> Check:
    kind = type(wanted)
    if kind not in (Decimal, str):
        return lambda frame, value: equal(frame[0], value, wanted)

    def check(frame: Frame, value: Value) -> bool | None:
        return value == wanted if type(value) is kind else equal(frame[0], value, wanted)

    return check


def _equality_check(compiler: Compiler, node: Test) -> Check:
    operand, wanted = compiler.code(node.operand), node.operator == "="

    def check(frame: Frame, value: Value) -> bool | None:
        same = equal(frame[0], value, operand(frame))
        return None if same is None else same is wanted

    return check


def _range_check(compiler: Compiler, node: RangeNode) -> Check:
    low, high = _number(node.start), _number(node.end)
    general = compiler.code(node)
    if (node.start is not None and low is None) or (node.end is not None and high is None):
        return lambda frame, value: is_in(frame[0], value, general(frame))
    interval = Range(low, high, node.start_included, node.end_included)
    return _number_range_check(interval)


def _number_range_check(interval: Range) -> Check:
    """Return a check against an interval whose ends are numbers known beforehand."""
    low, high = interval.start, interval.end
    start_included, end_included = interval.start_included, interval.end_included

    def check(frame: Frame, value: Value) -> bool | None:
        if type(value) is not Decimal:
            return is_in(frame[0], value, interval)
        if low is not None and (value < low or (value == low and not start_included)):
            return False
        return high is None or value < high or (value == high and end_included)

    return check


def _number(node: Node | None) -> Decimal | None:
    if isinstance(node, Literal) and type(node.value) is Decimal:
        return node.value
    return None


def _asks(node: Node) -> bool:
    """Tell whether `?` occurs in a node."""
    return any(
        isinstance(here, Test) or (isinstance(here, Name) and here.name == INPUT) for here in walk(node)
    )
