"""F and G: flows that end nowhere, branches that other tools leave unsaid, defaults, gateways that do not run here."""

from __future__ import annotations

from collections.abc import Iterator

from workflows.engine.xml import local
from workflows.importer.model import Change
from workflows.importer.tree import (
    Diagram,
    Element,
    condition_of,
    definitions_of,
    drop,
    drop_condition,
    id_of,
    name_of,
    note,
    scope_of,
    turn_into,
    unset,
)
from workflows.importer.words import ACTIVITIES, CHOOSING, EVENTS, GATEWAYS, STEPS, B

_OTHERWISE = frozenset({"否则", "其他", "其它", "else", "otherwise", "default", "other"})
_WAITING = frozenset({"intermediateCatchEvent", "receiveTask"})


def dangling_flows(diagram: Diagram) -> Iterator[Change]:
    """F1: a flow joins two elements of one scope, leaves no end and enters no start."""
    for scope in diagram.scopes():
        nodes = {id_of(node): node for node in diagram.nodes(scope)}
        for flow in diagram.flows(scope):
            source, target = (nodes.get(flow.get(name) or "") for name in ("sourceRef", "targetRef"))
            reason = _wrong(source, target)
            if reason and not diagram.is_off("F1", id_of(flow)):
                yield Change("F1", id_of(flow), f"断开的连线已删除：{reason}。", _ends(flow))
                drop(flow)


def _wrong(source: Element | None, target: Element | None) -> str:
    if source is None or target is None:
        return "一端不存在，或者不在同一层里"
    if local(target) in ("startEvent", "boundaryEvent"):
        return f"它进入开始事件或边界事件“{name_of(target)}”"
    if target.get("triggeredByEvent") == "true" or source.get("triggeredByEvent") == "true":
        return "它连着事件子流程，那要由事件启动"
    return ""


def _ends(flow: Element) -> str:
    name = f"{flow.get('name')}：" if flow.get("name") else ""
    return f"{name}{flow.get('sourceRef')} → {flow.get('targetRef')}"


def ends_that_go_on(diagram: Diagram) -> Iterator[Change]:
    """F1: an end event with flows behind it is no end; what it throws, it throws in passing."""
    for node in diagram.all_nodes(frozenset({"endEvent"})):
        if not diagram.out(node) or diagram.is_off("F1", id_of(node)):
            continue
        kinds = {local(definition) for definition in definitions_of(node)}
        node.tag = f"{B}intermediateThrowEvent"
        if kinds & {"errorEventDefinition", "terminateEventDefinition", "cancelEventDefinition"}:
            turn_into(node, "intermediateThrowEvent")
        yield Change(
            "F1", id_of(node), f"结束事件“{name_of(node)}”后面还有连线，已改为中间事件。", "结束事件"
        )


def implicit_branches(diagram: Diagram) -> Iterator[Change]:
    """G1: several flows out of an activity or event are drawn as the gateway that they mean."""
    for node in diagram.all_nodes(ACTIVITIES | EVENTS):
        flows = diagram.out(node)
        if len(flows) < 2 or diagram.is_off("G1", id_of(node)):
            continue
        conditional = any(condition_of(flow) for flow in flows) or node.get("default") is not None
        kind = "inclusiveGateway" if conditional else "parallelGateway"
        diagram.insert_after(node, kind, "")
        told = "包容" if conditional else "并行"
        yield Change(
            "G1", id_of(node), f"“{name_of(node)}”的 {len(flows)} 个出口已画成{told}网关。", "", f"{told}网关"
        )


def complex_gateways(diagram: Diagram) -> Iterator[Change]:
    """G5: a complex gateway joins as a parallel one and splits as an inclusive one."""
    for node in diagram.all_nodes(frozenset({"complexGateway"})):
        if diagram.is_off("G5", id_of(node)):
            continue
        kind = "parallelGateway" if len(diagram.out(node)) < 2 else "inclusiveGateway"
        default = node.get("default")
        turn_into(node, kind)
        if default and kind == "inclusiveGateway":
            node.set("default", default)
        told = "并行" if kind == "parallelGateway" else "包容"
        yield Change(
            "G5", id_of(node), f"复杂网关“{name_of(node)}”已简化为{told}网关。", "复杂网关", told, decide=True
        )


def event_gateways(diagram: Diagram) -> Iterator[Change]:
    """E8: an event gateway waits for events alone; before anything else a person chooses."""
    for gateway in diagram.all_nodes(frozenset({"eventBasedGateway"})):
        flows = diagram.out(gateway)
        targets = [diagram.node(flow.get("targetRef") or "") for flow in flows]
        fits = len(flows) > 1 and all(t is not None and _may_follow(diagram, t) for t in targets)
        if fits or diagram.is_off("E8", id_of(gateway)):
            continue
        turn_into(gateway, "exclusiveGateway")
        told = f"事件网关“{name_of(gateway)}”后面不都是等待的事件，已改为人工选择。"
        yield Change("E8", id_of(gateway), told, "事件网关", "排他网关", decide=True)


