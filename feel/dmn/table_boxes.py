"""Reading of decision tables: columns, cells, hit policies."""

from __future__ import annotations

from feel.dmn.boxed import READERS, Boxes, BoxFaultError
from feel.dmn.elements import Element, attribute, child, children, text_of
from feel.dmn.nodes import TableNode
from feel.nodes import Node, UnaryTests
from feel.tables import SHORT_AGGREGATIONS, SHORT_POLICIES, Aggregation, HitPolicy


def table(boxes: Boxes, element: Element) -> Node:
    """Return the tree of a decision table; raises BoxFaultError and FeelSyntaxError."""
    inputs, outputs, rules = (children(element, kind) for kind in ("input", "output", "rule"))
    labels = tuple(_label(one) for one in inputs)
    _refuse_ragged(rules, len(inputs), len(outputs))
    node = TableNode(
        (0, boxes.length),
        _policy(attribute(element, "hitPolicy") or "UNIQUE"),
        _aggregation(attribute(element, "aggregation")),
        labels,
        tuple(_input(boxes, one, label) for one, label in zip(inputs, labels, strict=True)),
        tuple(
            _allowed(boxes, child(one, "inputValues"), label)
            for one, label in zip(inputs, labels, strict=True)
        ),
        tuple(attribute(one, "name") for one in outputs),
        tuple(_priorities(boxes, one) for one in outputs),
        tuple(_default(boxes, one) for one in outputs),
        tuple(_tests(boxes, rule, labels, number) for number, rule in enumerate(rules, 1)),
        tuple(_results(boxes, outputs, rule, number) for number, rule in enumerate(rules, 1)),
    )
    boxes.place = ""
    return node


def _label(column: Element) -> str:
    """Return what people call a column: its label, else its expression, else its name."""
    written = text_of(child(column, "inputExpression"))
    return attribute(column, "label") or written or attribute(column, "name") or "结果"


def _policy(written: str) -> HitPolicy:
    policy = SHORT_POLICIES.get(written) or next((one for one in HitPolicy if one == written), None)
    if policy is None:
        raise BoxFaultError(f"没有命中规则“{written}”。")
    return policy


def _aggregation(written: str) -> Aggregation:
    found = SHORT_AGGREGATIONS.get(written) or next((one for one in Aggregation if one == written), None)
    if found is None:
        raise BoxFaultError(f"没有汇总方式“{written}”。")
    return found


def _refuse_ragged(rules: list[Element], inputs: int, outputs: int) -> None:
    for number, rule in enumerate(rules, 1):
        for kind, columns, word in (("inputEntry", inputs, "条件"), ("outputEntry", outputs, "结果")):
            cells = len(children(rule, kind))
            if cells != columns:
                raise BoxFaultError(f"第 {number} 行有 {cells} 个{word}格，而表有 {columns} 个{word}列。")


def _input(boxes: Boxes, column: Element, label: str) -> Node:
    boxes.place = f"列“{label}”的表达式"
    expression = child(column, "inputExpression")
    return boxes.typed(boxes.parse(text_of(expression)), attribute(expression, "typeRef"))


def _tests(boxes: Boxes, rule: Element, labels: tuple[str, ...], number: int) -> tuple[UnaryTests, ...]:
    found = []
    for cell, label in zip(children(rule, "inputEntry"), labels, strict=True):
        boxes.place = f"第 {number} 行的“{label}”"
        found.append(boxes.parse_tests(text_of(cell)))
    return tuple(found)


def _results(boxes: Boxes, outputs: list[Element], rule: Element, number: int) -> tuple[Node, ...]:
    found = []
    for cell, output in zip(children(rule, "outputEntry"), outputs, strict=True):
        boxes.place = f"第 {number} 行的“{_label(output)}”"
        found.append(boxes.typed(boxes.parse(text_of(cell)), attribute(output, "typeRef")))
    return tuple(found)


def _allowed(boxes: Boxes, values: Element | None, label: str) -> UnaryTests | None:
    boxes.place = f"列“{label}”的可取值"
    return boxes.parse_tests(text_of(values)) if text_of(values) else None


def _priorities(boxes: Boxes, output: Element) -> tuple[Node, ...]:
    values = _allowed(boxes, child(output, "outputValues"), _label(output))
    return values.tests if values is not None else ()


def _default(boxes: Boxes, output: Element) -> Node | None:
    boxes.place = f"列“{_label(output)}”的缺省值"
    text = text_of(child(output, "defaultOutputEntry"))
    return boxes.typed(boxes.parse(text), attribute(output, "typeRef")) if text else None


READERS["decisionTable"] = table
ALL_READERS = READERS
"""The readers of all boxes; who takes them from here has tables among them."""
