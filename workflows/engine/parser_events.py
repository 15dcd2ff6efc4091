"""What an event of a diagram waits for or throws, as plain dictionaries."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from lxml import etree

from workflows.engine import extensions as ours
from workflows.engine.parser_words import REFUSED_EVENTS, SEVERAL
from workflows.engine.xml import BPMN, child_text, local, namespace

Event = dict[str, object]
Named = Mapping[str, etree._Element]  # the messages, signals, errors and escalations of the file by id

_TIMES = {"timeDate": "date", "timeDuration": "duration", "timeCycle": "cycle"}


def catch_event(names: Named, element: etree._Element) -> Event | None:
    """Return what an event or receive task waits for, None for a plain event.

    Several definitions on one event, or an unknown one, give the kind `unsupported`; the check says so.
    """
    if local(element) == "receiveTask":
        return _message(names, element, element)
    found = _definitions(element)
    if not found:
        return None
    if len(found) > 1:
        return {"kind": "unsupported", "what": SEVERAL}
    return _caught(names, element, found[0])


def throw_event(names: Named, element: etree._Element) -> Event | None:
    """Return what an intermediate or end event throws, None for a plain one."""
    if local(element) == "sendTask":
        return thrown_message(names, element, element)
    found = _definitions(element)
    if not found:
        return None
    if len(found) > 1:
        return {"kind": "unsupported", "what": SEVERAL}
    return _thrown(names, element, found[0])


def _thrown(names: Named, element: etree._Element, definition: etree._Element) -> Event:
    kind = local(definition).removesuffix("EventDefinition")
    if kind == "message":
        return thrown_message(names, element, definition)
    if kind in ("error", "escalation"):
        return _coded(names, definition, kind)
    if kind == "signal":
        return {"kind": "signal", "name": _name(names, definition.get("signalRef"))}
    if kind == "link":
        return _link(definition, throws=True)
    return {"kind": kind} if kind == "terminate" else _unsupported(definition)


def thrown_message(names: Named, element: etree._Element, definition: etree._Element) -> Event:
    """Return the message that an element sends: name, receiving process, correlation and payload entries."""
    told = ours.extension(element, "message")
    named = _name(names, definition.get("messageRef"))
    if told is None:
        return {
            "kind": "message",
            "name": named,
            "target": None,
            "correlation": None,
            "inputs": ours.inputs_of(element),
        }
    return {
        "kind": "message",
        "name": told.get("name") or named,
        "target": told.get("target"),
        "correlation": told.get("correlation"),
        "inputs": [*ours.entries(told, "input"), *ours.inputs_of(element)],
    }


def _caught(names: Named, element: etree._Element, definition: etree._Element) -> Event:
    kind = local(definition).removesuffix("EventDefinition")
    if kind == "message":
        return _message(names, element, definition)
    if kind in ("error", "escalation"):
        return _coded(names, definition, kind)
    make = _CAUGHT.get(kind)
    return _unsupported(definition) if make is None else make(names, definition)


def _link(definition: etree._Element, *, throws: bool) -> Event:
    return {"kind": "link", "name": (definition.get("name") or "").strip(), "throws": throws}


def _unsupported(definition: etree._Element) -> Event:
    kind = local(definition)
    return {"kind": "unsupported", "what": REFUSED_EVENTS.get(kind, kind)}


def _timer(definition: etree._Element) -> Event:
    told = [(form, child_text(definition, tag)) for tag, form in _TIMES.items()]
    given = [(form, text) for form, text in told if text]
    if len(given) != 1:
        return {"kind": "timer", "form": None, "text": None}
    return {"kind": "timer", "form": given[0][0], "text": given[0][1]}


def _message(names: Named, element: etree._Element, definition: etree._Element) -> Event:
    correlation = ours.attribute(element, "correlation") or ours.attribute(definition, "correlation")
    return {"kind": "message", "name": _name(names, definition.get("messageRef")), "correlation": correlation}


def _coded(names: Named, definition: etree._Element, kind: str) -> Event:
    found = names.get(definition.get(f"{kind}Ref") or "")
    code = None if found is None else found.get(f"{kind}Code") or found.get("name")
    return {"kind": kind, "code": code}


def _name(names: Named, reference: str | None) -> str | None:
    found = names.get(reference or "")
    return None if found is None else found.get("name")


def _definitions(element: etree._Element) -> list[etree._Element]:
    return [c for c in element if namespace(c) == BPMN and local(c).endswith("EventDefinition")]


_CAUGHT: Mapping[str, Callable[[Named, etree._Element], Event]] = {
    "timer": lambda _, definition: _timer(definition),
    "signal": lambda names, definition: {"kind": "signal", "name": _name(names, definition.get("signalRef"))},
    "conditional": lambda _, definition: {"kind": "condition", "text": child_text(definition, "condition")},
    "link": lambda _, definition: _link(definition, throws=False),
}
