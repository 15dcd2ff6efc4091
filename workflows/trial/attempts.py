"""One expression tried on given names: its value, or its error at its place; why parts are null; unknown names."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from msgspec import Struct

import feel
from feel.builtins import BUILTINS
from feel.spelling import nearest

EXPRESSION, GIVEN, TESTED = "expression", "given", "tested"
"""The fields of an attempt, as errors name them."""

NO_CONTEXT = "这里要写一个上下文，名称和值成对，例如 {保费: 60000}。"
NO_VALUE = '要先写下被检验的值，例如 60000 或 "化工"。'
WITHOUT_VALUE = "“{name}”现在还没有值。"
UNKNOWN_NAME = "没有这个名称：{name}。"
UNKNOWN_FUNCTION = "没有这个函数：{name}。"
PERHAPS = "是不是“{suggestion}”？"


class Attempt(Struct, frozen=True):
    """What is tried: an expression or, with `tested`, the tests of a cell; `given` is a context written in FEEL."""

    expression: str
    given: str = ""
    tested: str | None = None


class Surroundings(Struct, frozen=True):
    """What an expression finds around it: the variables, and names that it may use though they have no value yet."""

    variables: Mapping[str, object]
    awaited: frozenset[str] = frozenset()


class Remark(Struct, frozen=True):
    """A sentence about a place in the expression."""

    start: int
    end: int
    text: str


class Unknown(Struct, frozen=True):
    """A name or function that nobody knows, at each of its places; `suggestion` may be empty."""

    name: str
    suggestion: str
    start: int
    end: int
    text: str


class Fault(Struct, frozen=True):
    """Why there is no value: the field, the sentence, and its place; line and column start at 1, 0 = the whole."""

    field: str
    text: str
    line: int
    column: int
    start: int
    length: int


class Tried(Struct, frozen=True):
    """What came of an attempt: the literal of the value and its kind, or the fault."""

    value: str | None
    kind: str
    fault: Fault | None
    warnings: tuple[Remark, ...]
    unknown: tuple[Unknown, ...]


class _FaultError(Exception):
    """Raised where an attempt ends without a value."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.text)
        self.fault = fault


def tried(attempt: Attempt, around: Surroundings, host: feel.Host) -> Tried:
    """Return what comes of an attempt; everything that can go wrong with one is in the answer."""
    meter = feel.Meter()
    try:
        scope = {**around.variables, **_given(attempt.given, host, meter)}
        if attempt.tested is not None:
            scope["?"] = _tested(attempt.tested, scope, host, meter)
        return _explained(attempt, scope, around.awaited, host, meter)
    except _FaultError as error:
        return Tried(None, "", error.fault, (), ())


def _given(text: str, host: feel.Host, meter: feel.Meter) -> Mapping[str, object]:
    if not text.strip():
        return {}
    value = _value(GIVEN, text, {}, host, meter)
    if not isinstance(value, Mapping):
        raise _FaultError(_whole(GIVEN, text, NO_CONTEXT))
    return value


def _tested(text: str, scope: Mapping[str, object], host: feel.Host, meter: feel.Meter) -> object:
    if not text.strip():
        raise _FaultError(_whole(TESTED, text, NO_VALUE))
    return _value(TESTED, text, scope, host, meter)


def _value(field: str, text: str, scope: Mapping[str, object], host: feel.Host, meter: feel.Meter) -> object:
    try:
        found: object = feel.evaluate(text, scope, host, meter)
    except feel.FeelError as error:
        raise _FaultError(_fault(field, text, error)) from error
    return found


def _explained(
    attempt: Attempt,
    scope: Mapping[str, object],
    awaited: frozenset[str],
    host: feel.Host,
    meter: feel.Meter,
) -> Tried:
    text, unary = attempt.expression, attempt.tested is not None
    names = feel.names_in(scope) | {name for name in awaited if " " in name}
    compiled = feel.compile_unary_tests if unary else feel.compile
    try:
        result = compiled(text, names, host).explain(scope, meter)
        literal = feel.format_value(result.value)
    except feel.FeelError as error:
        raise _FaultError(_fault(EXPRESSION, text, error)) from error
    mentions = feel.mentions(text, {*names, *host.functions}, unary=unary)
    unknown = tuple(_unknown(mentions, scope, awaited, host))
    told = {one.start for one in unknown}
    warnings = tuple(
        Remark(one.start, one.end, one.sentence(text))
        for one in result.warnings
        if one.code not in ("name", "function") or one.start not in told
    )
    return Tried(literal, feel.kind_name(feel.kind_of(result.value)), None, warnings, unknown)


def _unknown(
    mentions: Collection[feel.Mention], scope: Mapping[str, object], awaited: frozenset[str], host: feel.Host
) -> Iterator[Unknown]:
    functions = BUILTINS.keys() | host.functions.keys()
    for one in mentions:
        if one.name in scope or (one.called and one.name in host.functions):
            continue
        if one.name in awaited:
            said, suggestion = WITHOUT_VALUE.format(name=one.name), ""
        else:
            suggestion = nearest(one.name, functions if one.called else {*scope, *awaited} - {"?"})
            said = (UNKNOWN_FUNCTION if one.called else UNKNOWN_NAME).format(name=one.name)
            said += PERHAPS.format(suggestion=suggestion) if suggestion else ""
        yield Unknown(one.name, suggestion, one.start, one.end, said)


def _fault(field: str, text: str, error: feel.FeelError) -> Fault:
    if isinstance(error, feel.FeelSyntaxError):
        return Fault(field, str(error), error.line, error.column, error.start, error.length)
    return _whole(field, text, str(error))


def _whole(field: str, text: str, said: str) -> Fault:
    return Fault(field, said, 0, 0, 0, len(text))
