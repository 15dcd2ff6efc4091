"""A1–A5 and E5: activities of other tools become steps of people unless we know what carries them out."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from workflows.engine.xml import child_text, local
from workflows.importer.expressions import is_feel
from workflows.importer.model import Change
from workflows.importer.tree import (
    Diagram,
    Element,
    definitions_of,
    drop,
    id_of,
    keep_answer,
    name_of,
    note,
    plain_name,
    turn_into,
    unset,
    written_by,
)
from workflows.importer.words import ACTIVITIES, AUTOMATIC, EVENTS, KINDS_ZH, NODES, STEPS, B, W

_FEW, _MOST = 50, 100
CHECKLIST = "checklist"
"""The name of the notes that list what a step has to see done."""


def known_calls(diagram: Diagram, known: frozenset[str]) -> Iterator[Change]:
    """A3: a call of a process that nobody knows becomes a step."""
    for node in [] if diagram.ours else diagram.all_nodes(frozenset({"callActivity"})):
        called = node.get("calledElement") or ""
        if called in known or diagram.is_off("A3", id_of(node)):
            continue
        turn_into(node, "userTask")
        note(node, "calledElement", called)
        told = f"“{name_of(node)}”调用的流程“{called or '没有写'}”找不到，已改为人工环节。"
        yield Change("A3", id_of(node), told, called, "人工环节", decide=True)


def known_decisions(diagram: Diagram, decisions: frozenset[str]) -> Iterator[Change]:
    """A2: a rule task whose note names a decision that we have is bound to it."""
    for node in diagram.all_nodes(frozenset({"businessRuleTask"})):
        notes = node.findall(f"{B}extensionElements/{W}note")
        named = next((str(n.get("value")) for n in notes if str(n.get("value")) in decisions), None)
        if named is None or node.get(f"{W}decision") or diagram.is_off("A2", id_of(node)):
            continue
        node.set(f"{W}decision", named)
        yield Change("A2", id_of(node), f"“{name_of(node)}”已关联决策表“{named}”。", named, named)


def automatic_work(diagram: Diagram) -> Iterator[Change]:
    """A1: what some other system carried out is carried out by a person; its code stays as a note."""
    for node in diagram.all_nodes(AUTOMATIC):
        if _is_bound(diagram, node) or diagram.is_off("A1", id_of(node)):
            continue
        kind, script = local(node), child_text(node, "script") or ""
        turn_into(node, "userTask")
        note(node, "script", script)
        told = f"“{name_of(node)}”没有可执行的绑定，已由{KINDS_ZH[kind]}改为人工环节。"
        yield Change("A1", id_of(node), told, script[:500] or KINDS_ZH[kind], "人工环节")


def _is_bound(diagram: Diagram, node: Element) -> bool:
    if local(node) in ("sendTask", "receiveTask"):
        return diagram.ours or id_of(node) in diagram.bound
    if local(node) == "businessRuleTask":
        return bool(node.get(f"{W}decision"))
    return local(node) == "serviceTask" and node.find(f"{B}extensionElements/{W}operation") is not None


def loose_groups(diagram: Diagram) -> Iterator[Change]:
    """A4: an ad-hoc sub-process becomes a step with a list of things to do, a transaction a plain sub-process."""
    for node in diagram.all_nodes(frozenset({"adHocSubProcess", "transaction"})):
        if diagram.is_off("A4", id_of(node)):
            continue
        kind = local(node)
        if kind == "transaction":
            node.tag = f"{B}subProcess"
            yield Change(
                "A4", id_of(node), f"事务“{name_of(node)}”已改为普通子流程；不支持取消与补偿。", kind
            )
            continue
        inside = [name_of(e) for e in node.iter() if local(e) in ACTIVITIES and e is not node]
        for child in list(node):
            if local(child) not in ("documentation", "extensionElements", "incoming", "outgoing"):
                diagram.remove(child)
        turn_into(node, "userTask")
        for name in inside[:_FEW]:
            note(node, CHECKLIST, name)
        told = f"即席子流程“{name_of(node)}”已改为带清单的人工环节：{'、'.join(inside[:_FEW]) or '空'}。"
        yield Change("A4", id_of(node), told, "、".join(inside)[:500], "人工环节")


def compensation(diagram: Diagram) -> Iterator[Change]:
    """A5: undoing is drawn as plain steps; what was drawn for it becomes a note."""
    for event in diagram.all_nodes(EVENTS):
        found = [d for d in definitions_of(event) if local(d) == "compensateEventDefinition"]
        if not found or diagram.is_off("A5", id_of(event)):
            continue
        told = f"“{name_of(event)}”是补偿事件，不支持；请把补偿画成普通环节。"
        yield Change("A5", id_of(event), told, "补偿", decide=True)
        if local(event) == "boundaryEvent" and len(definitions_of(event)) == 1:
            diagram.remove_with_flows(event)
            continue
        for definition in found:
            drop(definition)
    for node in diagram.all_nodes(NODES):
        if node.get("isForCompensation") not in ("true", "1") or diagram.is_off("A5", id_of(node)):
            unset(node, "isForCompensation")
            continue
        yield Change("A5", id_of(node), f"补偿环节“{name_of(node)}”已移除；请画成普通环节。", name_of(node))
        note(diagram.process, "compensation", name_of(node))
        diagram.remove_with_flows(node)


def repetition(diagram: Diagram) -> Iterator[Change]:
    """E5: how often an activity is repeated is said in numbers or left to the one who does it."""
    for node in diagram.all_nodes(ACTIVITIES):
        if node.get("triggeredByEvent") == "true" and not diagram.is_off("E5", id_of(node)):
            yield from _repeats_by_event(node)
        for several in node.findall(f"{B}multiInstanceLoopCharacteristics"):
            if not diagram.ours and not diagram.is_off("E5", id_of(node)):
                yield from _several(node, several)
        for loop in node.findall(f"{B}standardLoopCharacteristics"):
            if not diagram.is_off("E5", id_of(node)):
                yield from _loop(diagram, node, loop)


def _repeats_by_event(node: Element) -> Iterator[Change]:
    for loop in [child for child in node if local(child).endswith("LoopCharacteristics")]:
        drop(loop)
        told = f"事件子流程“{name_of(node)}”由事件一次次启动，写的重复次数不起作用，已去掉。"
        yield Change("E5", id_of(node), told)


def _several(node: Element, several: Element) -> Iterator[Change]:
    told = child_text(several, "loopCardinality") or ""
    until = child_text(several, "completionCondition") or ""
    if told.isdecimal() and 0 < int(told) <= _FEW and len(several) == 1:
        return
    for child in list(several):
        several.remove(child)
    count = told if told.isdecimal() and 0 < int(told) <= _FEW else "1"
    made = etree.SubElement(several, f"{B}loopCardinality")
    made.text = count
    note(node, "loopCardinality", told if told != count else "")
    note(node, "completionCondition", until)
    message = f"“{name_of(node)}”重复的次数先写为 {count}，请填写次数或列表。"
    yield Change("E5", id_of(node), message, told or until, count, decide=True)


def _loop(diagram: Diagram, node: Element, loop: Element) -> Iterator[Change]:
    maximum, condition = loop.get("loopMaximum") or "", child_text(loop, "loopCondition") or ""
    is_bounded = maximum.isdecimal() and 1 <= int(maximum) <= _MOST
    again = "again_" + plain_name(id_of(node))
    is_said = not condition or (diagram.ours and is_feel(condition))
    if (is_bounded and is_said) or again in written_by(node):
        return
    for child in list(loop):
        loop.remove(child)
    note(node, "loopCondition", condition)
    limit = maximum if is_bounded else "10" if local(node) in STEPS else "1"
    loop.set("loopMaximum", limit)
    told = f"“{name_of(node)}”的循环条件不能执行，最多重复 {limit} 次，请填写次数。"
    if local(node) in STEPS:
        keep_answer(node, again)
        etree.SubElement(loop, f"{B}loopCondition").text = f"{again} = true"
        told = f"“{name_of(node)}”办完时由人选择是否再来一次，最多 {limit} 次。"
    yield Change("E5", id_of(node), told, condition or maximum, limit, decide=True)
