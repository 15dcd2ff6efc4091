"""E5, E7: events that cannot happen where they are drawn; what hangs on a boundary is kept as a way to choose."""

from __future__ import annotations

from collections.abc import Iterator

from workflows.engine import EVENT_PLACES
from workflows.engine.xml import local
from workflows.importer.model import Change
from workflows.importer.tree import (
    Diagram,
    Element,
    definitions_of,
    drop,
    id_of,
    name_of,
    scope_of,
    unset,
)
from workflows.importer.words import ACTIVITIES, EVENTS, B

_KINDS = {"conditional": "condition"}
_INSIDE = frozenset({"error", "escalation"})


def wrong_places(diagram: Diagram) -> Iterator[Change]:
    """E7: an event of a kind that cannot happen at its place becomes a plain one; boundary events are below."""
    for event in diagram.all_nodes(EVENTS - {"boundaryEvent"}):
        for definition in definitions_of(event):
            kind = kind_of(definition)
            if kind in _allowed(event) or diagram.is_off("E7", id_of(event)):
                continue
            drop(definition)
            if local(event) == "intermediateCatchEvent" and not definitions_of(event):
                event.tag = f"{B}intermediateThrowEvent"
            told = f"“{name_of(event)}”的事件（{kind}）不能用在这里，已改为普通事件。"
            yield Change("E7", id_of(event), told, kind, decide=True)
        yield from _waits_for_nothing(diagram, event)


def _waits_for_nothing(diagram: Diagram, event: Element) -> Iterator[Change]:
    if (
        local(event) != "intermediateCatchEvent"
        or definitions_of(event)
        or diagram.is_off("E7", id_of(event))
    ):
        return
    event.tag = f"{B}intermediateThrowEvent"
    yield Change("E7", id_of(event), f"“{name_of(event)}”没有写等的是什么，已改为直接走过。", decide=True)


def kind_of(definition: Element) -> str:
    """Return the kind of an event by its definition, in the engine's words."""
    kind = local(definition).removesuffix("EventDefinition")
    return _KINDS.get(kind, kind)


def _allowed(event: Element) -> frozenset[str]:
    place = local(event)
    parent = event.getparent()
    if place == "startEvent" and parent is not None and parent.get("triggeredByEvent") == "true":
        place = "eventSubProcess"
    links = (
        frozenset({"link"}) if place in ("intermediateCatchEvent", "intermediateThrowEvent") else frozenset()
    )
    return EVENT_PLACES[place] | links


def boundaries(diagram: Diagram) -> Iterator[Change]:
    """E7: a boundary event that cannot happen is a way that a person may choose when the activity is done."""
    for event in diagram.all_nodes(frozenset({"boundaryEvent"})):
        if diagram.is_off("E7", id_of(event)):
            continue
        hosts = {id_of(node): node for node in diagram.nodes(scope_of(event)) if local(node) in ACTIVITIES}
        host = hosts.get(event.get("attachedToRef") or "")
        if host is None or host.get("triggeredByEvent") == "true":
            yield _loose(event)
        elif not _can_happen(event, host):
            yield from _choose_after(diagram, event, host)
        elif _interrupts_wrongly(event):
            event.set("cancelActivity", "true")
            yield Change("E7", id_of(event), f"错误事件“{name_of(event)}”必须中断，已改为中断。")


def _interrupts_wrongly(event: Element) -> bool:
    kinds = {kind_of(one) for one in definitions_of(event)}
    return "error" in kinds and event.get("cancelActivity") == "false"


def _loose(event: Element) -> Change:
    event.tag = f"{B}intermediateCatchEvent"
    for name in ("attachedToRef", "cancelActivity"):
        unset(event, name)
    told = f"边界事件“{name_of(event)}”没有挂在同一层的环节上，已改为中间事件。"
    return Change("E7", id_of(event), told, decide=True)


def _can_happen(event: Element, host: Element) -> bool:
    kinds = {kind_of(one) for one in definitions_of(event)}
    if not kinds or not kinds <= EVENT_PLACES["boundaryEvent"]:
        return False
    return local(host) == "subProcess" or not kinds & _INSIDE


def _choose_after(diagram: Diagram, event: Element, host: Element) -> Iterator[Change]:
    """Draw the way of the event as one that is chosen behind its activity."""
    if len(diagram.out(host)) > 1 or len(definitions_of(event)) > 1:
        return
    name, ways = name_of(event), diagram.out(event)
    interrupts = event.get("cancelActivity") != "false"
    if not ways:
        diagram.remove(event)
        yield Change("E7", id_of(event), f"边界事件“{name}”不支持，后面也没有环节，已移除。", name)
        return
    gateway = diagram.insert_after(host, "exclusiveGateway" if interrupts else "inclusiveGateway", "")
    if not diagram.out(gateway):
        diagram.add_flow(gateway, diagram.add_node("endEvent", "", host))
    gateway.set("default", id_of(diagram.out(gateway)[0]))
    for flow in ways:
        diagram.lead(flow, source=gateway)
        if not flow.get("name"):
            flow.set("name", name)
    diagram.remove(event)
    told = f"边界事件“{name}”在“{name_of(host)}”上不支持，改为办完时由人选择走不走这一路。"
    yield Change("E7", id_of(event), told, name, decide=True)