def _may_follow(diagram: Diagram, target: Element) -> bool:
    if local(target) not in _WAITING or len(diagram.into(target)) > 1 or diagram.boundaries(target):
        return False
    if any(local(child).endswith("LoopCharacteristics") for child in target):
        return False
    kinds = {local(one) for one in definitions_of(target)}
    return local(target) == "receiveTask" or bool(kinds - {"linkEventDefinition"})


def defaults(diagram: Diagram) -> Iterator[Change]:
    """G2: an exclusive or inclusive gateway has a default flow, and that has no condition."""
    for gateway in diagram.all_nodes(GATEWAYS):
        flows = diagram.out(gateway)
        default = gateway.get("default")
        own = {id_of(flow): flow for flow in flows}
        if local(gateway) not in CHOOSING or len(flows) < 2:
            unset(gateway, "default")
            continue
        if default not in own and not diagram.is_off("G2", id_of(gateway)):
            chosen = _otherwise(flows)
            gateway.set("default", id_of(chosen))
            told = chosen.get("name") or _target_name(diagram, chosen)
            message = f"“{name_of(gateway)}”没有缺省分支，先定为“{told}”，请确认默认分支。"
            yield Change("G2", id_of(gateway), message, "", told, decide=True)
        flow = own.get(gateway.get("default") or "")
        if flow is not None and condition_of(flow) and not diagram.is_off("G4", id_of(flow)):
            yield _without_condition(flow, f"缺省分支“{flow.get('name') or id_of(flow)}”")


def _otherwise(flows: list[Element]) -> Element:
    """Return the flow that is best the default: the one named so, the only one without a condition, the last."""
    named = [flow for flow in flows if (flow.get("name") or "").strip().lower() in _OTHERWISE]
    bare = [flow for flow in flows if not condition_of(flow)]
    return (named or (bare if len(bare) == 1 else []) or flows[-1:])[0]


def _target_name(diagram: Diagram, flow: Element) -> str:
    target = diagram.node(flow.get("targetRef") or "")
    return id_of(flow) if target is None else name_of(target)


def misplaced_conditions(diagram: Diagram) -> Iterator[Change]:
    """G4: a condition counts only behind a gateway that decides between several ways."""
    for node in diagram.all_nodes():
        flows = diagram.out(node)
        if len(flows) > 1 and (local(node) in CHOOSING or local(node) in ACTIVITIES | EVENTS):
            continue
        for flow in flows:
            if condition_of(flow) and not diagram.is_off("G4", id_of(flow)):
                yield _without_condition(flow, f"“{name_of(node)}”的出口")


def _without_condition(flow: Element, whose: str) -> Change:
    text = condition_of(flow)
    note(flow, "condition", text)
    drop_condition(flow)
    return Change("G4", id_of(flow), f"{whose}上的条件不起作用，已移到说明里。", text[:500])


def starving_join(diagram: Diagram, element: str) -> Iterator[Change]:
    """G7: a parallel join that some way never reaches waits only for those that can still come."""
    node = diagram.node(element)
    if node is None or local(node) != "parallelGateway" or diagram.is_off("G7", element):
        return
    if len(diagram.out(node)) > 1:
        diagram.insert_after(node, "parallelGateway", "")
    node.tag = f"{B}inclusiveGateway"
    told = f"并行网关“{name_of(node)}”会等不到的分支，已改为包容网关：只等还能到的。"
    yield Change("G7", element, told, "并行网关", "包容网关", decide=True)


def sleepless_circle(diagram: Diagram, element: str) -> Iterator[Change]:
    """S5: a circle in which nobody and nothing waits gets a step."""
    node = diagram.node(element)
    if node is None or local(node) in STEPS or diagram.is_off("S5", element):
        return
    if not diagram.into(node):
        return
    step = diagram.insert_before(node, "userTask", "继续")
    told = f"“{name_of(node)}”在一个不停转的圈里，前面加了人工环节“继续”。"
    yield Change("S5", element, told, "", id_of(step), decide=True)


def no_end_at_all(diagram: Diagram, element: str) -> Iterator[Change]:
    """S4: a scope that is one great circle can be left behind its last element."""
    for scope in diagram.scopes():
        if id_of(scope) == element:
            going_on = [node for node in diagram.nodes(scope) if diagram.out(node)]
            yield from endless_circle(diagram, id_of(going_on[-1]) if going_on else "")


def endless_circle(diagram: Diagram, element: str) -> Iterator[Change]:
    """S4: from where no end can be reached a person may go on or end."""
    node = diagram.node(element)
    if node is None or diagram.is_off("S4", element) or not diagram.out(node):
        return
    gateway = diagram.insert_after(node, "exclusiveGateway", "继续还是结束？")
    way = diagram.out(gateway)[0] if diagram.out(gateway) else None
    end = diagram.add_node("endEvent", "结束", node, scope_of(node))
    diagram.add_flow(gateway, end, "结束")
    if way is not None:
        gateway.set("default", id_of(way))
    told = f"从“{name_of(node)}”走不到结束，后面加了“继续还是结束？”由人选择。"
    yield Change("S4", element, told, "", id_of(end), decide=True)
