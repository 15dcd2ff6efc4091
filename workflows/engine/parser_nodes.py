"""What single elements of a diagram say, as plain dictionaries."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any  # the compiled form is JSON

from lxml import etree

from workflows.engine import extensions as ours
from workflows.engine.parser_events import Named, catch_event, throw_event
from workflows.engine.xml import BPMN, child_text, local

Node = dict[str, Any]
CALL_ENDED = "call.ended"
"""The message by which a case that was called tells its caller that it has ended."""


def is_known(kind: str) -> bool:
    """Tell whether an element of this kind runs."""
    return kind in _PLAIN or kind in _EVENTS


def read_element(names: Named, element: etree._Element) -> Node:
    """Return what an element says, and how it is repeated."""
    kind = local(element)
    node = _PLAIN[kind](element) if kind in _PLAIN else _EVENTS[kind](names, element)
    loop = loop_of(element)
    return node if loop is None else {**node, "loop": loop}


def catching(names: Named, element: etree._Element) -> Node:
    """Return what a catching event waits for and does then."""
    return _catch(names, element)


def loop_of(element: etree._Element) -> Node | None:
    """Return how an activity is repeated, None if it runs once."""
    several = element.find(f"{{{BPMN}}}multiInstanceLoopCharacteristics")
    loop = element.find(f"{{{BPMN}}}standardLoopCharacteristics")
    if several is not None:
        item = several.find(f"{{{BPMN}}}inputDataItem")
        result = several.find(f"{{{BPMN}}}outputDataItem")
        return {
            "kind": "sequential" if several.get("isSequential") == "true" else "parallel",
            "cardinality": child_text(several, "loopCardinality"),
            "collection": child_text(several, "loopDataInputRef"),
            "item": None if item is None else item.get("name") or item.get("id"),
            "output": child_text(several, "loopDataOutputRef"),
            "result": None if result is None else result.get("name") or result.get("id"),
            "until": child_text(several, "completionCondition"),
        }
    if loop is None:
        return None
    maximum = loop.get("loopMaximum") or ""
    return {
        "kind": "standard",
        "maximum": int(maximum) if maximum.isdecimal() else None,
        "while": child_text(loop, "loopCondition"),
        "before": loop.get("testBefore") == "true",
    }


def _step(element: etree._Element) -> Node:
    return {
        "form": ours.attribute(element, "form") or element.get("id"),
        "deadline": ours.attribute(element, "deadline"),
        "due": ours.attribute(element, "due"),
        "assignee": ours.attribute(element, "assignee"),
        "role": ours.attribute(element, "role"),
        "wall": ours.is_true(element, "wall"),
        "article": ours.attribute(element, "article"),
        "title": ours.attribute(element, "title"),
        "timeout": ours.attribute(element, "timeout"),
        "operation": ours.operation_of(element),
        "outputs": ours.outputs_of(element),
        **ours.signing_of(element),
    }


def _service(element: etree._Element) -> Node:
    return {
        "operation": ours.operation_of(element),
        "outputs": ours.outputs_of(element),
        "wall": ours.is_true(element, "wall"),
        "article": ours.attribute(element, "article"),
    }


def _rule(element: etree._Element) -> Node:
    return {
        "decision": ours.attribute(element, "decision"),
        "inputs": ours.inputs_of(element),
        "outputs": ours.outputs_of(element),
        "article": ours.attribute(element, "article"),
    }


def _gateway(_: etree._Element) -> Node:
    return {}


def _throw(names: Named, element: etree._Element) -> Node:
    return {"event": throw_event(names, element), "outputs": [], "wall": ours.is_true(element, "wall")}


def _catch(names: Named, element: etree._Element) -> Node:
    return {
        "event": catch_event(names, element),
        "operation": ours.operation_of(element),
        "outputs": ours.outputs_of(element),
        "form": ours.attribute(element, "form"),
        "roles": ours.attribute(element, "roles"),
        "article": ours.attribute(element, "article"),
    }


def _begin(names: Named, element: etree._Element) -> Node:
    """Return a start event; what a person is asked who begins by its form stands only where it is said."""
    own = {name: ours.attribute(element, name) for name in ("about", "number")}
    return {**_catch(names, element), **{name: value for name, value in own.items() if value}}


def _boundary(names: Named, element: etree._Element) -> Node:
    return {
        "attached": element.get("attachedToRef"),
        "interrupting": element.get("cancelActivity", "true") != "false",
        **_catch(names, element),
    }


def _call(element: etree._Element) -> Node:
    return {
        "process": (element.get("calledElement") or "").strip(),
        "inputs": ours.inputs_of(element),
        "operation": None,
        "outputs": ours.outputs_of(element),
        "event": {"kind": "message", "name": CALL_ENDED, "correlation": None},
    }


def _subprocess(element: etree._Element) -> Node:
    return {"scope": element.get("id")}


_PLAIN: dict[str, Callable[[etree._Element], Node]] = {
    "userTask": _step,
    "manualTask": _step,
    "task": _step,
    "serviceTask": _service,
    "businessRuleTask": _rule,
    "exclusiveGateway": _gateway,
    "parallelGateway": _gateway,
    "inclusiveGateway": _gateway,
    "eventBasedGateway": _gateway,
    "subProcess": _subprocess,
    "callActivity": _call,
}
_EVENTS: dict[str, Callable[[Named, etree._Element], Node]] = {
    "startEvent": _begin,
    "intermediateCatchEvent": _catch,
    "receiveTask": _catch,
    "boundaryEvent": _boundary,
    "endEvent": _throw,
    "intermediateThrowEvent": _throw,
    "sendTask": _throw,
}
