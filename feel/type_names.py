"""Parsing of types: `list<number>`, `context<a: string>`, `function<number> -> boolean`, names of items."""

from __future__ import annotations

from feel.cursor import Cursor
from feel.limits import NESTING
from feel.nodes import TypeName


def type_name(cursor: Cursor) -> TypeName:
    """Return the type that is written here."""
    cursor.depth += 1
    if cursor.depth > NESTING:
        raise cursor.refused(f"嵌套不深于 {NESTING} 层的类型")
    kind = _type_name(cursor)
    cursor.depth -= 1
    return kind


def _type_name(cursor: Cursor) -> TypeName:
    if cursor.token.kind == "function":
        cursor.step()
        return _function_type(cursor)
    if cursor.token.kind not in ("name", "null"):
        raise cursor.refused("类型的名称")
    name = cursor.name()
    while cursor.accept("."):
        name += "." + cursor.name()
    if cursor.token.kind != "<" or name not in ("list", "range", "context"):
        return TypeName(name)
    cursor.step()
    if name == "context":
        return _context_type(cursor)
    inner = type_name(cursor)
    cursor.expect(">")
    return TypeName(name, (inner,))


def _context_type(cursor: Cursor) -> TypeName:
    keys: list[str] = []
    types: list[TypeName] = []
    while cursor.token.kind != ">":
        if keys:
            cursor.expect(",")
        keys.append(cursor.declared_name(frozenset(":")))
        cursor.expect(":")
        types.append(type_name(cursor))
    cursor.step()
    return TypeName("context", tuple(types), tuple(keys))


def _function_type(cursor: Cursor) -> TypeName:
    if not cursor.accept("<"):
        return TypeName("function")
    types: list[TypeName] = []
    while cursor.token.kind != ">":
        if types:
            cursor.expect(",")
        types.append(type_name(cursor))
    cursor.step()
    cursor.expect("->")
    return TypeName("function", tuple(types), (), type_name(cursor))
