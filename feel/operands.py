"""Parsing of what follows an operand: operators, paths, filters and invocations."""

from __future__ import annotations

from feel.cursor import (
    ADD,
    AND,
    COMPARE,
    INFIX,
    INSTANCE,
    MULTIPLY,
    OPERAND,
    OR,
    POSTFIX,
    POWER,
    Cursor,
)
from feel.lexer import KEYWORDS
from feel.nodes import (
    Between,
    Call,
    Chain,
    Comparison,
    Filter,
    In,
    InstanceOf,
    Junction,
    Node,
    Path,
    Power,
    RangeNode,
)
from feel.type_names import type_name

COMPARISONS = ("=", "!=", "<", "<=", ">", ">=")


def chain(cursor: Cursor, left: Node) -> Node:
    """Parse `+ -` or `* /` in a row into one flat node."""
    signs, power = (("+", "-"), ADD) if cursor.token.kind in "+-" else (("*", "/"), MULTIPLY)
    rest = []
    while cursor.token.kind in signs:
        sign = cursor.step().kind
        rest.append((sign, cursor.expression(power)))
    return Chain(cursor.span_from(left.span[0]), left, tuple(rest))


def exponent(cursor: Cursor, left: Node) -> Node:
    """Parse `** exponent`; powers in a row are read from the left, as the specification's suite has it."""
    cursor.step()
    right = cursor.expression(POWER)
    return Power(cursor.span_from(left.span[0]), left, right)


def junction(cursor: Cursor, left: Node) -> Node:
    """Parse `and` or `or` in a row into one flat node."""
    word = cursor.token.kind
    operands = [left]
    while cursor.accept(word):
        operands.append(cursor.expression(AND if word == "and" else OR))
    return Junction(cursor.span_from(left.span[0]), word, tuple(operands))


def comparison(cursor: Cursor, left: Node) -> Node:
    """Parse `= != < <= > >=` and the operand to the right."""
    operator = cursor.step().kind
    right = comparand(cursor)
    return Comparison(cursor.span_from(left.span[0]), operator, left, right)


def comparand(cursor: Cursor) -> Node:
    """Parse what stands after a sign of comparison; a second sign, as in `<>`, is refused."""
    if cursor.token.kind in COMPARISONS:
        raise cursor.refused("一个值、名称或“(”")
    return cursor.expression(COMPARE)


def between(cursor: Cursor, left: Node) -> Node:
    """Parse `between low and high`."""
    cursor.step()
    low = cursor.expression(COMPARE)
    cursor.expect("and")
    high = cursor.expression(COMPARE)
    return Between(cursor.span_from(left.span[0]), left, low, high)


def membership(cursor: Cursor, left: Node) -> Node:
    """Parse `in test` or `in (test, test)`."""
    cursor.step()
    if cursor.token.kind != "(":
        tests: tuple[Node, ...] = (cursor.expression(COMPARE),)
        return In(cursor.span_from(left.span[0]), left, tests)
    start = cursor.step().start
    found = [cursor.nested()]
    if cursor.token.kind == "..":
        found = [range_from(cursor, start, found[0], start_included=False)]
    else:
        while cursor.accept(","):
            found.append(cursor.nested())
        cursor.expect(")", "“,”或“)”")
    return In(cursor.span_from(left.span[0]), left, tuple(found))


def range_from(cursor: Cursor, start: int, low: Node, *, start_included: bool) -> Node:
    """Parse `.. high` and the closing bracket of an interval whose start was read."""
    cursor.expect("..")
    outer, cursor.range_end = cursor.range_end, True
    high = cursor.expression(OPERAND - 1)
    cursor.range_end = outer
    if cursor.token.kind not in ("]", ")", "["):
        raise cursor.refused("“]”或“)”")
    closing = cursor.step().kind
    return RangeNode(cursor.span_from(start), low, high, start_included, closing == "]")


def instance(cursor: Cursor, left: Node) -> Node:
    """Parse `instance of type`."""
    cursor.step()
    if cursor.token.text != "of":
        raise cursor.refused("“of”")
    cursor.step()
    kind = type_name(cursor)
    return InstanceOf(cursor.span_from(left.span[0]), left, kind)


def path(cursor: Cursor, left: Node) -> Node:
    """Parse `.name`."""
    cursor.step()
    if cursor.token.kind != "name" and cursor.token.kind not in KEYWORDS:
        raise cursor.refused("名称")
    name = cursor.name()
    return Path(cursor.span_from(left.span[0]), left, name)


def filtered(cursor: Cursor, left: Node) -> Node:
    """Parse `[condition]`."""
    cursor.step()
    condition = cursor.nested()
    cursor.expect("]")
    return Filter(cursor.span_from(left.span[0]), left, condition)


def invocation(cursor: Cursor, left: Node) -> Node:
    """Parse the arguments of a call, positional or named."""
    cursor.step()
    arguments: list[Node] = []
    names: list[str] = []
    while cursor.token.kind != ")":
        if arguments:
            cursor.expect(",", "“,”或“)”")
        if bool(names) == bool(arguments) and (name := _argument_name(cursor)):
            names.append(name)
        elif names:
            raise cursor.refused("参数名和“:”")
        arguments.append(cursor.nested())
    cursor.step()
    return Call(cursor.span_from(left.span[0]), left, tuple(arguments), tuple(names))


def _argument_name(cursor: Cursor) -> str:
    """Return the name before a colon and go past both; empty if none is written here."""
    place = cursor.at
    while cursor.tokens[place].kind in ("name", "number", *KEYWORDS, "-", "+", "*", "/", "."):
        place += 1
    if place == cursor.at or cursor.tokens[place].kind != ":":
        return ""
    name = cursor.declared_name(frozenset(":"))
    cursor.step()
    return name


INFIX.update(dict.fromkeys(COMPARISONS, (COMPARE, comparison)))
INFIX.update({"+": (ADD, chain), "-": (ADD, chain), "*": (MULTIPLY, chain), "/": (MULTIPLY, chain)})
INFIX.update(
    {
        "or": (OR, junction),
        "and": (AND, junction),
        "between": (COMPARE, between),
        "in": (COMPARE, membership),
        "**": (POWER, exponent),
        "instance": (INSTANCE, instance),
        ".": (POSTFIX, path),
        "[": (POSTFIX, filtered),
        "(": (POSTFIX, invocation),
    }
)
