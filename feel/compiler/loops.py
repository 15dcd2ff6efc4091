"""Closures of `for`, `some` and `every`: slots are set in place, nothing of the surroundings is copied."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal

from feel.compiler.scope import Compiler, rule
from feel.costs import weight
from feel.errors import FeelLimitError
from feel.limits import RANGE, Run
from feel.nodes import For, Iteration, Name, Node, Quantified, walk
from feel.order import family
from feel.temporal import WideDate, day_number, day_of_number
from feel.values import Code, Frame, Range, Value, whole

Domain = Callable[[Frame], "Iterable[Value] | None"]
Body = Callable[[Frame], "bool | None"]
Step = tuple[Domain, int]


@rule(For)
def loop(compiler: Compiler, node: For) -> Code:
    """Compile `for`."""
    steps = [_step(compiler, iteration) for iteration in node.iterations]
    partial = compiler.bind("partial") if _mentions(node.body, "partial") else None
    body, cost = compiler.code(node.body), weight(node.body)
    compiler.release(len(steps) + (partial is not None))

    def value(frame: Frame) -> Value:
        run: Run = frame[0]
        found: list[Value] = []

        def visit(inner: Frame) -> bool:
            run.spend(cost)
            if partial is not None:
                inner[partial] = run.sized_list(list(found))
            found.append(body(inner))
            return True

        return run.sized_list(found) if _walk(frame, steps, visit, 0) is not None else None

    return value


@rule(Quantified)
def quantified(compiler: Compiler, node: Quantified) -> Code:
    """Compile `some` and `every` with three values."""
    steps = [_step(compiler, iteration) for iteration in node.iterations]
    body, cost, span = compiler.code(node.body), weight(node.body), node.body.span
    compiler.release(len(steps))
    deciding = node.quantifier == "some"

    def value(frame: Frame) -> Value:
        run: Run = frame[0]
        unknown = False

        def visit(inner: Frame) -> bool | None:
            nonlocal unknown
            run.spend(cost)
            truth = body(inner)
            if truth is None:
                unknown = True
            elif type(truth) is not bool:
                run.warn("type", span, family(truth))
                return None
            return truth is not deciding

        through = _walk(frame, steps, visit, 0)
        if through is None:
            return None
        if through is False:
            return deciding
        return None if unknown else not deciding

    return value


def _step(compiler: Compiler, iteration: Iteration) -> Step:
    domain = _domain(compiler, iteration)
    return domain, compiler.bind(iteration.name)


def _walk(frame: Frame, steps: list[Step], visit: Body, depth: int) -> bool | None:
    """Visit every combination; False or None if a visit ended it so, None if a domain could not be walked."""
    domain, slot = steps[depth]
    items = domain(frame)
    if items is None:
        return None
    innermost = depth + 1 == len(steps)
    for item in items:
        frame[slot] = item
        outcome = visit(frame) if innermost else _walk(frame, steps, visit, depth + 1)
        if outcome is not True:
            return outcome
    return True


def _domain(compiler: Compiler, iteration: Iteration) -> Domain:
    start, span = compiler.code(iteration.domain), iteration.domain.span
    end = compiler.code(iteration.end) if iteration.end is not None else None

    def items(frame: Frame) -> Iterable[Value] | None:
        value = start(frame)
        if end is not None:
            found = sequence(value, end(frame))
        elif type(value) is Range:
            found = _range_items(value)
        else:
            found = value if type(value) is list or value is None else [value]
        if found is None:
            frame[0].warn("type", span, family(value))
        return found

    return items


def sequence(start: Value, end: Value) -> Iterable[Value] | None:
    """Return the whole numbers or days from start to end, upwards or downwards; None if there are none.

    Raises FeelLimitError before anything is made if there are too many.
    """
    first, last = _ordinal(start), _ordinal(end)
    if first is None or last is None or family(start) != family(end):
        return None
    if abs(last - first) >= RANGE:
        raise FeelLimitError("range", RANGE)
    numbers = range(first, last + 1) if first <= last else range(first, last - 1, -1)
    return map(Decimal if type(start) is Decimal else day_of_number, numbers)


def _range_items(value: Range) -> Iterable[Value] | None:
    first, last = _ordinal(value.start), _ordinal(value.end)
    if first is None or last is None:
        return None
    first, last = first + (not value.start_included), last - (not value.end_included)
    if last < first:
        return []
    if last - first >= RANGE:
        raise FeelLimitError("range", RANGE)
    return map(Decimal if type(value.start) is Decimal else day_of_number, range(first, last + 1))


def _ordinal(value: Value) -> int | None:
    if type(value) in (date, WideDate):
        return day_number(value)
    return whole(value)


def _mentions(node: Node, name: str) -> bool:
    return any(isinstance(here, Name) and here.name == name for here in walk(node))
