"""The syntax tree of an expression. Every node carries its span; equality ignores it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, fields

from feel.values import Value

Span = tuple[int, int]


@dataclass(slots=True, frozen=True)
class TypeName:
    """A type as written: a name, and what stands in the angle brackets."""

    name: str
    arguments: tuple[TypeName, ...] = ()
    keys: tuple[str, ...] = ()
    result: TypeName | None = None

    @property
    def is_bare(self) -> bool:
        """Tell whether nothing stands in angle brackets."""
        return not self.arguments and self.result is None


@dataclass(slots=True)
class Node:
    """Base of all nodes: the place in the text, start inclusive, end exclusive."""

    span: Span = field(compare=False)


@dataclass(slots=True)
class Literal(Node):
    """A number, a string, true, false, null or an `@` literal."""

    value: Value


@dataclass(slots=True)
class AtLiteral(Node):
    """`@"2026-05-01"`: a date, time, date and time or duration."""

    text: str


@dataclass(slots=True)
class Name(Node):
    """A name: a variable or, when called, a function."""

    name: str


@dataclass(slots=True)
class Path(Node):
    """`base.name`."""

    base: Node
    name: str


@dataclass(slots=True)
class Filter(Node):
    """`base[condition]`."""

    base: Node
    condition: Node


@dataclass(slots=True)
class Call(Node):
    """An invocation; `names` holds the parameter names if they were given."""

    function: Node
    arguments: tuple[Node, ...]
    names: tuple[str, ...] = ()


@dataclass(slots=True)
class Negate(Node):
    """Unary minus."""

    operand: Node


@dataclass(slots=True)
class Chain(Node):
    """Operators of one level in a row, read from the left: `first + a - b`."""

    first: Node
    rest: tuple[tuple[str, Node], ...]


@dataclass(slots=True)
class Power(Node):
    """`base ** exponent`."""

    base: Node
    exponent: Node


@dataclass(slots=True)
class Junction(Node):
    """`and` or `or` over two or more operands."""

    operator: str
    operands: tuple[Node, ...]


@dataclass(slots=True)
class Comparison(Node):
    """`left operator right`."""

    operator: str
    left: Node
    right: Node


@dataclass(slots=True)
class Between(Node):
    """`value between low and high`, both ends included."""

    value: Node
    low: Node
    high: Node


@dataclass(slots=True)
class In(Node):
    """`value in (tests)`."""

    value: Node
    tests: tuple[Node, ...]


@dataclass(slots=True)
class InstanceOf(Node):
    """`value instance of type`."""

    value: Node
    type: TypeName


@dataclass(slots=True)
class If(Node):
    """`if … then … else …`."""

    condition: Node
    then: Node
    otherwise: Node


@dataclass(slots=True)
class Iteration:
    """`name in domain`, or `name in domain .. end`."""

    name: str
    domain: Node
    end: Node | None = None


@dataclass(slots=True)
class For(Node):
    """`for … return …`."""

    iterations: tuple[Iteration, ...]
    body: Node


@dataclass(slots=True)
class Quantified(Node):
    """`some … satisfies …` or `every … satisfies …`."""

    quantifier: str
    iterations: tuple[Iteration, ...]
    body: Node


@dataclass(slots=True)
class ListNode(Node):
    """`[a, b]`."""

    items: tuple[Node, ...]


@dataclass(slots=True)
class ContextNode(Node):
    """`{a: 1, b: a + 1}`."""

    entries: tuple[tuple[str, Node], ...]


@dataclass(slots=True)
class RangeNode(Node):
    """An interval; an end that is None is open to infinity."""

    start: Node | None
    end: Node | None
    start_included: bool
    end_included: bool


@dataclass(slots=True)
class Test(Node):
    """A comparison with the tested value, as in `< 5` or `!= "x"`."""

    operator: str
    operand: Node


@dataclass(slots=True)
class FunctionNode(Node):
    """`function(a: number, b) body`; an external one has no body."""

    parameters: tuple[tuple[str, TypeName | None], ...]
    body: Node | None


@dataclass(slots=True)
class UnaryTests(Node):
    """The tests of a cell; no tests at all (`-`) always hold."""

    tests: tuple[Node, ...]
    negated: bool


def children(node: Node) -> Iterator[Node]:
    """Yield the nodes directly below a node, in the order of the text."""
    for part in fields(node):
        yield from _nodes_in(getattr(node, part.name))


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
