"""Checks that only publication asks for: a diagram with these findings runs, but not as anybody means it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

import feel
from workflows.engine.check_graph import closure, ways_of
from workflows.engine.check_sites import HOST_FUNCTIONS
from workflows.engine.environment import FeelEngine
from workflows.engine.errors import EngineError, ExpressionError, Finding, Fix
from workflows.engine.facets import ACTIVITIES, STEPS
from workflows.engine.model import DecisionFile, Node
from workflows.engine.timing import CYCLE, ROUNDS, due, feel_text
from workflows.engine.wording import REASONS

MANY = 50
"""So many rounds or runs of one element are too many for a person to follow."""
_NOW = datetime(2026, 1, 1, tzinfo=UTC)
"""A moment to reckon durations from; which one does not matter."""

Nodes = Mapping[str, Node]


def publication_findings(compiled: Node) -> Iterator[Finding]:
    """Yield what is wrong with a diagram that compiles, by weight."""
    for scope in compiled["scopes"].values():
        nodes: Nodes = scope["nodes"]
        for identity, node in nodes.items():
            yield from _timer(identity, node)
            yield from _repeated(identity, node)
            yield from _unnamed(identity, node)
        yield from _open_joins(nodes)
    yield from _starts(compiled["scopes"][compiled["key"]]["nodes"])
    yield from _doubled(compiled["scopes"])
    yield from _without_due(compiled["scopes"])


def _timer(identity: str, node: Node) -> Iterator[Finding]:
    event = node.get("event") or {}
    if event.get("kind") != "timer" or event["form"] is None:
        return
    reason = _reason(identity, event["form"], event["text"])
    if reason:
        yield Finding(identity, "timer_value", f"“{node['name']}”的定时“{event['text']}”不能用：{reason}。")


def _reason(identity: str, form: str, text: str) -> str:
    """Say what is wrong with a timer whose value is known now; empty if nothing is, or it is not known."""
    if form == "cycle" and ROUNDS.match(text) and not CYCLE.fullmatch(text):
        return REASONS["cycle"]
    if not CYCLE.fullmatch(text):
        asked = feel.references(feel_text(text), HOST_FUNCTIONS)
        if asked.names or asked.functions & HOST_FUNCTIONS:
            return ""
    try:
        due(form, text, {}, FeelEngine(_Nobody(), _NOW), identity)
    except ExpressionError as error:
        reason = str(error.facts["reason"])
        is_relative = "duration(" in feel_text(text) or form == "cycle"
        return "" if reason == "horizon" and not is_relative else REASONS.get(reason, reason)
    except EngineError as error:
        return str(error)
    return ""


def _repeated(identity: str, node: Node) -> Iterator[Finding]:
    loop = node.get("loop")
    if loop is None:
        return
    if loop["kind"] == "standard":
        if loop["maximum"] > MANY:
            message = f"“{node['name']}”最多重复 {loop['maximum']} 次，超过 {MANY} 次就没人看得过来。请减少。"
            fix = Fix("set_loop_maximum", f"改为 {MANY} 次", {"element": identity, "maximum": str(MANY)})
            yield Finding(identity, "rounds", message, "W", fix)
    elif (loop["cardinality"] or "").isdigit() and int(loop["cardinality"]) > MANY:
        message = f"“{node['name']}”要同时办 {loop['cardinality']} 份，最多 {MANY} 份。请改为逐条开单。"
        yield Finding(identity, "instances", message)


def _unnamed(identity: str, node: Node) -> Iterator[Finding]:
    if node["type"] in ACTIVITIES and node["name"] == identity:
        yield Finding(identity, "unnamed", f"“{identity}”没有名称，办事的人看不懂。请起个名字。", "W")


def _without_due(scopes: Mapping[str, Node]) -> Iterator[Finding]:
    """Yield one finding for all steps that have neither a last day nor a timer."""
    nodes = {identity: node for scope in scopes.values() for identity, node in scope["nodes"].items()}
    timed = {n.get("attached") for n in nodes.values() if (n.get("event") or {}).get("kind") == "timer"}
    found = [
        identity
        for identity, node in nodes.items()
        if node["type"] in STEPS and not node["deadline"] and not node["due"] and identity not in timed
    ]
    if found:
        names = "、".join(f"“{nodes[identity]['name']}”" for identity in found)
        yield Finding(found[0], "no_due", f"没有期限、晚了不提醒的环节：{names}。要提醒就定期限。", "W")


def _starts(nodes: Nodes) -> Iterator[Finding]:
    awaited: set[str] = set()
    for identity, node in nodes.items():
        name = (node["event"] or {}).get("name") if node["type"] == "startEvent" else None
        if name and name in awaited:
            message = f"“{node['name']}”和别的开始等同一个消息“{name}”，来了不知道从哪里开始。请改名。"
            yield Finding(identity, "start_twice", message)
        awaited.add(name or "")


def _doubled(scopes: Mapping[str, Node]) -> Iterator[Finding]:
    first: dict[str, str] = {}
    for scope in scopes.values():
        for identity, node in scope["nodes"].items():
            if node["type"] in STEPS and first.setdefault(node["name"], identity) != identity:
                message = f"有两个环节都叫“{node['name']}”，待办里分不清。请改名。"
                yield Finding(identity, "name_twice", message, "W")


def _open_joins(nodes: Nodes) -> Iterator[Finding]:
    """Yield inclusive joins that are not the other end of one inclusive gateway."""
    incoming = Counter(flow["to"] for node in nodes.values() for flow in node["flows"])
    splits = [n for n, node in nodes.items() if node["type"] == "inclusiveGateway" and len(node["flows"]) > 1]
    for identity, node in nodes.items():
        is_join = node["type"] == "inclusiveGateway" and incoming[identity] > 1
        if is_join and not any(_encloses(nodes, split, identity) for split in splits if split != identity):
            message = (
                f"包容网关“{node['name']}”汇合的几路不是从同一个包容网关出来的，等谁不好说。请成对地画。"
            )
            yield Finding(identity, "open_join", message, "W")


def _encloses(nodes: Nodes, split: str, join: str) -> bool:
    """Tell whether every way to the join passes the split, and every way from the split the join."""
    ways = ways_of(nodes)
    starts = [name for name, node in nodes.items() if node["type"] == "startEvent"]
    ends = {name for name, node in nodes.items() if node["type"] == "endEvent"}
    round_split = closure(starts, {name: () if name == split else to for name, to in ways.items()})
    round_join = closure([split], {name: () if name == join else to for name, to in ways.items()})
    return join not in round_split and join in round_join and round_join.isdisjoint(ends)


class _Nobody:
    """A host that lends nothing."""

    @property
    def feel(self) -> feel.Host:
        """Return the plain language."""
        return feel.PLAIN

    def call(self, operation: str, inputs: dict[str, object], element: str) -> dict[str, object]:
        """Know no operation."""
        raise NotImplementedError(operation)

    def decision(self, name: str) -> DecisionFile:
        """Know no decision."""
        raise NotImplementedError(name)
