"""The syntax tree of an expression. Every node carries its span; equality ignores it."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from feel.values import Value

Span = tuple[int, int]


class TypeName(Struct, frozen=True):
    """A type as written: a name, and what stands in the angle brackets."""

    name: str
    arguments: tuple[TypeName, ...] = ()
    keys: tuple[str, ...] = ()
    result: TypeName | None = None

    @property
    def is_bare(self) -> bool:
        """Tell whether nothing stands in angle brackets."""
        return not self.arguments and self.result is None


class Node(Struct, eq=False):
    """Base of all nodes: the place in the text, start inclusive, end exclusive."""

    span: Span

    def __eq__(self, other: object) -> bool:
        """Tell whether two trees say the same, wherever they stand."""
        return type(self) is type(other) and all(
            getattr(self, part) == getattr(other, part) for part in self.__struct_fields__[1:]
        )

    def __ne__(self, other: object) -> bool:
        """Tell the contrary; a struct would not ask."""
        return not self == other

    __hash__ = None  # type: ignore[assignment]  # its parts may change


class Literal(Node):
    """A number, a string, true, false, null or an `@` literal."""

    value: Value


class AtLiteral(Node):
    """`@"2026-05-01"`: a date, time, date and time or duration."""

    text: str


class Name(Node):
    """A name: a variable or, when called, a function."""

    name: str


class Path(Node):
    """`base.name`."""

    base: Node
    name: str


class Filter(Node):
    """`base[condition]`."""

    base: Node
    condition: Node


class Call(Node):
    """An invocation; `names` holds the parameter names if they were given."""

    function: Node
    arguments: tuple[Node, ...]
    names: tuple[str, ...] = ()


class Negate(Node):
    """Unary minus."""

    operand: Node


class Chain(Node):
    """Operators of one level in a row, read from the left: `first + a - b`."""

    first: Node
    rest: tuple[tuple[str, Node], ...]


class Power(Node):
    """`base ** exponent`."""

    base: Node
    exponent: Node


class Junction(Node):
    """`and` or `or` over two or more operands."""

    operator: str
    operands: tuple[Node, ...]


class Comparison(Node):
    """`left operator right`."""

    operator: str
    left: Node
    right: Node


class Between(Node):
    """`value between low and high`, both ends included."""

    value: Node
    low: Node
    high: Node


class In(Node):
    """`value in (tests)`."""

    value: Node
    tests: tuple[Node, ...]


class InstanceOf(Node):
    """`value instance of type`."""

    value: Node
    type: TypeName


class If(Node):
    """`if … then … else …`."""

    condition: Node
    then: Node
    otherwise: Node


class Iteration(Struct):
    """`name in domain`, or `name in domain .. end`."""

    name: str
    domain: Node
    end: Node | None = None


class For(Node):
    """`for … return …`."""

    iterations: tuple[Iteration, ...]
    body: Node


class Quantified(Node):
    """`some … satisfies …` or `every … satisfies …`."""

    quantifier: str
    iterations: tuple[Iteration, ...]
    body: Node


class ListNode(Node):
    """`[a, b]`."""

    items: tuple[Node, ...]


class ContextNode(Node):
    """`{a: 1, b: a + 1}`."""

    entries: tuple[tuple[str, Node], ...]


class RangeNode(Node):
    """An interval; an end that is None is open to infinity."""

    start: Node | None
    end: Node | None
    start_included: bool
    end_included: bool


class Test(Node):
    """A comparison with the tested value, as in `< 5` or `!= "x"`."""

    operator: str
    operand: Node


class FunctionNode(Node):
    """`function(a: number, b) body`; an external one has no body."""

    parameters: tuple[tuple[str, TypeName | None], ...]
    body: Node | None


class UnaryTests(Node):
    """The tests of a cell; no tests at all (`-`) always hold."""

    tests: tuple[Node, ...]
    negated: bool


def children(node: Node) -> Iterator[Node]:
    """Yield the nodes directly below a node, in the order of the text."""
    for part in node.__struct_fields__:
        yield from _nodes_in(getattr(node, part))


def walk(node: Node) -> Iterator[Node]:
    """Yield a node and every node below it, without recursion."""
    pending = [node]
    while pending:
        here = pending.pop()
        yield here
        pending.extend(children(here))


def height(node: Node) -> int:
    """Return the number of levels of a tree, counted without recursion."""
    levels = 0
    level = [node]
    while level:
        levels += 1
        level = [child for parent in level for child in children(parent)]
    return levels


def _nodes_in(part: Value) -> Iterator[Node]:
    if isinstance(part, Node):
        yield part
    elif isinstance(part, tuple):
        for piece in part:
            yield from _nodes_in(piece)
    elif isinstance(part, Iteration):
        yield part.domain
        if part.end is not None:
            yield part.end
