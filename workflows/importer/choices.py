"""G3: where no condition can be computed, a person chooses: one field in the step before, one condition a flow."""

from __future__ import annotations

from collections.abc import Iterator

from workflows.engine.xml import local
from workflows.importer.expressions import Said, is_feel, said_in_feel
from workflows.importer.model import Change
from workflows.importer.tree import (
    Diagram,
    Element,
    condition_of,
    drop_condition,
    id_of,
    keep_answer,
    may_repeat,
    name_of,
    note,
    plain_name,
    scope_of,
    set_condition,
    written_by,
)
from workflows.importer.words import CHOOSING, STEPS

CHOICE = "choice_"
"""How the variable of a choice begins; the id of its gateway follows."""


def human_choices(diagram: Diagram) -> Iterator[Change]:
    """G3: translate what is trivial; if one flow of a gateway cannot be told, a person chooses among all."""
    for gateway in diagram.all_nodes(CHOOSING):
        asked = [f for f in diagram.out(gateway) if id_of(f) != gateway.get("default")]
        if len(diagram.out(gateway)) < 2 or all(_is_settled(diagram, flow) for flow in asked):
            continue
        if diagram.is_off("G3", id_of(gateway)) or gateway.get("default") is None:
            continue
        said = {id_of(flow): said_in_feel(condition_of(flow)) for flow in asked}
        known = {flow: one for flow, one in said.items() if one is not None}
        if len(known) == len(said):
            yield _translate(diagram, gateway, known)
        else:
            yield _ask(diagram, gateway)


def labels_of(diagram: Diagram, gateway: Element) -> dict[str, str]:
    """Return what the flows of a gateway are called where a person chooses, by their ids."""
    labels: dict[str, str] = {}
    for flow in diagram.out(gateway):
        target = diagram.node(flow.get("targetRef") or "")
        told = " ".join((flow.get("name") or "").split()) or ("" if target is None else name_of(target))
        label = told.replace('"', "”").replace("\\", "/")[:80] or "往下走"
        taken, n, base = set(labels.values()), 2, label
        while label in taken:
            label, n = f"{base}（{n}）", n + 1
        labels[id_of(flow)] = label
    return labels


def gateway_of(diagram: Diagram, variable: str) -> Element | None:
    """Return the gateway that a variable chooses at."""
    found = (g for g in diagram.all_nodes(CHOOSING) if CHOICE + plain_name(id_of(g)) == variable)
    return next(found, None)


def _is_settled(diagram: Diagram, flow: Element) -> bool:
    text = condition_of(flow)
    return bool(text) and is_feel(text) and (diagram.ours or id_of(flow) in diagram.settled)


def _translate(diagram: Diagram, gateway: Element, said: dict[str, Said]) -> Change:
    before = "；".join(condition_of(flow) for flow in diagram.out(gateway) if condition_of(flow))
    for flow in diagram.out(gateway):
        if id_of(flow) in said:
            set_condition(flow, said[id_of(flow)].text)
            diagram.settled.add(id_of(flow))
    fields = sorted({name for one in said.values() for name in one.fields})
    written = {name for node in diagram.all_nodes() for name in written_by(node)}
    missing = [name for name in fields if name not in written]
    if missing:
        step = _step_before(diagram, gateway)
        for name in missing:
            keep_answer(step, name)
    told = f"“{name_of(gateway)}”的条件已改写；用到的 {'、'.join(fields)} 由前一步的表单填写，请核对。"
    return Change(
        "G3", id_of(gateway), told, before[:500], "；".join(s.text for s in said.values()), decide=True
    )


def _ask(diagram: Diagram, gateway: Element) -> Change:
    labels = labels_of(diagram, gateway)
    variable = CHOICE + plain_name(id_of(gateway))
    before = [condition_of(flow) for flow in diagram.out(gateway) if condition_of(flow)]
    for flow in diagram.out(gateway):
        note(gateway, f"condition {labels[id_of(flow)]}", condition_of(flow))
        drop_condition(flow)
        if id_of(flow) != gateway.get("default"):
            label = labels[id_of(flow)]
            is_one = local(gateway) == "exclusiveGateway"
            set_condition(
                flow, f'{variable} = "{label}"' if is_one else f'list contains({variable}, "{label}")'
            )
            diagram.settled.add(id_of(flow))
    step = _step_before(diagram, gateway)
    keep_answer(step, variable)
    told = f"“{name_of(gateway)}”走哪一路，在“{name_of(step)}”里由人选择：{'、'.join(labels.values())}；可改为条件。"
    return Change(
        "G3", id_of(gateway), told, "；".join(before)[:500], "、".join(labels.values())[:500], decide=True
    )


def _step_before(diagram: Diagram, gateway: Element) -> Element:
    """Return the step that surely comes just before the gateway, a new one if there is none."""
    ways = diagram.into(gateway)
    if len(ways) == 1:
        node = diagram.node(ways[0].get("sourceRef") or "")
        if node is not None and local(node) in STEPS and not may_repeat(node) and _is_alone(diagram, node):
            return node
    name = gateway.get("name") or "选择"
    return diagram.insert_before(gateway, "userTask", f"选择：{name}" if name != "选择" else name)


def _is_alone(diagram: Diagram, node: Element) -> bool:
    return len(diagram.out(node)) == 1 and scope_of(node) is not None
