"""Checks of single elements: ways in and out, conditions, events, operations, roles."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from workflows.engine.errors import Finding
from workflows.engine.facets import EVENT_SUBPROCESS, STEPS
from workflows.engine.model import Node
from workflows.engine.timing import CYCLE, MAX_ROUNDS

ACTIVITIES = STEPS | {"serviceTask", "businessRuleTask", "sendTask", "receiveTask", "subProcess"}
GATEWAYS = frozenset({"exclusiveGateway", "inclusiveGateway", "parallelGateway", "eventBasedGateway"})
CHOOSING = frozenset({"exclusiveGateway", "inclusiveGateway"})
AFTER_EVENT_GATEWAY = frozenset({"intermediateCatchEvent", "receiveTask"})
MAX_LOOP = 100


Told = Iterator[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Place:
    """An element with its surroundings."""

    identity: str
    node: Node
    nodes: Mapping[str, Node]
    incoming: Counter[str]


def node_findings(nodes: Mapping[str, Node]) -> Iterator[Finding]:
    """Yield what is wrong with the elements of one scope."""
    incoming = Counter(flow["to"] for node in nodes.values() for flow in node["flows"])
    for identity, node in nodes.items():
        place = Place(identity, node, nodes, incoming)
        ways = _no_ways if node["type"] == EVENT_SUBPROCESS else _ways
        for check in (ways, _conditions, _task, _events, _error, _timer, _loop):
            for rule, message in check(place):
                yield Finding(identity, rule, f"“{node['name']}”{message}")


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
    if kind == "businessRuleTask" and not node["decision"]:
        yield "no_decision", "是决策任务，但没有选决策表。"
    names = [name for name, _ in node.get("outputs", ())]
    for name, count in Counter(names).items():
        if count > 1:
            yield "output_twice", f"把变量“{name}”写了两次。"
        if name.startswith("__"):
            yield "output_name", f"的变量名“{name}”不能以两个下划线开头。"


def _events(place: Place) -> Told:
    kind, event = place.node["type"], place.node.get("event")
    if event is not None and event["kind"] == "unsupported":
        yield "unsupported_event", f"的事件不支持：{event['what']}。"
        return
    if event is None and kind in ("boundaryEvent", "intermediateCatchEvent", "receiveTask", EVENT_SUBPROCESS):
        yield "no_event", "没有写等的是什么（时间、消息……）。"
    if event is not None and event["kind"] in ("message", "signal") and not event["name"]:
        yield "no_message", "没有写消息或信号的名称。"
    if event is not None and event["kind"] == "condition" and not event["text"]:
        yield "no_condition", "是条件事件，但没有写条件。"
    if kind == "boundaryEvent":
        yield from _boundary(place.node, place.nodes)
    if kind == "eventBasedGateway":
        yield from _event_gateway(place)


def _error(place: Place) -> Told:
    event = place.node.get("event")
    if event is not None and event["kind"] == "error" and place.node.get("interrupting") is False:
        yield "interrupting", "是错误事件，必须中断。"


def _boundary(node: Node, nodes: Mapping[str, Node]) -> Told:
    host = nodes.get(node["attached"] or "")
    if host is None or host["type"] not in ACTIVITIES:
        yield "attached", "没有挂在同一层的环节或子流程上。"
    event = node["event"]
    if event is None or host is None:
        return
    if event["kind"] in ("error", "escalation") and host["type"] != "subProcess":
        yield "attached", "是错误或升级事件，只能挂在子流程上。"


def _event_gateway(place: Place) -> Told:
    if len(place.node["flows"]) < 2:
        yield "event_gateway", "是事件网关，要有两个以上的出口。"
    for flow in place.node["flows"]:
        target = place.nodes[flow["to"]]
        if target["type"] not in AFTER_EVENT_GATEWAY or target.get("event") is None:
            yield "event_gateway", f"是事件网关，后面只能接等待的事件，不能接“{target['name']}”。"
        elif place.incoming[flow["to"]] > 1:
            yield "event_gateway", f"后面的事件“{target['name']}”不能再有别的入口。"
        elif any(node.get("attached") == flow["to"] for node in place.nodes.values()):
            yield "event_gateway", f"后面的接收任务“{target['name']}”不能挂边界事件。"


def _timer(place: Place) -> Told:
    node, event = place.node, place.node.get("event")
    if event is None or event["kind"] != "timer":
        return
    if event["form"] is None:
        yield "timer", "的定时要写且只写一种：时刻、时长或循环。"
        return
    if event["form"] != "cycle" or node["type"] == "startEvent":
        return
    if node["type"] not in ("boundaryEvent", EVENT_SUBPROCESS) or node["interrupting"]:
        yield "timer_cycle", "的循环定时只能用在不中断的边界事件或事件子流程上。"
    match = CYCLE.fullmatch(event["text"])
    if match and not 1 <= int(match[1]) <= MAX_ROUNDS:
        yield "timer_cycle", f"的循环次数要在 1 到 {MAX_ROUNDS} 之间。"


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
