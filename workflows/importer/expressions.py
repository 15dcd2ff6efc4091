"""Expressions of other tools: the trivial ones said in FEEL, all others left to people."""

from __future__ import annotations

import re
from collections.abc import Mapping

from msgspec import Struct

import feel

_WRAPPED = re.compile(r"\s*[$#]\{(.*)\}\s*", re.DOTALL)
_NAME = r"[A-Za-z_][A-Za-z0-9_]*"
_LITERAL = r'-?\d{1,15}(?:\.\d{1,10})?|"[^"\\]{0,100}"|true|false'
_TERM = re.compile(rf"({_NAME})\s*(=|!=|<=|>=|<|>)\s*({_LITERAL})")
_BARE = re.compile(rf"(!|not\s+)?\s*({_NAME})")
_AND_OR = re.compile(r"\s+(and|or)\s+")
NUMBER, TEXT, TICK = "number", "textfield", "checkbox"
"""The kinds of fields that a condition can ask for, by their type in a form."""
_LENGTH = 500
_HOST = frozenset({"workdays", "add workdays", "start of day", "end of day"})


class Said(Struct, frozen=True):
    """A condition in FEEL, and the variables that it reads with the kind of field that fills them."""

    text: str
    fields: Mapping[str, str]


def said_in_feel(text: str) -> Said | None:
    """Return a trivial condition of another tool in FEEL, None if it is not trivial."""
    wrapped = _WRAPPED.fullmatch(text[:_LENGTH])
    plain = wrapped[1] if wrapped else text.removeprefix("=")
    if len(text) > _LENGTH:
        return None
    for foreign, ours in (("&&", " and "), ("||", " or "), ("==", "="), ("'", '"')):
        plain = plain.replace(foreign, ours)
    parts = _AND_OR.split(plain.strip())
    terms = [_term(part.strip(), wrapped=wrapped is not None) for part in parts[::2]]
    if any(term is None for term in terms):
        return None
    known = [term for term in terms if term is not None]
    words = [known[0][2], *(f"{op} {term[2]}" for op, term in zip(parts[1::2], known[1:], strict=True))]
    said = Said(" ".join(words), {name: kind for name, kind, _ in known})
    return said if is_feel(said.text) and _names(said.text) == set(said.fields) else None


def kind_of_field(name: str, conditions: list[str]) -> str:
    """Return the kind of field that fills a variable, by what conditions compare it with."""
    for condition in conditions:
        for found, _, literal in _TERM.findall(condition):
            if found == name:
                return _kind(literal)
    return TEXT


def is_feel(text: str) -> bool:
    """Tell whether a text is FEEL and calls no function that nobody has."""
    try:
        return not feel.references(text, tuple(sorted(_HOST))).functions - _HOST
    except feel.FeelError:
        return False


def _names(text: str) -> set[str]:
    return set(feel.references(text, ()).names)


def _term(part: str, *, wrapped: bool) -> tuple[str, str, str] | None:
    """Return the variable, the kind of its field and the term in FEEL."""
    compared = _TERM.fullmatch(part)
    if compared:
        return compared[1], _kind(compared[3]), f"{compared[1]} {compared[2]} {compared[3]}"
    bare = _BARE.fullmatch(part)
    if bare and wrapped:
        return bare[2], TICK, f"{bare[2]} = {'false' if bare[1] else 'true'}"
    return None


def _kind(literal: str) -> str:
    if literal in ("true", "false"):
        return TICK
    return TEXT if literal.startswith('"') else NUMBER
