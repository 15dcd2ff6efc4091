"""The parser's core: a cursor over the tokens, names of several words, and the Pratt loop."""

from __future__ import annotations

from bisect import insort
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache

from feel.errors import FeelSyntaxError
from feel.lexer import KEYWORDS, Token, name_text, refuse, tokenize
from feel.limits import NESTING, NODES
from feel.nodes import Node, Span

OR, AND, COMPARE, OPERAND, ADD, MULTIPLY, POWER, MINUS, INSTANCE, POSTFIX = range(10, 110, 10)

NAME_SIGNS = frozenset("+-*/.") | {"**"}

Part = tuple[str, bool]  # text of a token, and whether it follows the one before without a space
Known = tuple[tuple[Part, ...], str]


@lru_cache(maxsize=4096)
def name_parts(name: str) -> Known:
    """Return a name as the tokens it is made of."""
    tokens = tokenize(name)[:-1]
    ends = [-1, *(token.end for token in tokens)]
    parts = tuple((token.text, token.start == end) for token, end in zip(tokens, ends, strict=False))
    return parts, name_text(name)


class NameTable:
    """Names of several tokens by their first, the longest first; names of one token need no table.

    A table may lie on another: what is known there is known here too.
    """

    __slots__ = ("beneath", "by_first")

    def __init__(self, names: Iterable[str] = (), beneath: NameTable | None = None) -> None:
        self.by_first: dict[str, list[Known]] = {}
        self.beneath = beneath
        for name in names:
            self.add(name)

    def add(self, name: str) -> None:
        """Make a name known."""
        parts = name_parts(name)
        if len(parts[0]) > 1:
            insort(self.by_first.setdefault(parts[0][0][0], []), parts, key=_shortness)

    def remove(self, name: str) -> None:
        """Forget a name that was added here."""
        parts = name_parts(name)
        if len(parts[0]) > 1:
            self.by_first[parts[0][0][0]].remove(parts)

    def beginning_with(self, first: str) -> Iterator[list[Known]]:
        """Yield the names that begin with a token, from this table and each beneath it."""
        table: NameTable | None = self
        while table is not None:
            yield table.by_first.get(first, [])
            table = table.beneath


def _shortness(known: Known) -> int:
    return -len(known[0])


STANDARD_NAMES = NameTable(("date and time", "days and time duration", "years and months duration"))


