"""A check of data: branches that run at once do not write one variable, for only one would win."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import combinations

from workflows.engine.errors import Finding
from workflows.engine.facets import EVENT_SUBPROCESS
from workflows.engine.model import Node

_FORKS = frozenset({"parallelGateway", "inclusiveGateway"})


def branch_findings(key: str, scopes: Mapping[str, Node]) -> Iterator[Finding]:
    """Yield a finding for each fork of a scope whose branches write one variable.

    Only what a single branch leads to is looked at; what lies behind the join belongs to all of them.
    """
    nodes = scopes[key]["nodes"]
    yield from _beside_findings(nodes, scopes)
    for identity, node in nodes.items():
        if node["type"] not in _FORKS or len(node["flows"]) < 2:
            continue
        reached = [_reached(nodes, flow["to"]) for flow in node["flows"]]
        for one, other in combinations(range(len(reached)), 2):
            shared = reached[one] & reached[other]
            ours = _written(nodes, reached[one] - shared, scopes)
            for name in sorted(ours & _written(nodes, reached[other] - shared, scopes)):
                yield Finding(
                    identity,
                    "branches",
                    f"“{node['name']}”后面同时走的两路都写变量“{name}”；请给它们不同的变量。",
                )


def _beside_findings(nodes: Mapping[str, Node], scopes: Mapping[str, Node]) -> Iterator[Finding]:
    """Yield a finding for each event sub-process that writes, beside other work, what that writes as well."""
    for identity, node in nodes.items():
        if node["type"] != EVENT_SUBPROCESS or node["interrupting"]:
            continue
        others = _written(nodes, set(nodes) - {identity}, scopes)
        for name in sorted(_written(nodes, {identity}, scopes) & others):
            yield Finding(
                identity,
                "branches",
                f"“{node['name']}”不中断别的环节，却和它们都写变量“{name}”；请给它们不同的变量。",
            )


def _reached(nodes: Mapping[str, Node], first: str) -> set[str]:
    hosts: dict[str, list[str]] = {}
    for name, node in nodes.items():
        if node["type"] == "boundaryEvent":
            hosts.setdefault(node["attached"], []).append(name)
    seen: set[str] = set()
    pending = [first]
    while pending:
        name = pending.pop()
        if name not in seen:
            seen.add(name)
            pending.extend(flow["to"] for flow in nodes[name]["flows"])
            pending.extend(hosts.get(name, ()))
    return seen


def _written(nodes: Mapping[str, Node], names: set[str], scopes: Mapping[str, Node]) -> set[str]:
    """Return the variables that elements write, with those inside their sub-processes."""
    written: set[str] = set()
    for name in names:
        node = nodes[name]
        written.update(output for output, _ in node.get("outputs", ()))
        if node["type"] in ("subProcess", EVENT_SUBPROCESS):
            inner = scopes[node["scope"]]["nodes"]
            written |= _written(inner, set(inner), scopes)
    return written
