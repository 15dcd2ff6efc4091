"""L1 and L2: who does a step, and what it asks; a form that nobody has drawn follows from the diagram alone."""

from __future__ import annotations

import json
from collections.abc import Iterator

from rules.roles import ROLES
from workflows.engine.xml import documentation, local
from workflows.importer.activities import CHECKLIST
from workflows.importer.choices import CHOICE, gateway_of, labels_of
from workflows.importer.expressions import NUMBER, TICK, kind_of_field
from workflows.importer.model import Change
from workflows.importer.tree import (
    Diagram,
    Element,
    condition_of,
    id_of,
    name_of,
    notes_of,
    written_by,
)
from workflows.importer.words import STEPS, B, W

UNKNOWN = "待指定"
_ALIASES = {
    "专家": "expert", "服务人员": "expert", "专业技术人员": "expert", "协调员": "coordinator",
    "回访员": "return_visitor", "负责人": "provider_manager", "第三方": "provider_manager",
    "第三方服务机构": "provider_manager", "财务": "provider_finance", "保险": "insurer",
    "保险公司": "insurer", "保险机构": "insurer", "客户": "policyholder", "企业": "policyholder",
    "单位": "policyholder", "投保企业": "policyholder", "办公室": "joint_office",
    "联席会议": "joint_office",
}  # fmt: skip
_TITLES = {role.title: role.code for role in ROLES.values() if role.lane} | _ALIASES
_LANE_ROLES = frozenset(role.code for role in ROLES.values() if role.lane)
_LONG = 160


def lanes(diagram: Diagram) -> Iterator[Change]:
    """L1: a lane is a role; where no role bears its name, somebody has to say which one it is."""
    steps = {id_of(node) for node in diagram.all_nodes(STEPS)}
    placed: set[str] = set()
    for lane in diagram.process.iter(f"{B}lane"):
        inside = {(r.text or "").strip() for r in lane.findall(f"{B}flowNodeRef")}
        if _covers(diagram, inside) & steps:
            yield from _lane(diagram, lane)
        if (lane.get("name") or "").strip():
            placed |= _covers(diagram, inside)
    pool = " ".join((diagram.process.get("name") or "").split()).replace('"', "”")[:_LONG]
    for node in diagram.all_nodes(STEPS):
        if id_of(node) in placed or node.get(f"{W}role") or diagram.is_off("L1", id_of(node)):
            continue
        role = role_of(next(iter(notes_of(node, "candidateGroups")), "").replace('"', "”") or pool)
        node.set(f"{W}role", f'"{role}"')
        told = f"“{name_of(node)}”不在任何泳道里，角色先写为“{role}”，请指定由谁办理。"
        yield Change("L1", id_of(node), told, "", role, decide=True)


def role_of(name: str) -> str:
    """Return the role that a name stands for, else a text that says that one has to be chosen."""
    plain = name.strip()
    if plain in _LANE_ROLES or plain.startswith(UNKNOWN):
        return plain
    return _TITLES.get(plain) or (f"{UNKNOWN}（{plain[:_LONG]}）" if plain else UNKNOWN)


def _covers(diagram: Diagram, inside: set[str]) -> set[str]:
    """Return the elements of a lane with those in its sub-processes."""
    found = set(inside)
    for scope in diagram.scopes()[1:]:
        if id_of(scope) in found:
            found |= {id_of(node) for node in diagram.nodes(scope)}
    return found


def _lane(diagram: Diagram, lane: Element) -> Iterator[Change]:
    name = " ".join((lane.get("name") or "").split())
    role = role_of(name)
    if role == name or diagram.is_off("L1", id_of(lane)):
        return
    lane.set("name", role)
    if role in _LANE_ROLES:
        yield Change("L1", id_of(lane), f"泳道“{name}”对应到角色“{ROLES[role].title}”。", name, role)
    else:
        told = f"泳道“{name or '没有名称'}”不是系统里的角色，先写为“{role}”，请对应到角色。"
        yield Change("L1", id_of(lane), told, name, role, decide=True)


def named_forms(diagram: Diagram, known: frozenset[str]) -> Iterator[Change]:
    """L2: a step without a form of ours gets one of its own."""
    for node in diagram.all_nodes(STEPS):
        has_form = node.get(f"{W}form") or (diagram.ours and id_of(node) in known)
        if has_form or diagram.is_off("L2", id_of(node)):
            continue
        form = id_of(node) if id_of(node) not in known else f"{id_of(node)[:50]}_form"
        node.set(f"{W}form", form)
        yield Change("L2", id_of(node), f"“{name_of(node)}”已建空白表单，请补上要填的内容。", "", form)


def forms_of(diagram: Diagram, known: frozenset[str]) -> dict[str, bytes]:
    """Return the forms that the diagram itself gives: documentation as text, choices and conditions as fields."""
    made: dict[str, bytes] = {}
    for node in diagram.all_nodes(STEPS):
        form = node.get(f"{W}form") or id_of(node)
        if form not in known:
            made.setdefault(form, _form(diagram, node, form))
    return made


def _form(diagram: Diagram, node: Element, form: str) -> bytes:
    fields = [_field(diagram, name) for name in written_by(node)]
    text = documentation(node)
    shown = [{"id": "f_text", "type": "text", "text": text[:4000]}] if text else []
    if todo := notes_of(node, CHECKLIST):
        values = [{"value": name, "label": name} for name in dict.fromkeys(todo)]
        shown.append(_question("done", "checklist", "完成的事项", values=values))  # type: ignore[arg-type]  # JSON
    told = {
        "schemaVersion": 18,
        "type": "default",
        "id": form,
        "properties": {"title": name_of(node), "submit": "提交"},
        "components": [*shown, *fields],
    }
    return json.dumps(told, ensure_ascii=False, indent=2).encode()


def _field(diagram: Diagram, name: str) -> dict[str, object]:
    gateway = gateway_of(diagram, name) if name.startswith(CHOICE) else None
    if gateway is not None:
        values = [{"value": v, "label": v} for v in labels_of(diagram, gateway).values()]
        is_one = local(gateway) == "exclusiveGateway"
        label = " ".join((gateway.get("name") or "").split()) or "往哪里走"
        field = _question(name, "radio" if is_one else "checklist", label, values=values)
        return {**field, "validate": {"required": True}}
    if name.startswith("again_"):
        return _question(name, "checkbox", "再来一次")
    conditions = [condition_of(flow) for scope in diagram.scopes() for flow in diagram.flows(scope)]
    kind = kind_of_field(name, conditions)
    needed = {} if kind == TICK else {"validate": {"required": True}}
    extra = {"decimalDigits": 2} if kind == NUMBER else {}
    return {**_question(name, kind, name), **needed, **extra}


def _question(key: str, kind: str, label: str, **more: object) -> dict[str, object]:
    return {"id": f"f_{key}", "type": kind, "key": key, "label": label, **more}