class Cursor:
    """Tokens, the place in them, and the names that are known so far."""

    __slots__ = ("at", "depth", "known", "nodes", "range_end", "text", "token", "tokens")

    def __init__(self, text: str, names: Iterable[str] | NameTable = ()) -> None:
        self.text = text
        self.tokens = tokenize(text)
        self.at = 0
        self.token = self.tokens[0]
        given = names if isinstance(names, NameTable) else NameTable(names, STANDARD_NAMES)
        self.known = NameTable((), given)
        self.depth = 0
        self.nodes = 0
        self.range_end = False

    def declare(self, name: str) -> None:
        """Make a name known from here on."""
        self.known.add(name)

    def step(self) -> Token:
        """Return the token here and go on to the next."""
        token = self.token
        self.at += 1
        self.token = self.tokens[self.at]
        return token

    def jump(self, at: int) -> None:
        """Go to the token of that index."""
        self.at = at
        self.token = self.tokens[at]

    def peek(self, ahead: int = 1) -> str:
        """Return the kind of a token further on."""
        place = self.at + ahead
        return self.tokens[place].kind if place < len(self.tokens) else "end"

    def accept(self, kind: str) -> bool:
        """Go on and say so if the token here is of the kind."""
        if self.token.kind != kind:
            return False
        self.step()
        return True

    def expect(self, kind: str, expected: str = "") -> Token:
        """Return the token here if it is of the kind; raises FeelSyntaxError otherwise."""
        if self.token.kind != kind:
            raise self.refused(expected or f"“{kind}”")
        return self.step()

    def refused(self, expected: str) -> FeelSyntaxError:
        """Return the error that something else was expected here."""
        return refuse(self.text, self.token, expected)

    def span_from(self, start: int) -> Span:
        """Return the span from a place to the end of the token before this one."""
        return start, self.tokens[self.at - 1].end

    def name(self) -> str:
        """Return the name that begins here, the longest known one first.

        Words in a row that no keyword parts are one name too: FEEL has no other use for them.
        """
        start = self.at
        known = self._known_here()
        if known:
            parts, plain = known
            self.jump(start + len(parts))
        else:
            plain = self.step().text
        if self.token.kind in ("name", "number"):
            while self.token.kind in ("name", "number"):
                self.step()
            plain = name_text(self.text[self.tokens[start].start : self.tokens[self.at - 1].end])
        return plain

    def begins_known_name(self) -> bool:
        """Tell whether a known name of several tokens begins here."""
        return self._known_here() is not None

    def declared_name(self, stops: frozenset[str]) -> str:
        """Return the name that is written here up to one of the stops, and make it known."""
        start = self.at
        while self.token.kind not in stops and self._may_be_in_name():
            self.step()
        if self.at == start or self.tokens[start].kind not in ("name", *KEYWORDS):
            self.jump(start)
            raise self.refused("名称")
        plain = name_text(self.text[self.tokens[start].start : self.tokens[self.at - 1].end])
        self.declare(plain)
        return plain

    def expression(self, power: int = 0) -> Node:
        """Return the expression that begins here, up to an operator that binds less than `power`."""
        self.depth += 1
        self.nodes += 1
        if self.depth > NESTING:
            raise self._too_large(f"嵌套不能深于 {NESTING} 层")
        parse = PREFIX.get(self.token.kind)
        if parse is None or self.begins_known_name():
            parse = PREFIX["name"] if self.begins_known_name() else self._no_expression
        left = parse(self)
        while (rule := INFIX.get(self.token.kind)) and rule[0] > power and not self._closes_range():
            self.nodes += 1
            left = rule[1](self, left)
        if self.nodes > NODES:
            raise self._too_large(f"表达式不能多于 {NODES} 个部分")
        self.depth -= 1
        return left

    def nested(self) -> Node:
        """Return an expression between brackets of its own."""
        outer, self.range_end = self.range_end, False
        node = self.expression()
        self.range_end = outer
        return node

    def _closes_range(self) -> bool:
        """Tell whether a `[` here ends an interval such as `]1..5[`."""
        if not self.range_end or self.token.kind != "[":
            return False
        following = self.peek()
        return following not in PREFIX or following in ("]", "-")

    def _known_here(self) -> Known | None:
        found: Known | None = None
        for table in self.known.beginning_with(self.token.text):
            here = next((known for known in table if self._stands_here(known[0])), None)
            if here is not None and (found is None or len(here[0]) > len(found[0])):
                found = here
        return found

    def _stands_here(self, parts: tuple[Part, ...]) -> bool:
        place = self.at
        for index, (text, glued) in enumerate(parts):
            token = self.tokens[place + index]
            if token.text != text:
                return False
            if index and glued != (token.start == self.tokens[place + index - 1].end):
                return False
        return True

    def _may_be_in_name(self) -> bool:
        kind = self.token.kind
        return kind in ("name", "number") or kind in KEYWORDS or kind in NAME_SIGNS or self.token.text == "'"

    def _no_expression(self, _cursor: Cursor) -> Node:
        raise self.refused("一个值、名称或“(”")

    def _too_large(self, expected: str) -> FeelSyntaxError:
        length = self.token.end - self.token.start
        return FeelSyntaxError(self.text, self.token.start, length, expected, "请拆成几个较短的表达式。")


Prefix = Callable[[Cursor], Node]
Infix = tuple[int, Callable[[Cursor, Node], Node]]

PREFIX: dict[str, Prefix] = {}
INFIX: dict[str, Infix] = {}
