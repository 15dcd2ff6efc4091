"""Text to syntax trees: expressions and unary tests."""

from __future__ import annotations

from collections.abc import Iterable

import feel.phrases  # noqa: F401 - it fills the tables of the cursor
from feel.cursor import Cursor, NameTable
from feel.errors import FeelSyntaxError
from feel.limits import NESTING
from feel.nodes import Node, TypeName, UnaryTests, height
from feel.type_names import type_name

FLAT_TOKENS = 100  # a tree of fewer tokens cannot be too high


def parse_expression(text: str, names: Iterable[str] | NameTable = ()) -> Node:
    """Return the tree of an expression; raises FeelSyntaxError."""
    cursor = Cursor(text, names)
    node = cursor.expression()
    if cursor.token.kind != "end":
        raise cursor.refused("运算符或表达式的结尾")
    return _checked(cursor, node)


def parse_domain(text: str, names: Iterable[str] | NameTable = ()) -> tuple[Node, Node | None]:
    """Return what a loop goes over: an expression, or the two ends of `first..last`; raises FeelSyntaxError."""
    cursor = Cursor(text, names)
    first = cursor.expression()
    last = cursor.expression() if cursor.accept("..") else None
    if cursor.token.kind != "end":
        raise cursor.refused("运算符或表达式的结尾")
    return _checked(cursor, first), last if last is None else _checked(cursor, last)


def parse_type(text: str) -> TypeName:
    """Return the type that a text names, such as `list<number>`; raises FeelSyntaxError."""
    cursor = Cursor(text)
    kind = type_name(cursor)
    if cursor.token.kind != "end":
        raise cursor.refused("类型的结尾")
    return kind


def parse_unary_tests(text: str, names: Iterable[str] | NameTable = ()) -> UnaryTests:
    """Return the tests of a cell of a decision table; raises FeelSyntaxError."""
    cursor = Cursor(text, names)
    if cursor.token.kind == "-" and cursor.peek() == "end":
        return UnaryTests((0, len(text)), (), negated=False)
    tests = _negated(cursor)
    if tests is None:
        tests = UnaryTests((0, len(text)), _tests(cursor), negated=False)
    if cursor.token.kind != "end":
        raise cursor.refused("“,”或结尾")
    _checked(cursor, tests)
    return tests


def _negated(cursor: Cursor) -> UnaryTests | None:
    """Return the tests inside a `not(…)` that is the whole text; None if it is not."""
    if cursor.token.text != "not" or cursor.peek() != "(":
        return None
    cursor.jump(2)
    tests = _tests(cursor)
    if cursor.accept(")") and cursor.token.kind == "end":
        return UnaryTests((0, len(cursor.text)), tests, negated=True)
    cursor.jump(0)
    return None


def _tests(cursor: Cursor) -> tuple[Node, ...]:
    found = [cursor.nested()]
    while cursor.accept(","):
        found.append(cursor.nested())
    return tuple(found)


def _checked(cursor: Cursor, node: Node) -> Node:
    if len(cursor.tokens) > FLAT_TOKENS and height(node) > NESTING * 2:
        raise FeelSyntaxError(cursor.text, 0, len(cursor.text), f"嵌套不能深于 {NESTING} 层")
    return node
