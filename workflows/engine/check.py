"""The checks that every diagram must pass before it is published: structure, then expressions."""

from __future__ import annotations

from collections.abc import Iterator

from workflows.engine.check_branches import branch_findings
from workflows.engine.check_graph import graph_findings
from workflows.engine.check_nodes import node_findings
from workflows.engine.check_signing import signing_findings
from workflows.engine.check_sites import site_findings
from workflows.engine.errors import Finding
from workflows.engine.model import Node

MAX_NODES = 300


def findings_of(compiled: Node) -> Iterator[Finding]:
    """Yield everything that is wrong with a compiled diagram, with the element and a sentence."""
    scopes = compiled["scopes"]
    count = sum(len(scope["nodes"]) for scope in scopes.values())
    if count > MAX_NODES:
        yield Finding(
            compiled["key"], "nodes", f"流程有 {count} 个元素，超过 {MAX_NODES} 个的上限；请拆成几个流程。"
        )
        return
    for key, scope in scopes.items():
        nodes = scope["nodes"]
        found = [*node_findings(nodes), *scope_findings(key, scope)]
        yield from found
        if not found:
            yield from graph_findings(key, scopes)
            yield from branch_findings(key, scopes)
    yield from signing_findings(compiled)
    yield from site_findings(compiled)


def scope_findings(key: str, scope: Node) -> Iterator[Finding]:
    """Yield what is wrong with the starts and ends of a process or sub-process."""
    kinds = [node["type"] for node in scope["nodes"].values()]
    starts = kinds.count("startEvent")
    where = "流程" if scope["parent"] is None else "子流程"
    if not starts:
        yield Finding(key, "start", f"{where}“{key}”没有开始事件。")
    if "endEvent" not in kinds:
        yield Finding(key, "end", f"{where}“{key}”没有结束事件。")
    if scope["parent"] is not None:
        plain = all(n["event"] is None for n in scope["nodes"].values() if n["type"] == "startEvent")
        if starts > 1 or not plain:
            yield Finding(key, "start", f"子流程“{key}”要有且只有一个普通的开始事件。")
