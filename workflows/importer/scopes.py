"""S1–S4: where a process and its sub-processes begin and end."""

from __future__ import annotations

from collections.abc import Iterator

from workflows.engine.xml import local
from workflows.importer.model import Change
from workflows.importer.tree import (
    Diagram,
    Element,
    definitions_of,
    drop,
    id_of,
    name_of,
    turn_into,
)
from workflows.importer.words import SUBPROCESSES

_NO_WAY_IN = frozenset({"startEvent", "boundaryEvent"})


def empty_subprocesses(diagram: Diagram) -> Iterator[Change]:
    """S1: a sub-process with nothing inside is a step; one that an event starts, but that has none, a plain one."""
    for node in diagram.all_nodes(SUBPROCESSES):
        if diagram.is_off("S1", id_of(node)):
            continue
        starts = [n for n in diagram.nodes(node) if local(n) == "startEvent" and definitions_of(n)]
        if node.get("triggeredByEvent") == "true" and not starts:
            del node.attrib["triggeredByEvent"]
            told = f"事件子流程“{name_of(node)}”没有写由什么事件启动，已改为普通子流程。"
            yield Change("S1", id_of(node), told, decide=True)
        if not diagram.nodes(node):
            turn_into(node, "userTask")
            yield Change(
                "S1", id_of(node), f"空子流程“{name_of(node)}”已改为人工环节。", "子流程", "人工环节"
            )


def starts(diagram: Diagram) -> Iterator[Change]:
    """S2 and S3: every element can be reached, a sub-process begins in one place."""
    for scope in diagram.scopes():
        is_inner = scope is not diagram.process
        if is_inner and scope.get("triggeredByEvent") != "true":
            yield from _plain_starts(diagram, scope)
        if is_inner:
            yield from _one_start(diagram, scope)
        yield from _orphans(diagram, scope, "S3")


def ends(diagram: Diagram) -> Iterator[Change]:
    """S4: every way leads to an end event."""
    for scope in diagram.scopes():
        for node in diagram.nodes(scope):
            if local(node) == "endEvent" or diagram.out(node) or node.get("triggeredByEvent") == "true":
                continue
            if _throws_link(node) or diagram.is_off("S4", id_of(node)):
                continue
            end = diagram.add_node("endEvent", "", node)
            diagram.add_flow(node, end)
            yield Change(
                "S4", id_of(node), f"“{name_of(node)}”后面没有下一步，已补结束事件。", "", id_of(end)
            )


def _throws_link(node: Element) -> bool:
    kinds = [local(one) for one in definitions_of(node)]
    return local(node) == "intermediateThrowEvent" and kinds == ["linkEventDefinition"]


def _catches_link(node: Element) -> bool:
    kinds = [local(one) for one in definitions_of(node)]
    return local(node) == "intermediateCatchEvent" and kinds == ["linkEventDefinition"]


def _starts_of(diagram: Diagram, scope: Element) -> list[Element]:
    return [node for node in diagram.nodes(scope) if local(node) == "startEvent"]


def _plain_starts(diagram: Diagram, scope: Element) -> Iterator[Change]:
    for start in _starts_of(diagram, scope):
        if not definitions_of(start) or diagram.is_off("S2", id_of(start)):
            continue
        for definition in definitions_of(start):
            drop(definition)
        told = f"子流程“{name_of(scope)}”里的“{name_of(start)}”已改为普通开始：子流程由前一步启动。"
        yield Change("S2", id_of(start), told, "开始事件", "普通开始")


def _one_start(diagram: Diagram, scope: Element) -> Iterator[Change]:
    found = sorted(_starts_of(diagram, scope), key=lambda start: not definitions_of(start))
    if len(found) < 2 or diagram.is_off("S2", id_of(scope)):
        return
    first = found[0]
    names = [name_of(start) for start in found]
    for start in found[1:]:
        for flow in diagram.out(start):
            diagram.lead(flow, source=first)
        diagram.remove(start)
    told = f"子流程“{name_of(scope)}”有 {len(found)} 个开始，已合为一个，各路同时走：{'、'.join(names)}。"
    yield Change("S2", id_of(scope), told, "、".join(names))


def _orphans(diagram: Diagram, scope: Element, rule: str) -> Iterator[Change]:
    """Lead from the start to what has no way in; the several ways out are drawn as a gateway by G1."""
    lonely = [node for node in diagram.nodes(scope) if _is_orphan(diagram, node)]
    found = [start for start in _starts_of(diagram, scope) if not definitions_of(start)]
    if scope.get("triggeredByEvent") == "true":
        found = _starts_of(diagram, scope)
    if (not lonely and _starts_of(diagram, scope)) or diagram.is_off(rule, id_of(scope)):
        return
    targets = lonely or diagram.nodes(scope)[:1]
    told = "、".join(name_of(node) for node in targets)
    if not targets:
        return
    start = found[0] if found else diagram.add_node("startEvent", "开始", targets[0], scope)
    for node in targets:
        diagram.add_flow(start, node)
    message = (
        f"没有入口的环节，从“{name_of(start)}”连过去：{told}。" if found else f"已补开始事件，连到：{told}。"
    )
    yield Change(rule, id_of(scope), message, "", told[:500], decide=bool(found))


def _is_orphan(diagram: Diagram, node: Element) -> bool:
    if local(node) in _NO_WAY_IN or node.get("triggeredByEvent") == "true" or _catches_link(node):
        return False
    return not diagram.into(node)


def unreachable(diagram: Diagram, element: str) -> Iterator[Change]:
    """S3: a circle that nothing leads into is begun from the start."""
    node = diagram.node(element)
    if node is None or diagram.is_off("S3", element):
        return
    scope = node.getparent()
    found = [] if scope is None else _starts_of(diagram, scope)
    if not found or local(node) in _NO_WAY_IN:
        return
    diagram.add_flow(found[0], node)
    told = f"“{name_of(node)}”从开始走不到，已从“{name_of(found[0])}”连过去。"
    yield Change("S3", element, told, decide=True)
