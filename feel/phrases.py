"""Parsing of what an expression can begin with: literals, names, brackets, `if`, `for`, `some`, `function`."""

from __future__ import annotations

from feel.cursor import MINUS, PREFIX, Cursor
from feel.lexer import number_value, string_value
from feel.nodes import (
    AtLiteral,
    ContextNode,
    For,
    FunctionNode,
    If,
    Iteration,
    ListNode,
    Literal,
    Name,
    Negate,
    Node,
    Quantified,
    RangeNode,
    Test,
    TypeName,
)
from feel.operands import comparand, range_from
from feel.type_names import type_name
from feel.values import NUMBERS

ITERATION_STOP = frozenset({"in", "end"})
ENTRY_STOP = frozenset({":", "end"})
PARAMETER_STOP = frozenset({":", ",", ")", "end"})
KEYWORD_VALUES = {"true": True, "false": False, "null": None}


def number(cursor: Cursor) -> Node:
    """Parse a number."""
    token = cursor.step()
    return Literal((token.start, token.end), number_value(token))


def string(cursor: Cursor) -> Node:
    """Parse a string."""
    token = cursor.step()
    return Literal((token.start, token.end), string_value(token))


def keyword(cursor: Cursor) -> Node:
    """Parse `true`, `false` or `null`."""
    token = cursor.step()
    return Literal((token.start, token.end), KEYWORD_VALUES[token.kind])


def at_literal(cursor: Cursor) -> Node:
    """Parse `@"…"`."""
    start = cursor.step().start
    token = cursor.expect("string", "引号中的日期、时间或时长")
    return AtLiteral((start, token.end), string_value(token))


def name(cursor: Cursor) -> Node:
    """Parse a name."""
    start = cursor.token.start
    plain = cursor.name()
    return Name(cursor.span_from(start), plain)


def minus(cursor: Cursor) -> Node:
    """Parse unary minus; it binds closer than any operator but belongs to a number that follows at once."""
    start = cursor.step().start
    if cursor.token.kind == "number":
        token = cursor.step()
        value = number_value(token)
        return Literal((start, token.end), None if value is None else NUMBERS.minus(value))
    operand = cursor.expression(MINUS)
    return Negate(cursor.span_from(start), operand)


def parenthesis(cursor: Cursor) -> Node:
    """Parse `(expression)` or an interval that begins with `(`."""
    start = cursor.step().start
    node = cursor.nested()
    if cursor.token.kind == "..":
        return range_from(cursor, start, node, start_included=False)
    cursor.expect(")")
    if isinstance(node, Test) and node.operator == "=":
        return RangeNode(node.span, node.operand, node.operand, start_included=True, end_included=True)
    return node


def bracket(cursor: Cursor) -> Node:
    """Parse a list, or an interval that begins with `[`."""
    start = cursor.step().start
    items: list[Node] = []
    while cursor.token.kind != "]":
        if items:
            cursor.expect(",", "“,”或“]”")
        items.append(cursor.nested())
        if len(items) == 1 and cursor.token.kind == "..":
            return range_from(cursor, start, items[0], start_included=True)
    cursor.step()
    return ListNode(cursor.span_from(start), tuple(items))


def open_range(cursor: Cursor) -> Node:
    """Parse an interval that begins with `]`."""
    start = cursor.step().start
    return range_from(cursor, start, cursor.nested(), start_included=False)


def one_sided(cursor: Cursor) -> Node:
    """Parse `< 5` and its like: an interval with one end; `=` and `!=` are tests."""
    token = cursor.step()
    operand = comparand(cursor)
    span = cursor.span_from(token.start)
    if token.kind in ("=", "!="):
        return Test(span, token.kind, operand)
    included = token.kind.endswith("=")
    if token.kind.startswith("<"):
        return RangeNode(span, None, operand, start_included=False, end_included=included)
    return RangeNode(span, operand, None, start_included=included, end_included=False)


def context(cursor: Cursor) -> Node:
    """Parse `{key: expression}`."""
    start = cursor.step().start
    entries: list[tuple[str, Node]] = []
    while cursor.token.kind != "}":
        if entries:
            cursor.expect(",", "“,”或“}”")
        key = _key(cursor)
        cursor.expect(":")
        entries.append((key, cursor.nested()))
    cursor.step()
    return ContextNode(cursor.span_from(start), tuple(entries))


def conditional(cursor: Cursor) -> Node:
    """Parse `if … then … else …`."""
    start = cursor.step().start
    condition = cursor.nested()
    cursor.expect("then")
    then = cursor.nested()
    cursor.expect("else")
    otherwise = cursor.expression()
    return If(cursor.span_from(start), condition, then, otherwise)


def loop(cursor: Cursor) -> Node:
    """Parse `for … in … return …`."""
    start = cursor.step().start
    iterations = _iterations(cursor)
    cursor.expect("return", "“,”或“return”")
    body = cursor.expression()
    return For(cursor.span_from(start), iterations, body)


def quantified(cursor: Cursor) -> Node:
    """Parse `some … in … satisfies …` and `every …`."""
    token = cursor.step()
    iterations = _iterations(cursor)
    cursor.expect("satisfies", "“,”或“satisfies”")
    body = cursor.expression()
    return Quantified(cursor.span_from(token.start), token.kind, iterations, body)


def function(cursor: Cursor) -> Node:
    """Parse `function(a, b: number) expression`; what is external keeps its parameters only."""
    start = cursor.step().start
    cursor.expect("(")
    parameters: list[tuple[str, TypeName | None]] = []
    while cursor.token.kind != ")":
        if parameters:
            cursor.expect(",", "“,”或“)”")
        plain = cursor.declared_name(PARAMETER_STOP)
        parameters.append((plain, type_name(cursor) if cursor.accept(":") else None))
    cursor.step()
    if cursor.accept("external"):
        cursor.nested()
        return FunctionNode(cursor.span_from(start), tuple(parameters), None)
    body = cursor.expression()
    return FunctionNode(cursor.span_from(start), tuple(parameters), body)


def _key(cursor: Cursor) -> str:
    if cursor.token.kind == "string":
        key = string_value(cursor.step())
        cursor.declare(key)
        return key
    return cursor.declared_name(ENTRY_STOP)


def _iterations(cursor: Cursor) -> tuple[Iteration, ...]:
    found = [_iteration(cursor)]
    while cursor.accept(","):
        found.append(_iteration(cursor))
    return tuple(found)


def _iteration(cursor: Cursor) -> Iteration:
    plain = cursor.declared_name(ITERATION_STOP)
    cursor.expect("in")
    domain = cursor.nested()
    return Iteration(plain, domain, cursor.nested() if cursor.accept("..") else None)


PREFIX.update(dict.fromkeys(KEYWORD_VALUES, keyword))
PREFIX.update(dict.fromkeys(("<", "<=", ">", ">=", "=", "!="), one_sided))
PREFIX.update(dict.fromkeys(("some", "every"), quantified))
PREFIX.update(
    {
        "number": number,
        "string": string,
        "name": name,
        "@": at_literal,
        "-": minus,
        "(": parenthesis,
        "[": bracket,
        "]": open_range,
        "{": context,
        "if": conditional,
        "for": loop,
        "function": function,
    }
)
