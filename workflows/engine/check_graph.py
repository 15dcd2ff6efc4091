"""Checks of how elements hang together: reach, ends, circles that never rest, joins that starve."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from workflows.engine.check_marking import starving_joins
from workflows.engine.errors import Finding
from workflows.engine.facets import EVENT_SUBPROCESS, STEPS
from workflows.engine.model import Node

Ways = Mapping[str, tuple[str, ...]]
_WAITING_EVENTS = frozenset({"intermediateCatchEvent", "receiveTask", "boundaryEvent"})
_OUTSIDE = frozenset({"timer", "message", "signal"})


def graph_findings(key: str, scopes: Node) -> Iterator[Finding]:
    """Yield what is wrong with the graph of one scope whose elements are right by themselves."""
    nodes = scopes[key]["nodes"]
    ways = ways_of(nodes)
    yield from _unreachable(nodes, ways)
    yield from _without_end(nodes, ways)
    yield from _restless(nodes, ways, scopes)
    for identity in starving_joins(nodes):
        yield Finding(
            identity,
            "join",
            f"并行网关“{nodes[identity]['name']}”会永远等下去：每个入口都要有一路到达，"
            "而有的入口只在某些条件下才会走到。请先用排他网关合并，再接到并行网关。",
        )


def ways_of(nodes: Mapping[str, Node]) -> Ways:
    """Return where each element leads: along its flows, and from an activity to its boundary events."""
    ways: dict[str, list[str]] = {
        name: [flow["to"] for flow in node["flows"]] for name, node in nodes.items()
    }
    for name, node in nodes.items():
        if node["type"] == "boundaryEvent":
            ways[node["attached"]].append(name)
    return {name: tuple(targets) for name, targets in ways.items()}


def _unreachable(nodes: Mapping[str, Node], ways: Ways) -> Iterator[Finding]:
    starts = [name for name, node in nodes.items() if node["type"] in ("startEvent", EVENT_SUBPROCESS)]
    reached = closure(starts, ways)
    for name, node in nodes.items():
        if name not in reached:
            yield Finding(name, "unreachable", f"“{node['name']}”从开始事件走不到。")


def _without_end(nodes: Mapping[str, Node], ways: Ways) -> Iterator[Finding]:
    back: dict[str, list[str]] = {name: [] for name in nodes}
    for name, targets in ways.items():
        for target in targets:
            back[target].append(name)
    ends = [name for name, node in nodes.items() if node["type"] in ("endEvent", EVENT_SUBPROCESS)]
    ending = closure(ends, {name: tuple(sources) for name, sources in back.items()})
    for name, node in nodes.items():
        if name not in ending:
            yield Finding(name, "no_end", f"从“{node['name']}”走不到任何结束事件。")


def _restless(nodes: Mapping[str, Node], ways: Ways, scopes: Node) -> Iterator[Finding]:
    """Yield circles in which nothing waits for a person, an instant or a message."""
    busy = {name for name, node in nodes.items() if not waits(node, scopes)}
    inner = {name: tuple(t for t in ways[name] if t in busy) for name in busy}
    for name in sorted(busy):
        if name in closure(inner[name], inner):
            told = nodes[name]["name"]
            yield Finding(
                name, "automatic_cycle", f"“{told}”在一个不停转的圈里：圈里要有人工、定时或消息环节。"
            )
            return


def waits(node: Node, scopes: Node) -> bool:
    """Tell whether an element surely stops the engine until something happens outside."""
    if node["type"] in STEPS:
        return True
    if node["type"] in _WAITING_EVENTS:
        return node["event"] is not None and node["event"]["kind"] in _OUTSIDE
    return node["type"] == "subProcess" and _surely_waits(node["scope"], scopes)


def _surely_waits(key: str, scopes: Node) -> bool:
    """Tell whether no way through a sub-process avoids waiting."""
    nodes = scopes[key]["nodes"]
    ways = ways_of(nodes)
    busy = {name for name, node in nodes.items() if not waits(node, scopes)}
    inner = {name: tuple(t for t in ways[name] if t in busy) for name in busy}
    starts = [name for name in busy if nodes[name]["type"] == "startEvent"]
    return not any(nodes[name]["type"] == "endEvent" for name in closure(starts, inner))


def closure(sources: list[str] | tuple[str, ...], ways: Ways) -> set[str]:
    """Return what is reached from some elements, these included."""
    seen: set[str] = set()
    pending = list(sources)
    while pending:
        name = pending.pop()
        if name not in seen:
            seen.add(name)
            pending.extend(ways[name])
    return seen
