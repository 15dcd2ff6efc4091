"""E1, E3, E4, E6: events that name what they wait for or throw, each one thing, where it can happen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from lxml import etree

from workflows.engine.xml import child_text, local
from workflows.importer.expressions import is_feel
from workflows.importer.model import Change
from workflows.importer.times import leave_to_people
from workflows.importer.tree import (
    Diagram,
    Element,
    definitions_of,
    drop,
    id_of,
    name_of,
    note,
    unset,
)
from workflows.importer.words import CATCHING, DEFINED, EVENTS, THROWING, B, W

_LINK = "linkEventDefinition"


def several_definitions(diagram: Diagram) -> Iterator[Change]:
    """E6: an event waits for one thing or throws one thing; several become several events."""
    for event in diagram.all_nodes(EVENTS):
        found = definitions_of(event)
        if len(found) < 2 or diagram.is_off("E6", id_of(event)):
            continue
        told = f"“{name_of(event)}”有 {len(found)} 个定义，已拆开。"
        if local(event) in THROWING:
            _throw_in_turn(diagram, event, found)
        elif local(event) == "intermediateCatchEvent":
            _wait_for_first(diagram, event, found)
        else:
            _beside_each_other(diagram, event, found)
        yield Change("E6", id_of(event), told, str(len(found)), decide=True)


def _throw_in_turn(diagram: Diagram, event: Element, found: list[Element]) -> None:
    for definition in found[:-1]:
        before = diagram.insert_before(event, "intermediateThrowEvent", event.get("name") or "")
        before.append(definition)


def _wait_for_first(diagram: Diagram, event: Element, found: list[Element]) -> None:
    gateway = diagram.insert_before(event, "eventBasedGateway", "")
    join = diagram.insert_after(event, "exclusiveGateway", "")
    for definition in found[1:]:
        other = diagram.add_node("intermediateCatchEvent", event.get("name") or "", event)
        other.append(definition)
        diagram.add_flow(gateway, other)
        diagram.add_flow(other, join)


def _beside_each_other(diagram: Diagram, event: Element, found: list[Element]) -> None:
    unset(event, "parallelMultiple")
    for definition in found[1:]:
        other = diagram.add_node(local(event), event.get("name") or "", event)
        for name in ("attachedToRef", "cancelActivity", "isInterrupting"):
            if event.get(name) is not None:
                other.set(name, str(event.get(name)))
        other.append(definition)
        for flow in diagram.out(event):
            target = diagram.node(flow.get("targetRef") or "")
            if target is not None:
                diagram.add_flow(other, target, flow.get("name") or "")


def undefined(diagram: Diagram) -> Iterator[Change]:
    """E1: what is waited for or thrown has a definition with a name."""
    named = {id_of(e): e for kind in DEFINED for e in diagram.root.findall(f"{B}{kind}")}
    for node in diagram.all_nodes(EVENTS | {"sendTask", "receiveTask"}):
        if node.find(f"{B}extensionElements/{W}message") is not None or diagram.is_off("E1", id_of(node)):
            continue
        is_event = local(node) in EVENTS
        for owner in definitions_of(node) if is_event else [node]:
            kind = local(owner).removesuffix("EventDefinition") if is_event else "message"
            if kind not in DEFINED:
                continue
            found = named.get(owner.get(f"{kind}Ref") or "")
            if found is None and kind in ("error", "escalation") and local(node) not in THROWING:
                unset(owner, f"{kind}Ref")  # without a code it catches all
            elif found is None or not (found.get("name") or found.get(f"{kind}Code")):
                yield _define(diagram, node, owner, kind)
                named = {id_of(e): e for k in DEFINED for e in diagram.root.findall(f"{B}{k}")}


def _define(diagram: Diagram, node: Element, owner: Element, kind: str) -> Change:
    told = node.get("name") or id_of(node)
    same = (e for e in diagram.root.findall(f"{B}{kind}") if told in (e.get("name"), e.get(f"{kind}Code")))
    made = next(same, None)
    if made is None:
        made = etree.Element(f"{B}{kind}", {"id": diagram.fresh(kind), "name": told})
        if kind in ("error", "escalation"):
            made.set(f"{kind}Code", told)
        diagram.root.insert(0, made)
    owner.set(f"{kind}Ref", id_of(made))
    words = {"message": "消息", "signal": "信号", "error": "错误", "escalation": "升级"}[kind]
    return Change("E1", id_of(node), f"“{name_of(node)}”没有写{words}的名称，已生成定义“{told}”。", "", told)


def conditions(diagram: Diagram) -> Iterator[Change]:
    """E3: a conditional event has a condition that we can reckon with and stands where it can be asked."""
    for event in diagram.all_nodes(CATCHING):
        for definition in definitions_of(event):
            if local(definition) != "conditionalEventDefinition" or diagram.is_off("E3", id_of(event)):
                continue
            text = child_text(definition, "condition") or ""
            parent = event.getparent()
            starts_process = local(event) == "startEvent" and (
                parent is None or parent.get("triggeredByEvent") != "true"
            )
            if text and diagram.ours and is_feel(text) and not starts_process:
                continue
            note(event, "condition", text)
            after = leave_to_people(event, definition)
            told = f"“{name_of(event)}”的条件缺失或不能执行，{after}。"
            yield Change("E3", id_of(event), told, text[:500], decide=True)


def links(diagram: Diagram) -> Iterator[Change]:
    """E4: a link leads from its starts to the one end of its name; what has no partner is no link."""
    for scope in diagram.scopes():
        ends = {id_of(n): _link_of(n) for n in diagram.nodes(scope) if local(n) == "intermediateCatchEvent"}
        starts = {id_of(n): _link_of(n) for n in diagram.nodes(scope) if local(n) == "intermediateThrowEvent"}
        caught = Counter(name for name in ends.values() if name is not None)
        thrown = {name for name in starts.values() if name is not None}
        for node in diagram.nodes(scope):
            name = _link_of(node)
            if name is None or diagram.is_off("E4", id_of(node)):
                continue
            if not name and (told := _name_link(node, starts, ends)):
                yield told
            elif not _is_paired(diagram, node, caught[name], is_thrown=name in thrown):
                yield _unlink(node, name)


def _link_of(node: Element) -> str | None:
    found = [one for one in definitions_of(node) if local(one) == _LINK]
    return (found[0].get("name") or "").strip() if found else None


def _name_link(node: Element, starts: dict[str, str | None], ends: dict[str, str | None]) -> Change | None:
    """Name the only nameless pair of links, or a nameless link by its event; None if that says nothing either."""
    bare = [sum(name == "" for name in side.values()) for side in (starts, ends)]
    told = "link" if bare == [1, 1] else " ".join((node.get("name") or "").split())
    if not told:
        return None
    for one in definitions_of(node):
        one.set("name", told)
    for side in (starts, ends):
        if id_of(node) in side:
            side[id_of(node)] = None
    return Change("E4", id_of(node), f"链接“{name_of(node)}”没有名称，已命名为“{told}”。", "", told)


def _is_paired(diagram: Diagram, node: Element, caught: int, *, is_thrown: bool) -> bool:
    kind = local(node)
    if kind == "intermediateThrowEvent":
        return caught == 1 and not diagram.out(node)
    return kind == "intermediateCatchEvent" and caught == 1 and is_thrown and not diagram.into(node)


def _unlink(node: Element, name: str) -> Change:
    for one in definitions_of(node):
        if local(one) == _LINK:
            drop(one)
    if local(node) == "intermediateCatchEvent" and not definitions_of(node):
        node.tag = f"{B}intermediateThrowEvent"
    told = f"链接“{name_of(node)}”在同一层里没有唯一的另一端，已改为普通事件。"
    return Change("E4", id_of(node), told, name, decide=True)
