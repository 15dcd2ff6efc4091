"""Boxed expressions to syntax trees: every box is an expression of the language, or a decision table."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator
from contextlib import contextmanager

from feel.cursor import NameTable
from feel.dmn.elements import Element, attribute, child, children, local_name, text_of
from feel.dmn.nodes import TypedNode
from feel.nodes import (
    Call,
    ContextNode,
    Filter,
    For,
    FunctionNode,
    If,
    Iteration,
    ListNode,
    Literal,
    Node,
    Path,
    Quantified,
    TypeName,
    UnaryTests,
    walk,
)
from feel.parser import parse_domain, parse_expression, parse_type, parse_unary_tests

RESULT = "\x00result"
BOXES = 40
Reader = Callable[["Boxes", Element], Node]


class BoxFaultError(ValueError):
    """A box that cannot be read, with a sentence that says why."""


class Boxes:
    """Reads the boxes of one decision; keeps the names in scope and the texts, one after the other.

    `names` are those of the decision and of the boxes around the one that is read; `beneath` are those that every
    decision of the model knows. `items` are the types of the model by name; `place` says in words where in the
    decision a text stands.
    """

    def __init__(self, names: Iterable[str], items: Container[str], beneath: NameTable) -> None:
        self.names = NameTable(names, beneath)
        self.items = items
        self.texts: list[str] = []
        self.length = 0
        self.place = ""
        self.depth = 0

    @property
    def text(self) -> str:
        """Return all texts, in the order in which they were read; spans of nodes refer to it."""
        return "\n".join(self.texts)

    def read(self, element: Element | None) -> Node:
        """Return the tree of a box; raises FeelSyntaxError. No box at all is null."""
        reader = READERS.get(local_name(element)) if element is not None else None
        if element is None or reader is None:
            return Literal((0, 0), None)
        self.depth += 1
        if self.depth > BOXES:
            raise BoxFaultError(f"框的嵌套不能深于 {BOXES} 层。")
        node = reader(self, element)
        self.depth -= 1
        return self.typed(node, attribute(element, "typeRef"))

    @contextmanager
    def knowing(self, *names: str) -> Iterator[None]:
        """Know these names too, while the boxes within are read."""
        for name in names:
            self.names.add(name)
        yield
        for name in names:
            self.names.remove(name)

    def inside(self, element: Element | None) -> Node:
        """Return the tree of the box that an element holds."""
        if element is None:
            return self.read(None)
        return self.read(next((one for one in element if local_name(one) in READERS), None))

    def typed(self, node: Node, type_ref: str) -> Node:
        """Return a node whose value must fit the type, if there is one."""
        kind = self.type_of(type_ref)
        return node if kind is None else TypedNode(node.span, node, kind)

    def type_of(self, type_ref: str) -> TypeName | None:
        """Return the type that a reference names; None if it is none, or any."""
        return None if plain_type(type_ref) in ("", "Any") else written_type(type_ref, self.items)

    def parse(self, text: str) -> Node:
        """Return the tree of a text."""
        node = parse_expression(text, self.names) if text else Literal((0, 0), None)
        return self._placed(text, node)

    def parse_tests(self, text: str) -> UnaryTests:
        """Return the tests of a cell; an empty cell always holds."""
        tests = parse_unary_tests(text or "-", self.names)
        self._placed(text, tests)
        return tests

    def _placed(self, text: str, node: Node) -> Node:
        self.place_spans(node)
        self.add_text(text)
        return node

    def place_spans(self, node: Node) -> None:
        """Move the spans of a tree to where the text that comes next will stand among all texts."""
        start = self._start()
        for here in walk(node):
            here.span = (here.span[0] + start, here.span[1] + start)

    def add_text(self, text: str) -> None:
        """Put a text after the others."""
        self.length = self._start() + len(text)
        self.texts.append(text)

    def _start(self) -> int:
        return self.length + (1 if self.texts else 0)


def plain_type(type_ref: str) -> str:
    """Return the name of a type without the prefix of old versions."""
    return type_ref.strip().removeprefix("feel:")


def written_type(type_ref: str, items: Container[str]) -> TypeName:
    """Return a type as it is written: the name of an item, or of a type of the language; raises FeelSyntaxError."""
    name = plain_type(type_ref)
    return TypeName(name) if name in items else parse_type(name)


def _literal(boxes: Boxes, element: Element) -> Node:
    return boxes.parse(text_of(element))


def _context(boxes: Boxes, element: Element) -> Node:
    entries: list[tuple[str, Node]] = []
    has_result = False
    for entry in children(element, "contextEntry"):
        variable = child(entry, "variable")
        name = attribute(variable, "name")
        boxes.place = f"条目“{name}”" if name else ""
        node = boxes.inside(entry)
        has_result = variable is None
        entries.append((name or RESULT, boxes.typed(node, attribute(variable, "typeRef"))))
        boxes.names.add(name)
    for entry in children(element, "contextEntry"):
        boxes.names.remove(attribute(child(entry, "variable"), "name"))
    context = ContextNode((0, boxes.length), tuple(entries))
    return Path(context.span, context, RESULT) if has_result else context


def _list(boxes: Boxes, element: Element) -> Node:
    return ListNode(
        (0, boxes.length), tuple(boxes.read(one) for one in element if local_name(one) in READERS)
    )


def _relation(boxes: Boxes, element: Element) -> Node:
    columns = children(element, "column")
    rows = []
    for row in children(element, "row"):
        cells = [boxes.read(cell) for cell in row if local_name(cell) in READERS]
        entries = tuple(
            (attribute(column, "name"), boxes.typed(cell, attribute(column, "typeRef")))
            for column, cell in zip(columns, cells, strict=False)
        )
        rows.append(ContextNode((0, boxes.length), entries))
    return ListNode((0, boxes.length), tuple(rows))


def _invocation(boxes: Boxes, element: Element) -> Node:
    function = boxes.inside(element)
    names = []
    arguments = []
    for binding in children(element, "binding"):
        names.append(attribute(child(binding, "parameter"), "name"))
        arguments.append(boxes.inside(binding))
    return Call((0, boxes.length), function, tuple(arguments), tuple(names))


def _function(boxes: Boxes, element: Element) -> Node:
    return function(boxes, element)


def function(boxes: Boxes, element: Element, result_type: str = "") -> Node:
    """Return the tree of a function definition; what is not FEEL has no body."""
    parameters = [
        (attribute(one, "name"), boxes.type_of(attribute(one, "typeRef")))
        for one in children(element, "formalParameter")
    ]
    foreign = attribute(element, "kind").upper() not in ("", "FEEL")
    with boxes.knowing(*(name for name, _ in parameters)):
        body = None if foreign else boxes.typed(boxes.inside(element), result_type)
    return FunctionNode((0, boxes.length), tuple(parameters), body)


def _conditional(boxes: Boxes, element: Element) -> Node:
    condition, then, otherwise = (boxes.inside(child(element, part)) for part in ("if", "then", "else"))
    return If((0, boxes.length), condition, then, otherwise)


def _iteration(boxes: Boxes, element: Element, body: str) -> tuple[tuple[Iteration, ...], Node]:
    name = attribute(element, "iteratorVariable")
    domain, end = _domain(boxes, child(element, "in"))
    with boxes.knowing(name, "partial"):
        inner = boxes.inside(child(element, body))
    return (Iteration(name, domain, end),), inner


def _domain(boxes: Boxes, element: Element | None) -> tuple[Node, Node | None]:
    """Return what a loop goes over; a literal may be `first..last`."""
    written = child(element, "literalExpression") if element is not None else None
    if written is None or not text_of(written):
        return boxes.inside(element), None
    first, last = parse_domain(text_of(written), boxes.names)
    for node in filter(None, (first, last)):
        boxes.place_spans(node)
    boxes.add_text(text_of(written))
    return (first if last is not None else boxes.typed(first, attribute(written, "typeRef"))), last


def _for(boxes: Boxes, element: Element) -> Node:
    iterations, body = _iteration(boxes, element, "return")
    return For((0, boxes.length), iterations, body)


def _quantified(boxes: Boxes, element: Element) -> Node:
    iterations, body = _iteration(boxes, element, "satisfies")
    return Quantified((0, boxes.length), local_name(element), iterations, body)


def _filter(boxes: Boxes, element: Element) -> Node:
    base, condition = boxes.inside(child(element, "in")), boxes.inside(child(element, "match"))
    return Filter((0, boxes.length), base, condition)


READERS: dict[str, Reader] = {
    "literalExpression": _literal,
    "context": _context,
    "list": _list,
    "relation": _relation,
    "invocation": _invocation,
    "functionDefinition": _function,
    "conditional": _conditional,
    "for": _for,
    "some": _quantified,
    "every": _quantified,
    "filter": _filter,
}
