"""Checks of single elements: ways in and out, conditions, events, operations, roles."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from workflows.engine.check_events import Place, Told, event_findings, link_findings, timer_findings
from workflows.engine.errors import Finding
from workflows.engine.facets import ACTIVITIES, EVENT_SUBPROCESS, LINK, STEPS
from workflows.engine.fixes import fix_of
from workflows.engine.model import Node

GATEWAYS = frozenset({"exclusiveGateway", "inclusiveGateway", "parallelGateway", "eventBasedGateway"})
CHOOSING = frozenset({"exclusiveGateway", "inclusiveGateway"})
MAX_LOOP = 100
_NAMED = {
    "businessRuleTask": ("decision", "no_decision", "是决策任务，但没有选决策表。"),
    "callActivity": ("process", "no_process", "是调用活动，但没有写调用哪个流程（calledElement）。"),
}
"""What an element of a kind must name: where it stands, the rule, the sentence if it is missing."""


def node_findings(nodes: Mapping[str, Node]) -> Iterator[Finding]:
    """Yield what is wrong with the elements of one scope."""
    incoming = Counter(flow["to"] for node in nodes.values() for flow in node["flows"])
    for identity, node in nodes.items():
        place = Place(identity, node, nodes, incoming)
        ways = _WAYS.get(node["type"], _ways)
        for check in (ways, _conditions, _task, event_findings, timer_findings, _loop):
            for rule, message in check(place):
                yield Finding(identity, rule, f"“{node['name']}”{message}", fix=fix_of(rule, place))


def _ways(place: Place) -> Told:
    kind, out, arriving = place.node["type"], len(place.node["flows"]), place.incoming[place.identity]
    if kind == "endEvent":
        if out:
            yield "outgoing", "是结束事件，不能再有出口。"
    elif not out:
        yield "no_outgoing", "没有出口；要么连到下一步，要么连到结束事件。"
    elif out > 1 and kind not in GATEWAYS:
        yield "several_outgoing", "有几个出口；请用网关画出是选一个还是同时走。"
    if kind in ("startEvent", "boundaryEvent"):
        if arriving:
            yield "incoming", "是开始事件或边界事件，不能有入口。"
    elif not arriving:
        yield "unreachable", "没有入口，永远走不到。"


def _no_ways(place: Place) -> Told:
    if place.node["flows"] or place.incoming[place.identity]:
        yield "event_subprocess", "是事件子流程，由事件启动，不能有入口和出口。"


def _conditions(place: Place) -> Told:
    flows = place.node["flows"]
    if place.node["type"] not in CHOOSING:
        if any(flow["when"] for flow in flows):
            yield "condition_place", "不是排他或包容网关，出口上的条件不会起作用；请改用网关。"
        return
    if len(flows) < 2:
        return
    if not any(flow["default"] for flow in flows):
        yield "no_default", "没有缺省出口；请指定条件都不成立时走哪条线。"
    for flow in flows:
        if flow["default"] and flow["when"]:
            yield "default_condition", f"的缺省出口“{flow['name'] or flow['id']}”不能再写条件。"
        if not flow["default"] and not flow["when"]:
            yield "no_condition", f"的出口“{flow['name'] or flow['id']}”没有条件。"


def _task(place: Place) -> Told:
    node = place.node
    kind, operation = node["type"], node.get("operation")
    if kind in STEPS and not node["lane"] and not node["role"]:
        yield "no_role", "不在任何泳道里，也没有写角色，不知道由谁办理。"
    if kind == "serviceTask" and operation is None:
        yield "no_operation", "是服务任务，但没有选操作目录里的操作。"
    if operation is not None and not operation["name"]:
        yield "no_operation", "调用的操作没有名称。"
    if kind in _NAMED and not node[_NAMED[kind][0]]:
        yield _NAMED[kind][1:]
    names = [name for name, _ in node.get("outputs", ())]
    for name, count in Counter(names).items():
        if count > 1:
            yield "output_twice", f"把变量“{name}”写了两次。"
        if name.startswith("__"):
            yield "output_name", f"的变量名“{name}”不能以两个下划线开头。"


def _loop(place: Place) -> Told:
    node, loop = place.node, place.node.get("loop")
    if loop is None:
        return
    if node["type"] not in ACTIVITIES:
        yield "loop", "不能重复；只有环节和子流程可以。"
    if loop["kind"] == "standard":
        if not 1 <= (loop["maximum"] or 0) <= MAX_LOOP:
            yield "loop", f"要写最多重复几次（loopMaximum，1 到 {MAX_LOOP}）。"
        return
    if bool(loop["cardinality"]) == bool(loop["collection"]):
        yield "loop", "是多实例，要写次数或列表，二者选一。"
    if bool(loop["output"]) != bool(loop["result"]):
        yield "loop", "的结果列表和每次的结果变量要一起写。"
    if loop["output"] and loop["output"] in (loop["collection"], loop["item"], loop["result"]):
        yield "loop", f"的结果列表要用一个新的变量名，不能是“{loop['output']}”。"


_WAYS = {EVENT_SUBPROCESS: _no_ways, LINK: link_findings}
