"""Closures of lists, contexts, ranges, paths and filters."""

from __future__ import annotations

from decimal import Decimal

from feel.compiler.scope import Compiler, rule
from feel.costs import weight
from feel.nodes import ContextNode, Filter, FunctionNode, ListNode, Literal, Node, Path, RangeNode, Span
from feel.order import compare, family
from feel.properties import entry
from feel.values import Code, Frame, Range, Value, whole

ENDS = (Decimal, str)


@rule(ListNode)
def list_of(compiler: Compiler, node: ListNode) -> Code:
    """Compile a list."""
    items = [compiler.code(item) for item in node.items]
    return lambda frame: [item(frame) for item in items]


@rule(ContextNode)
def context(compiler: Compiler, node: ContextNode) -> Code:
    """Compile a context: every entry sees the ones before it, a function sees itself."""
    steps = []
    for key, expression in node.entries:
        recursive = isinstance(expression, FunctionNode)
        slot = compiler.bind(key) if recursive else 0
        code = compiler.code(expression)
        steps.append((key, slot or compiler.bind(key), code, recursive))
    compiler.release(len(steps))
    span = node.span
    if len({key for key, _ in node.entries}) < len(steps):
        return lambda frame: frame[0].warn("argument", span, ", ".join(key for key, *_ in steps))

    def value(frame: Frame) -> Value:
        entries = {}
        for key, slot, code, recursive in steps:
            found = frame[slot] = entries[key] = code(frame)
            if recursive and found.frame is not None:
                found.frame[slot] = found
        return entries

    return value


@rule(RangeNode)
def interval(compiler: Compiler, node: RangeNode) -> Code:
    """Compile an interval; ends that do not fit each other give null with a warning."""
    start, end = _end(compiler, node.start), _end(compiler, node.end)
    start_included, end_included, span = node.start_included, node.end_included, node.span

    def value(frame: Frame) -> Value:
        low = None if start is None else start(frame)
        high = None if end is None else end(frame)
        if (start is not None and low is None) or (end is not None and high is None):
            return frame[0].warn("type", span, "null")
        if low is not None and high is not None and compare(frame[0], low, high) is None:
            return frame[0].warn("type", span, f"{family(low)} .. {family(high)}")
        if low is None and compare(frame[0], high, high) is None:
            return frame[0].warn("type", span, family(high))
        return Range(low, high, start_included, end_included)

    return value


def _end(compiler: Compiler, node: Node | None) -> Code | None:
    """Return the closure of an end; a written null is an end that is open to infinity."""
    if node is None or (isinstance(node, Literal) and node.value is None):
        return None
    return compiler.code(node)


@rule(Path)
def path(compiler: Compiler, node: Path) -> Code:
    """Compile `base.name`."""
    base, name, span = compiler.code(node.base), node.name, node.span

    def value(frame: Frame) -> Value:
        found = base(frame)
        if type(found) is dict and name in found:
            return found[name]
        return entry(frame[0], found, name, span)

    return value


@rule(Filter)
def filtered(compiler: Compiler, node: Filter) -> Code:
    """Compile `base[condition]`: an index from either end, or a condition on each item."""
    base = compiler.code(node.base)
    if isinstance(node.condition, Literal) and type(node.condition.value) is Decimal:
        return _index(node, base, node.condition.value)
    slot = compiler.bind("item", is_item=True)
    condition = compiler.code(node.condition)
    compiler.release(1)
    cost, span = weight(node.condition), node.span

    def value(frame: Frame) -> Value:
        run = frame[0]
        items = as_list(base(frame))
        kept = []
        for item in items or [None]:
            run.spend(cost)
            frame[slot] = item
            truth = condition(frame)
            if truth is True and items:
                kept.append(item)
            elif type(truth) is Decimal:
                return at_index(frame, items, truth, span)
            elif truth is not None and type(truth) is not bool:
                return run.warn("type", span, family(truth))
        return kept

    return value


def _index(node: Filter, base: Code, index: Decimal) -> Code:
    span = node.span
    return lambda frame: at_index(frame, as_list(base(frame)), index, span)


def as_list(value: Value) -> list[Value]:
    """Return a list as it is, null as the empty list, anything else as a list of one."""
    if type(value) is list:
        return value
    return [] if value is None else [value]


def at_index(frame: Frame, items: list[Value], index: Decimal, span: Span) -> Value:
    """Return the item at a place counted from 1, or from the end if negative; null beyond."""
    place = whole(index)
    if place is None or place == 0 or abs(place) > len(items):
        return frame[0].warn("argument", span, str(index))
    return items[place - 1 if place > 0 else place]
