"""A plain walk over the tree, slow and simple: what the compiler's closures must give, too.

It shares the values, types, arithmetic and built-ins with the compiler; it has its own scopes, loops, calls and tests.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from feel import arithmetic
from feel.builtins.registry import BUILTINS, as_function, invoke
from feel.inference import type_of
from feel.limits import Run
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
    children,
)  # fmt: skip
from feel.order import compare, contains, equal, is_in
from feel.properties import entry
from feel.temporal_text import parse_temporal
from feel.types import ANY, CONSTRUCTED, UnknownTypeError, belongs, coerced, resolve
from feel.values import Function, Range, whole

Scope = Mapping[str, Any]
HERE = (0, 0)


def interpret(node: Node, scope: Scope, run: Run) -> Any:
    """Return the value of a tree in a scope of FEEL values."""
    return RULES[type(node)](node, scope, run)


def _name(node: Name, scope: Scope, run: Run) -> Any:
    for item in scope.get("\x00items", ()):
        if isinstance(item, tuple):
            if item[0] == node.name:
                return item[1]
        elif type(item) is dict and node.name in item:
            return item[node.name]
    if node.name in scope:
        return scope[node.name]
    return as_function(node.name) if node.name in BUILTINS else None


def _with(scope: Scope, name: str, value: Any) -> Scope:
    return {**scope, name: value, "\x00items": ((name, value), *scope.get("\x00items", ()))}


def _chain(node: Chain, scope: Scope, run: Run) -> Any:
    total = interpret(node.first, scope, run)
    for sign, operand in node.rest:
        total = arithmetic.OPERATORS[sign](run, total, interpret(operand, scope, run), HERE)
    return total


def _power(node: Power, scope: Scope, run: Run) -> Any:
    return arithmetic.power(run, interpret(node.base, scope, run), interpret(node.exponent, scope, run), HERE)


def _comparison(node: Comparison, scope: Scope, run: Run) -> Any:
    left, right = interpret(node.left, scope, run), interpret(node.right, scope, run)
    if node.operator in ("=", "!="):
        same = equal(run, left, right)
        return None if same is None else same is (node.operator == "=")
    order = compare(run, left, right)
    if order is None:
        return None
    return {"<": order < 0, "<=": order <= 0, ">": order > 0, ">=": order >= 0}[node.operator]


def _junction(node: Junction, scope: Scope, run: Run) -> Any:
    deciding = node.operator == "or"
    outcome: Any = not deciding
    for operand in node.operands:
        truth = interpret(operand, scope, run)
        if truth is deciding:
            return deciding
        if type(truth) is not bool:
            outcome = None
    return outcome


def _between(node: Between, scope: Scope, run: Run) -> Any:
    value, low, high = (interpret(part, scope, run) for part in (node.value, node.low, node.high))
    above, below = compare(run, value, low), compare(run, value, high)
    if (above is not None and above < 0) or (below is not None and below > 0):
        return False
    return None if above is None or below is None else True


def _in(node: In, scope: Scope, run: Run) -> Any:
    value = interpret(node.value, scope, run)
    return _any_test(node.tests, value, scope, run)


def _any_test(tests: tuple[Node, ...], value: Any, scope: Scope, run: Run) -> Any:
    outcome: Any = False
    for test in tests:
        met = _met(test, value, scope, run)
        if met is True:
            return True
        outcome = None if met is None else outcome
    return outcome


def _met(test: Node, value: Any, scope: Scope, run: Run) -> Any:
    if isinstance(test, Test):
        same = equal(run, value, interpret(test.operand, scope, run))
        return None if same is None else same is (test.operator == "=")
    found = interpret(test, _with(scope, "?", value), run)
    if isinstance(test, RangeNode):
        return (
            contains(run, value, found)
            if type(found) is Range and type(value) is not Range
            else is_in(run, value, found)
        )
    if isinstance(test, Literal):
        return equal(run, value, found)
    if _asks(test) and (found is None or type(found) is bool):
        return found
    return is_in(run, value, found)


def _asks(node: Node) -> bool:
    return (
        isinstance(node, Test)
        or (isinstance(node, Name) and node.name == "?")
        or any(map(_asks, children(node)))
    )


def _instance(node: InstanceOf, scope: Scope, run: Run) -> Any:
    value = interpret(node.value, scope, run)
    try:
        kind = resolve(node.type, {})
    except UnknownTypeError:
        return None
    return None if node.type.name in CONSTRUCTED and node.type.is_bare else belongs(run, value, kind)


def _if(node: If, scope: Scope, run: Run) -> Any:
    truth = interpret(node.condition, scope, run)
    if truth is not None and type(truth) is not bool:
        return None
    return interpret(node.then if truth else node.otherwise, scope, run)


def _for(node: For, scope: Scope, run: Run) -> Any:
    found: list[Any] = []
    walked = _walk(
        node,
        0,
        scope,
        run,
        lambda inner: found.append(interpret(node.body, _with(inner, "partial", list(found)), run)),
    )
    return found if walked else None


def _quantified(node: Quantified, scope: Scope, run: Run) -> Any:
    truths: list[Any] = []
    deciding = node.quantifier == "some"

    def visit(inner: Scope) -> None:
        decided = deciding in truths or any(t is not None and type(t) is not bool for t in truths)
        if not decided:
            truths.append(interpret(node.body, inner, run))

    if not _walk(node, 0, scope, run, visit):
        return None if not any(truth is deciding for truth in truths) else deciding
    if any(truth is deciding for truth in truths):
        return deciding
    return not deciding if all(type(truth) is bool for truth in truths) else None


def _walk(node: For | Quantified, depth: int, scope: Scope, run: Run, visit: Callable[[Scope], None]) -> bool:
    if depth == len(node.iterations):
        visit(scope)
        return True
    iteration = node.iterations[depth]
    items = _domain(iteration, scope, run)
    if items is None:
        return False
    outcomes = [_walk(node, depth + 1, _with(scope, iteration.name, item), run, visit) for item in items]
    return all(outcomes)


def _domain(iteration: Any, scope: Scope, run: Run) -> Any:
    from feel.compiler.loops import _range_items, sequence

    start = interpret(iteration.domain, scope, run)
    if iteration.end is not None:
        found = sequence(start, interpret(iteration.end, scope, run))
    elif type(start) is Range:
        found = _range_items(start)
    else:
        found = start if type(start) is list or start is None else [start]
    return None if found is None else list(found)


def _context(node: ContextNode, scope: Scope, run: Run) -> Any:
    keys = [key for key, _ in node.entries]
    if len(set(keys)) < len(keys):
        return None
    entries: dict[str, Any] = {}
    for key, expression in node.entries:
        if isinstance(expression, FunctionNode):
            function = _function(expression, scope, run, name=key)
            entries[key] = function
        else:
            entries[key] = interpret(expression, scope, run)
        scope = _with(scope, key, entries[key])
    return entries


def _range(node: RangeNode, scope: Scope, run: Run) -> Any:
    ends = [None if end is None else interpret(end, scope, run) for end in (node.start, node.end)]
    for end, value in zip((node.start, node.end), ends, strict=True):
        written_null = isinstance(end, Literal) and end.value is None
        if end is not None and value is None and not written_null:
            return None
    low, high = ends
    if low is not None and high is not None and compare(run, low, high) is None:
        return None
    if low is None and compare(run, high, high) is None:
        return None
    return Range(low, high, node.start_included, node.end_included)


def _path(node: Path, scope: Scope, run: Run) -> Any:
    return entry(run, interpret(node.base, scope, run), node.name, HERE)


def _filter(node: Filter, scope: Scope, run: Run) -> Any:
    base = interpret(node.base, scope, run)
    items = base if type(base) is list else [] if base is None else [base]
    kept = []
    for item in items or [None]:
        inner = {**_with(scope, "item", item)}
        inner["\x00items"] = (item, *inner["\x00items"])
        truth = interpret(node.condition, inner, run)
        if type(truth) is Decimal:
            place = whole(truth)
            inside = place is not None and place != 0 and abs(place) <= len(items)
            return items[place - 1 if place > 0 else place] if inside else None
        if truth is not None and type(truth) is not bool:
            return None
        kept += [item] if truth and items else []
    return kept


def _function(node: FunctionNode, scope: Scope, run: Run, name: str = "") -> Any:
    names = tuple(parameter for parameter, _ in node.parameters)
    if node.body is None:
        return Function(names, lambda _run, _arguments: None, name="external")
    types = tuple(_parameter_type(written) for _, written in node.parameters)

    def call(inner_run: Run, arguments: list[Any]) -> Any:
        inner = scope if not name else _with(scope, name, made)
        for parameter, argument in zip(names, arguments, strict=True):
            inner = _with(inner, parameter, argument)
        return interpret(node.body, inner, inner_run)

    result = type_of(node.body, dict(zip(names, types, strict=True)))
    made = Function(names, call, [], types=types, result=result)
    return made


def _parameter_type(written: Any) -> Any:
    try:
        return ANY if written is None else resolve(written, {})
    except UnknownTypeError:
        return ANY


def _call(node: Call, scope: Scope, run: Run) -> Any:
    arguments = [interpret(argument, scope, run) for argument in node.arguments]
    if isinstance(node.function, Name):
        name = node.function.name
        target = _name(node.function, scope, run)
        if name == "is defined" and len(arguments) == 1:
            return _is_defined(node.arguments[0], scope, run)
        is_local = any(isinstance(item, tuple) and item[0] == name for item in scope.get("\x00items", ()))
        if not is_local and not (type(target) is Function and name not in BUILTINS):
            return _call_builtin(name, node, arguments, run)
    else:
        target = interpret(node.function, scope, run)
    return _apply(target, node, arguments, run)


def _is_defined(node: Node, scope: Scope, run: Run) -> bool:
    if isinstance(node, Name):
        return node.name in scope or any(
            type(i) is dict and node.name in i for i in scope.get("\x00items", ())
        )
    if isinstance(node, Path):
        base = interpret(node.base, scope, run)
        return type(base) is dict and node.name in base
    return interpret(node, scope, run) is not None


def _call_builtin(name: str, node: Call, arguments: list[Any], run: Run) -> Any:
    known = BUILTINS.get(name, [])
    if node.names:
        candidates = [(one, one.order(node.names)) for one in known if one.order(node.names) is not None]
    else:
        candidates = [(one, None) for one in known if one.takes(len(arguments))]
    return invoke(run, candidates, arguments, HERE) if candidates else None


def _apply(target: Any, node: Call, arguments: list[Any], run: Run) -> Any:
    if type(target) is not Function:
        return None
    if node.names:
        if not set(node.names) <= set(target.parameters):
            return None
        given = dict(zip(node.names, arguments, strict=True))
        arguments = [given.get(parameter) for parameter in target.parameters]
    if not target.variadic and len(arguments) > len(target.parameters):
        return None
    if target.frame is None and not target.types:
        return target.call(run, arguments)
    if len(arguments) != len(target.parameters):
        return None
    typed = [coerced(run, one, kind) for one, kind in zip(arguments, target.types, strict=True)]
    return target.call(run, [value for _, value in typed]) if all(fits for fits, _ in typed) else None


RULES: dict[type, Callable[[Any, Scope, Run], Any]] = {
    Literal: lambda node, _scope, _run: node.value,
    AtLiteral: lambda node, _scope, _run: parse_temporal(node.text),
    Name: _name,
    Path: _path,
    Filter: _filter,
    Call: _call,
    Negate: lambda node, scope, run: arithmetic.negate(run, interpret(node.operand, scope, run), HERE),
    Chain: _chain,
    Power: _power,
    Junction: _junction,
    Comparison: _comparison,
    Between: _between,
    In: _in,
    InstanceOf: _instance,
    If: _if,
    For: _for,
    Quantified: _quantified,
    ListNode: lambda node, scope, run: [interpret(item, scope, run) for item in node.items],
    ContextNode: _context,
    RangeNode: _range,
    Test: lambda node, scope, run: _met(node, interpret(Name(HERE, "?"), scope, run), scope, run),
    FunctionNode: _function,
}
