"""Closures of literals, names, arithmetic, comparison and logic."""

from __future__ import annotations

import operator
from decimal import Decimal

from feel.arithmetic import OPERATORS, negate, power
from feel.compiler.scope import Compiler, rule
from feel.nodes import (
    AtLiteral,
    Between,
    Chain,
    Comparison,
    If,
    InstanceOf,
    Junction,
    Literal,
    Name,
    Negate,
    Power,
    Span,
)
from feel.order import compare, equal, family
from feel.spelling import nearest
from feel.temporal_text import parse_temporal
from feel.types import CONSTRUCTED, TYPE_NAMES, UnknownTypeError, belongs, resolve
from feel.values import Code, Frame, Value

ORDERS = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}


def constant(value: Value) -> Code:
    """Return a closure that always gives the value."""
    return lambda _frame: value


@rule(Literal)
def literal(_compiler: Compiler, node: Literal) -> Code:
    """Compile a literal."""
    return constant(node.value)


@rule(AtLiteral)
def at_literal(_compiler: Compiler, node: AtLiteral) -> Code:
    """Compile `@"…"`; a text that is no date, time or duration is null with a warning."""
    value = parse_temporal(node.text)
    if value is not None:
        return constant(value)
    span, text = node.span, node.text
    return lambda frame: frame[0].warn("argument", span, text)


@rule(Name)
def name(compiler: Compiler, node: Name) -> Code:
    """Compile a name that is read."""
    return compiler.reader(node, node.name)


@rule(Negate)
def negation(compiler: Compiler, node: Negate) -> Code:
    """Compile unary minus."""
    operand, span = compiler.code(node.operand), node.span
    return lambda frame: negate(frame[0], operand(frame), span)


@rule(Power)
def exponentiation(compiler: Compiler, node: Power) -> Code:
    """Compile `**`."""
    base, exponent, span = compiler.code(node.base), compiler.code(node.exponent), node.span
    return lambda frame: power(frame[0], base(frame), exponent(frame), span)


@rule(Chain)
def chain(compiler: Compiler, node: Chain) -> Code:
    """Compile operators of one level in a row."""
    if len(node.rest) == 1:
        return _single(compiler, node)
    first, span = compiler.code(node.first), node.span
    steps = [(OPERATORS[sign], compiler.code(operand)) for sign, operand in node.rest]

    def value(frame: Frame) -> Value:
        run = frame[0]
        total = first(frame)
        for apply, operand in steps:
            total = apply(run, total, operand(frame), span)
        return total

    return value


def _single(compiler: Compiler, node: Chain) -> Code:
    ((sign, operand),) = node.rest
    left, right, span, apply = compiler.code(node.first), compiler.code(operand), node.span, OPERATORS[sign]
    return lambda frame: apply(frame[0], left(frame), right(frame), span)


@rule(Comparison)
def comparison(compiler: Compiler, node: Comparison) -> Code:
    """Compile a comparison; a number to the right is compared without detours."""
    left, right = compiler.code(node.left), compiler.code(node.right)
    if node.operator in ("=", "!="):
        return _equality(node, left, right)
    holds, span = ORDERS[node.operator], node.span
    if isinstance(node.right, Literal) and type(node.right.value) is Decimal:
        return _number_comparison(node, left, node.right.value)

    def value(frame: Frame) -> Value:
        one, other = left(frame), right(frame)
        if type(one) is Decimal and type(other) is Decimal:
            return holds(one, other)
        order = compare(frame[0], one, other)
        if order is None:
            return unlike(frame, one, other, span)
        return holds(order, 0)

    return value


def _number_comparison(node: Comparison, left: Code, limit: Decimal) -> Code:
    holds, span = ORDERS[node.operator], node.span

    def value(frame: Frame) -> Value:
        one = left(frame)
        if type(one) is Decimal:
            return holds(one, limit)
        return unlike(frame, one, limit, span)

    return value


def _equality(node: Comparison, left: Code, right: Code) -> Code:
    wanted, span = node.operator == "=", node.span

    def value(frame: Frame) -> Value:
        one, other = left(frame), right(frame)
        same = equal(frame[0], one, other)
        if same is None:
            return unlike(frame, one, other, span)
        return same is wanted

    return value


def unlike(frame: Frame, one: Value, other: Value, span: Span) -> None:
    """Note that two values could not be compared."""
    frame[0].warn("type", span, f"{family(one)} / {family(other)}")


@rule(Between)
def between(compiler: Compiler, node: Between) -> Code:
    """Compile `between … and …`: a comparison that is false decides, though the other be null."""
    value, low, high = compiler.code(node.value), compiler.code(node.low), compiler.code(node.high)
    span = node.span

    def inside(frame: Frame) -> Value:
        one = value(frame)
        bottom, top = low(frame), high(frame)
        above, below = compare(frame[0], one, bottom), compare(frame[0], one, top)
        if (above is not None and above < 0) or (below is not None and below > 0):
            return False
        if above is None or below is None:
            return unlike(frame, one, bottom if above is None else top, span)
        return True

    return inside


@rule(Junction)
def junction(compiler: Compiler, node: Junction) -> Code:
    """Compile `and` and `or` with three values; what is no boolean counts as null."""
    operands = [(compiler.code(operand), operand.span) for operand in node.operands]
    deciding = node.operator == "or"

    def value(frame: Frame) -> Value:
        outcome: bool | None = not deciding
        for operand, span in operands:
            truth = operand(frame)
            if truth is deciding:
                return deciding
            if type(truth) is not bool:
                outcome = None
                if truth is not None:
                    frame[0].warn("type", span, family(truth))
        return outcome

    return value


@rule(If)
def conditional(compiler: Compiler, node: If) -> Code:
    """Compile `if`: the then-branch on true, the other on false and null; what is no boolean gives null."""
    condition, then, otherwise = (compiler.code(part) for part in (node.condition, node.then, node.otherwise))
    span = node.condition.span

    def value(frame: Frame) -> Value:
        truth = condition(frame)
        if truth is True:
            return then(frame)
        if truth is False or truth is None:
            return otherwise(frame)
        return frame[0].warn("type", span, family(truth))

    return value


@rule(InstanceOf)
def instance_of(compiler: Compiler, node: InstanceOf) -> Code:
    """Compile `instance of`; an unknown type gives null with a warning."""
    value, span, written = compiler.code(node.value), node.span, node.type
    try:
        kind = resolve(written, compiler.types)
    except UnknownTypeError as unknown:
        unknown_name = str(unknown)
        meant = nearest(unknown_name, (*TYPE_NAMES, *compiler.types))
        return lambda frame: frame[0].warn("name", span, unknown_name, meant)
    if written.name in CONSTRUCTED and written.name not in compiler.types and written.is_bare:
        return lambda frame: frame[0].warn("argument", span, f"{written.name}<…>")
    return lambda frame: belongs(frame[0], value(frame), kind)
