"""Compiled expressions: what a scope must offer, running them, and why a part became null."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from msgspec import Struct

from feel.builtins.registry import BUILTINS
from feel.compiler import MISSING, Compiler
from feel.cursor import name_parts
from feel.errors import FeelLimitError, NullReason
from feel.exchange import to_feel, to_python
from feel.limits import FRAMES, PLAIN, Host, Meter, Run
from feel.nodes import Call, Name, Node, children
from feel.parser import parse_expression, parse_unary_tests
from feel.types import Type
from feel.values import Code, Value

NAME_DEPTH = 3
LONGEST_NAME = 200


class Result(NamedTuple):
    """A value, and the reasons why it or a part of it is null."""

    value: Value
    warnings: tuple[NullReason, ...]


class _Watched(list[Value]):
    """A frame that remembers which of its slots were read; a copy of it remembers with it."""

    def __init__(self, slots: list[Value], read: set[int] | None = None) -> None:
        super().__init__(slots)
        self.read: set[int] = set() if read is None else read

    def __getitem__(self, place: Any) -> Value:  # noqa: ANN401 - an index or a slice, as of any list
        found = super().__getitem__(place)
        if isinstance(place, slice):
            return _Watched(found, self.read)
        self.read.add(place)
        return found


class Body(Struct, frozen=True):
    """The part of a program that does not depend on the host: code, slots and free names."""

    text: str
    code: Code
    size: int
    free: tuple[tuple[str, int], ...]
    names: frozenset[str]
    functions: frozenset[str]

    def run(self, run: Run, scope: Mapping[str, Value]) -> Value:
        """Return the FEEL value in a scope of FEEL values."""
        return self._run([None] * self.size, run, scope)

    def run_watched(self, run: Run, scope: Mapping[str, Value]) -> tuple[Value, frozenset[str]]:
        """Return the FEEL value, and the names of the scope that were read on the way to it."""
        frame = _Watched([None] * self.size)
        value = self._run(frame, run, scope)
        return value, frozenset(name for name, slot in self.free if slot in frame.read)

    def _run(self, frame: list[Value], run: Run, scope: Mapping[str, Value]) -> Value:
        frame[0] = run
        for name, slot in self.free:
            frame[slot] = scope.get(name, MISSING)
        outer, run.names = run.names, scope
        value = self.code(frame)
        run.names = outer
        return value

    def run_on(self, run: Run, scope: Mapping[str, Value]) -> Value:
        """Return the value of Python in a scope of values of Python."""
        frame: list[Value] = [None] * self.size
        frame[0] = run
        run.names = scope
        for name, slot in self.free:
            found = scope.get(name, MISSING)
            frame[slot] = found if found is MISSING else to_feel(run, found)
        return to_python(run, self.code(frame))


class Program:
    """A compiled expression with its host; call it with a scope, as often and in as many threads as you like."""

    __slots__ = ("body", "host")

    def __init__(self, body: Body, host: Host) -> None:
        self.body = body
        self.host = host

    @property
    def text(self) -> str:
        """Return the source."""
        return self.body.text

    def __call__(self, scope: Mapping[str, Value], meter: Meter | None = None) -> Value:
        """Return the value in a scope. Raises FeelLimitError only."""
        run = Run(self.host, meter)
        run.hinting = False
        return self._value(run, scope)

    def explain(self, scope: Mapping[str, Value], meter: Meter | None = None) -> Result:
        """Return the value with the reasons for what is null. Raises FeelLimitError only."""
        run = Run(self.host, meter)
        value = self._value(run, scope)
        return Result(value, tuple(run.warnings.values()) if run.warnings else ())

    def _value(self, run: Run, scope: Mapping[str, Value]) -> Value:
        try:
            return self.body.run_on(run, scope)
        except RecursionError as error:
            raise FeelLimitError("depth", FRAMES) from error
        finally:
            run.settle()


class References(Struct, frozen=True):
    """What a text asks of its surroundings: names that are read, and functions that the language does not have."""

    names: frozenset[str]
    functions: frozenset[str]


class Mention(Struct, frozen=True):
    """A place where a text asks its surroundings for a name or, if it is called, for a function."""

    name: str
    start: int
    end: int
    called: bool


def compile_expression(text: str, names: Iterable[str] = (), host: Host = PLAIN) -> Program:
    """Return the program of an expression; `names` lets names with spaces or operators be recognised.

    Raises FeelSyntaxError.
    """
    return Program(expression_body(text, _special(names, host)), host)


def compile_unary_tests(text: str, names: Iterable[str] = (), host: Host = PLAIN) -> Program:
    """Return the program of the tests of a cell; the tested value is `?` in the scope. Raises FeelSyntaxError."""
    return Program(unary_body(text, _special(names, host)), host)


def evaluate(text: str, scope: Mapping[str, Value], host: Host = PLAIN, meter: Meter | None = None) -> Value:
    """Return the value of a text in a scope. Raises FeelSyntaxError and FeelLimitError."""
    return compile_expression(text, names_in(scope), host)(scope, meter)


def explain(text: str, scope: Mapping[str, Value], host: Host = PLAIN, meter: Meter | None = None) -> Result:
    """Return the value of a text in a scope, and why parts of it are null."""
    return compile_expression(text, names_in(scope), host).explain(scope, meter)


def unary_test(
    text: str, value: Value, scope: Mapping[str, Value], host: Host = PLAIN, meter: Meter | None = None
) -> bool | None:
    """Tell whether a value meets the tests; None where it cannot be said."""
    outcome = compile_unary_tests(text, names_in(scope), host)({**scope, "?": value}, meter)
    return outcome if type(outcome) is bool else None


def references(text: str, names: Iterable[str] = (), *, unary: bool = False) -> References:
    """Return the free names and the functions of others that a text uses. Raises FeelSyntaxError."""
    body = (unary_body if unary else expression_body)(text, _special(names, PLAIN))
    return References(body.names, body.functions)


def mentions(text: str, names: Iterable[str] = (), *, unary: bool = False) -> tuple[Mention, ...]:
    """Return where a text asks for what `references` lists, in the order of the text. Raises FeelSyntaxError."""
    special = _special(names, PLAIN)
    asked = references(text, special, unary=unary)
    pending = [(parse_unary_tests if unary else parse_expression)(text, special)]
    found = []
    while pending:
        node = pending.pop()
        pending.extend(children(node))
        called = node.function if isinstance(node, Call) else None
        if isinstance(called, Name) and called.name in asked.functions:
            found.append(Mention(called.name, *called.span, called=True))
        elif isinstance(node, Name) and node.name in asked.names:
            found.append(Mention(node.name, *node.span, called=False))
    return tuple(sorted(found, key=lambda mention: mention.start))


def names_in(scope: Mapping[str, Value], depth: int = NAME_DEPTH) -> set[str]:
    """Return the names of a scope and of the contexts in it, as far as the parser needs to know them."""
    found = {name for name in map(str, scope) if len(name) <= LONGEST_NAME and not name.isalnum()}
    if depth:
        for value in scope.values():
            inner = value[0] if isinstance(value, list) and value else value
            if isinstance(inner, Mapping):
                found |= names_in(inner, depth - 1)
    return found


@lru_cache(maxsize=4096)
def expression_body(text: str, names: frozenset[str] = frozenset()) -> Body:
    """Return the compiled expression, without types of a model."""
    return build(text, parse_expression(text, names), names)


@lru_cache(maxsize=4096)
def unary_body(text: str, names: frozenset[str] = frozenset()) -> Body:
    """Return the compiled tests, without types of a model."""
    return build(text, parse_unary_tests(text, names), names)


def build(text: str, node: Node, names: frozenset[str], types: Mapping[str, Type] | None = None) -> Body:
    """Return the compiled node; `names` that are built-in functions, too, are not taken for them beforehand."""
    compiler = Compiler(types, names)
    code = compiler.code(node)
    free = tuple(compiler.free.items())
    read = {name for name in compiler.read if name in compiler.free and name not in BUILTINS}
    called = {name for name in compiler.called if name not in BUILTINS}
    return Body(text, code, compiler.sizes[0], free, frozenset(read), frozenset(called))


def _special(names: Iterable[str], host: Host) -> frozenset[str]:
    """Return the names that the parser must know: built-in ones, and those of several tokens."""
    candidates = (*names, *host.functions)
    return frozenset(name for name in candidates if name in BUILTINS or len(name_parts(name)[0]) > 1)
