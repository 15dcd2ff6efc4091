"""Checks of events: what may stand where, what it waits for, where a link leads, when a timer fires."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from msgspec import Struct

from workflows.engine.facets import ACTIVITIES, EVENT_SUBPROCESS, LINK, LINKED
from workflows.engine.model import Node
from workflows.engine.timing import CYCLE, MAX_ROUNDS

AFTER_EVENT_GATEWAY = frozenset({"intermediateCatchEvent", "receiveTask"})
_OUTSIDE = frozenset({"message", "signal", "timer"})
_AROUND = _OUTSIDE | {"condition", "error", "escalation"}
PLACES: Mapping[str, frozenset[str]] = {
    "startEvent": _OUTSIDE,
    EVENT_SUBPROCESS: _AROUND,
    "boundaryEvent": _AROUND,
    "intermediateCatchEvent": _OUTSIDE | {"condition"},
    "receiveTask": frozenset({"message"}),
    "callActivity": frozenset({"message"}),
    "intermediateThrowEvent": frozenset({"message", "signal", "escalation"}),
    "sendTask": frozenset({"message"}),
    "endEvent": frozenset({"message", "signal", "error", "escalation", "terminate"}),
    LINK: frozenset({"link"}),
}
"""The kinds of events that run at each place; those without a kind are looked at by their owners."""
_ELSEWHERE = {
    "condition": "条件事件只能在流程中间等，或挂在环节、子流程上；请改用消息或定时开始，再接一个条件事件",
    "error": "错误只能由结束事件抛出，由子流程的边界或事件子流程接住；请把抛出的一段画成子流程",
    "escalation": "升级只能由子流程的边界或事件子流程接住；请把抛出的一段画成子流程",
    "terminate": "终止只能是结束事件；请改用终止结束事件",
    "link": "链接只能是中间事件；请直接连线",
}

Told = Iterator[tuple[str, str]]


class Place(Struct, frozen=True):
    """An element with its surroundings."""

    identity: str
    node: Node
    nodes: Mapping[str, Node]
    incoming: Counter[str]


def event_findings(place: Place) -> Told:
    """Yield what is wrong with what an element waits for or throws."""
    kind, event = place.node["type"], place.node.get("event")
    if event is not None and event["kind"] == "unsupported":
        yield "unsupported_event", f"的事件不支持：{event['what']}。"
        return
    if event is None and kind in ("boundaryEvent", "intermediateCatchEvent", "receiveTask", EVENT_SUBPROCESS):
        yield "no_event", "没有写等的是什么（时间、消息……）。"
    if event is not None:
        yield from _given(place.node, event)
    if kind == "boundaryEvent":
        yield from _boundary(place.node, place.nodes)
    if kind == "eventBasedGateway":
        yield from _event_gateway(place)


def _given(node: Node, event: Node) -> Told:
    kind = event["kind"]
    if kind not in PLACES[node["type"]]:
        yield "event_place", f"的事件不能用在这里：{_ELSEWHERE[kind]}。"
    if kind in ("message", "signal") and not event["name"]:
        yield "no_message", "没有写消息或信号的名称。"
    if kind == "condition" and not event["text"]:
        yield "no_condition", "是条件事件，但没有写条件。"
    if kind == "error" and node.get("interrupting") is False:
        yield "interrupting", "是错误事件，必须中断。"


def link_findings(place: Place) -> Told:
    """Yield what is wrong with the way into or out of a link; its two ends are joined by name."""
    node, flows = place.node, place.node["flows"]
    name, drawn = node["event"]["name"], [flow for flow in flows if not flow["id"].endswith(LINKED)]
    others = [other["event"] for other in place.nodes.values() if other["type"] == LINK]
    ends = sum(not event["throws"] and event["name"] == name for event in others)
    if not name:
        yield "link", "是链接事件，但没有写链接的名称。"
    elif ends != 1:
        yield "link", f"这个链接“{name}”在同一层里要有且只有一个终点，这里有 {ends} 个。"
    elif not place.incoming[place.identity]:
        yield "unreachable", "没有入口，也没有同名的链接起点，永远走不到。"
    if node["event"]["throws"]:
        if drawn:
            yield "outgoing", "是链接的起点，走到同名的终点去，不能再有出口。"
    else:
        if len(drawn) != 1:
            yield "no_outgoing", "是链接的终点，要有且只有一个出口。"
        if any(
            flow["to"] == place.identity and not flow["id"].endswith(LINKED)
            for other in place.nodes.values()
            for flow in other["flows"]
        ):
            yield "incoming", "是链接的终点，只能由同名的起点到达，不能有连线进来。"


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
        elif target.get("loop"):
            yield "event_gateway", f"后面的接收任务“{target['name']}”不能重复。"
        elif place.incoming[flow["to"]] > 1:
            yield "event_gateway", f"后面的事件“{target['name']}”不能再有别的入口。"
        elif any(node.get("attached") == flow["to"] for node in place.nodes.values()):
            yield "event_gateway", f"后面的接收任务“{target['name']}”不能挂边界事件。"


def timer_findings(place: Place) -> Told:
    """Yield what is wrong with when a timer fires."""
    node, event = place.node, place.node.get("event")
    if event is None or event["kind"] != "timer":
        return
    if event["form"] is None:
        yield "timer", "的定时要写且只写一种：时刻、时长或循环。"
        return
    if event["form"] != "cycle":
        return
    if node["type"] != "startEvent" and node.get("interrupting") is not False:
        yield "timer_cycle", "的循环定时只能用在启动事件、不中断的边界事件或事件子流程上。"
    match = CYCLE.fullmatch(event["text"])
    if match and not 1 <= int(match[1]) <= MAX_ROUNDS:
        yield "timer_cycle", f"的循环次数要在 1 到 {MAX_ROUNDS} 之间。"
