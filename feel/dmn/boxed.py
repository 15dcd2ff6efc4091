"""Boxed expressions to syntax trees: every box is an expression of the language, or a decision table."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable

from feel.dmn.elements import Element, attribute, child, children, local_name, text_of
from feel.dmn.nodes import TableNode, TypedNode
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
)
from feel.nodes import children as nodes_below
from feel.parser import parse_expression, parse_type, parse_unary_tests
from feel.tables import SHORT_AGGREGATIONS, SHORT_POLICIES, Aggregation, HitPolicy

RESULT = "\x00result"
Reader = Callable[["Boxes", Element], Node]


class Boxes:
    """Reads the boxes of one decision; keeps the names in scope and the texts, one after the other.

    `items` are the types of the model by name.
    """

    def __init__(self, names: Iterable[str], items: Container[str]) -> None:
        self.names = list(names)
        self.items = items
        self.texts: list[str] = []
        self.length = 0

    @property
    def text(self) -> str:
        """Return all texts, in the order in which they were read; spans of nodes refer to it."""
        return "\n".join(self.texts)

    def read(self, element: Element | None) -> Node:
        """Return the tree of a box; raises FeelSyntaxError. No box at all is null."""
        reader = READERS.get(local_name(element)) if element is not None else None
        if element is None or reader is None:
            return Literal((0, 0), None)
        node = reader(self, element)
        return self.typed(node, attribute(element, "typeRef"))

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
        """Move the spans to where the text stands among all texts."""
        start = self.length + (1 if self.texts else 0)
        pending = [node]
        while pending:
            here = pending.pop()
            here.span = (here.span[0] + start, here.span[1] + start)
            pending.extend(nodes_below(here))
        self.texts.append(text)
        self.length = start + len(text)
        return node


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
    known = len(boxes.names)
    entries: list[tuple[str, Node]] = []
    has_result = False
    for entry in children(element, "contextEntry"):
        variable = child(entry, "variable")
        node = boxes.inside(entry)
        name = attribute(variable, "name")
        has_result = variable is None
        entries.append((name or RESULT, boxes.typed(node, attribute(variable, "typeRef"))))
        boxes.names.append(name)
    del boxes.names[known:]
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
    known = len(boxes.names)
    boxes.names += [name for name, _ in parameters]
    foreign = attribute(element, "kind").upper() not in ("", "FEEL")
    body = None if foreign else boxes.typed(boxes.inside(element), result_type)
    del boxes.names[known:]
    return FunctionNode((0, boxes.length), tuple(parameters), body)


def _conditional(boxes: Boxes, element: Element) -> Node:
    condition, then, otherwise = (boxes.inside(child(element, part)) for part in ("if", "then", "else"))
    return If((0, boxes.length), condition, then, otherwise)


def _iteration(boxes: Boxes, element: Element, body: str) -> tuple[tuple[Iteration, ...], Node]:
    name = attribute(element, "iteratorVariable")
    domain = boxes.inside(child(element, "in"))
    boxes.names += [name, "partial"]
    inner = boxes.inside(child(element, body))
    del boxes.names[-2:]
    return (Iteration(name, domain),), inner


def _for(boxes: Boxes, element: Element) -> Node:
    iterations, body = _iteration(boxes, element, "return")
    return For((0, boxes.length), iterations, body)


def _quantified(boxes: Boxes, element: Element) -> Node:
    iterations, body = _iteration(boxes, element, "satisfies")
    return Quantified((0, boxes.length), local_name(element), iterations, body)


def _filter(boxes: Boxes, element: Element) -> Node:
    base, condition = boxes.inside(child(element, "in")), boxes.inside(child(element, "match"))
    return Filter((0, boxes.length), base, condition)


def _table(boxes: Boxes, element: Element) -> Node:
    inputs, outputs, rules = (children(element, kind) for kind in ("input", "output", "rule"))
    names = tuple(attribute(one, "name") for one in outputs)
    expressions = [child(one, "inputExpression") for one in inputs]
    policy = attribute(element, "hitPolicy") or "UNIQUE"
    aggregation = attribute(element, "aggregation")
    return TableNode(
        (0, boxes.length),
        SHORT_POLICIES.get(policy) or HitPolicy(policy),
        SHORT_AGGREGATIONS.get(aggregation) or Aggregation(aggregation),
        tuple(boxes.typed(boxes.parse(text_of(one)), attribute(one, "typeRef")) for one in expressions),
        tuple(_allowed(boxes, child(one, "inputValues")) for one in inputs),
        names,
        tuple(_priorities(boxes, one) for one in outputs),
        tuple(_default(boxes, one) for one in outputs),
        tuple(
            tuple(boxes.parse_tests(text_of(cell)) for cell in children(rule, "inputEntry")) for rule in rules
        ),
        tuple(_results(boxes, outputs, rule) for rule in rules),
    )


def _allowed(boxes: Boxes, element: Element | None) -> UnaryTests | None:
    return boxes.parse_tests(text_of(element)) if text_of(element) else None


def _priorities(boxes: Boxes, output: Element) -> tuple[Node, ...]:
    values = _allowed(boxes, child(output, "outputValues"))
    return values.tests if values is not None else ()


def _default(boxes: Boxes, output: Element) -> Node | None:
    text = text_of(child(output, "defaultOutputEntry"))
    return boxes.parse(text) if text else None


def _results(boxes: Boxes, outputs: list[Element], rule: Element) -> tuple[Node, ...]:
    cells = children(rule, "outputEntry")
    return tuple(
        boxes.typed(boxes.parse(text_of(cell)), attribute(output, "typeRef"))
        for cell, output in zip(cells, outputs, strict=True)
    )


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
    "decisionTable": _table,
}
