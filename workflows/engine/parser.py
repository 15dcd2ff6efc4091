"""From a checked element tree to the compiled diagram: plain dictionaries that JSON can hold.

The library's own parser is not used: it recurses once per element (480 in a row, then RecursionError),
sorts flows by their place in the drawing, makes processes hidden in extensions startable, and rewires
event-based gateways so that a single timer behind one cannot be named. What it produces is only read back
through its converters anyway; our form is read back by `specs.py` and belongs to us, whatever the library's
next release does.
"""

from __future__ import annotations

from typing import Any  # the compiled form is JSON

from lxml import etree

from workflows.engine import extensions as ours
from workflows.engine.errors import Finding
from workflows.engine.facets import EVENT_SUBPROCESS, LINK, LINKED
from workflows.engine.parser_nodes import catching, is_known, read_element
from workflows.engine.parser_words import DRAWING, KNOWN_ROOTS, REFUSED, REFUSED_ROOTS
from workflows.engine.xml import BPMN, child_text, documentation, local, namespace

FORMAT = 1
MAX_NESTING = 10
_INTERMEDIATE = frozenset({"intermediateCatchEvent", "intermediateThrowEvent"})

Node = dict[str, Any]
Scope = dict[str, Any]


class DiagramReader:
    """Reads one file; `findings` grows while it does, the compiled diagram is what `read` returns."""

    def __init__(self, root: etree._Element) -> None:
        self.root = root
        self.findings: list[Finding] = []
        self.scopes: dict[str, Scope] = {}
        self.names = {
            element.get("id") or "": element
            for kind in ("message", "signal", "error", "escalation")
            for element in root.findall(f"{{{BPMN}}}{kind}")
        }
        self.lanes: dict[str, str] = {}

    def read(self) -> dict[str, object]:
        """Return the compiled diagram; look at `findings` before using it."""
        self.findings.extend(ours.extension_findings(self.root))
        for child in self.root:
            if namespace(child) == BPMN and local(child) not in KNOWN_ROOTS:
                reason = REFUSED_ROOTS.get(local(child), "请删去它")
                self.find(child.get("id"), "unknown_element", f"文件最外层不能有“{local(child)}”：{reason}。")
        self._read_collaboration()
        processes = [p for p in self.root.findall(f"{{{BPMN}}}process") if len(p)]
        if len(processes) != 1:
            self.find(None, "one_process", f"一个文件要有且只有一个流程，这里有 {len(processes)} 个。")
            return {}
        process = processes[0]
        self._read_lanes(process)
        key = process.get("id") or ""
        if not key:
            self.find(None, "id", "流程没有编号。")
        self._read_scope(process, key, None, 0)
        return {
            "format": FORMAT,
            "key": key,
            "name": process.get("name") or key,
            "subject": ours.attribute(process, "subject"),
            "title": ours.attribute(process, "title"),
            "doc": documentation(process),
            "scopes": self.scopes,
            **ours.departs_of(process),
        }

    def find(self, element: str | None, rule: str, message: str) -> None:
        """Note something that is wrong."""
        self.findings.append(Finding(element, rule, message))

    def _read_collaboration(self) -> None:
        for child in self.root.iterfind(f"{{{BPMN}}}collaboration/*"):
            if local(child) in REFUSED:
                self._refuse(child)

    def _refuse(self, element: etree._Element) -> None:
        kind, identity = local(element), element.get("id")
        reason = REFUSED.get(kind, "系统不认识这种元素，请改用能用的元素")
        name = element.get("name") or identity
        self.find(identity, "unknown_element", f"“{name}”（{kind}）不能用：{reason}。")

    def _read_lanes(self, process: etree._Element) -> None:
        for lane in process.iter(f"{{{BPMN}}}lane"):
            name = (lane.get("name") or "").strip()
            for reference in lane.findall(f"{{{BPMN}}}flowNodeRef"):
                if reference.text and name:
                    self.lanes[reference.text.strip()] = name

    def _read_scope(self, holder: etree._Element, key: str, parent: str | None, depth: int) -> None:
        nodes: dict[str, Node] = {}
        self.scopes[key] = {"parent": parent, "nodes": nodes}
        if depth > MAX_NESTING:
            self.find(key, "nesting", f"子流程嵌套超过 {MAX_NESTING} 层。")
            return
        flows = [child for child in holder if _is(child, "sequenceFlow")]
        for child in holder:
            name = local(child)
            if namespace(child) == BPMN and name not in DRAWING and name != "sequenceFlow":
                self._read_node(child, nodes, key, depth)
        for flow in flows:
            self._read_flow(holder, flow, nodes)
        _join_links(nodes)

    def _read_node(self, element: etree._Element, nodes: dict[str, Node], scope: str, depth: int) -> None:
        kind, identity = local(element), element.get("id")
        if not is_known(kind):
            self._refuse(element)
            return
        if not identity:
            self.find(None, "id", f"有一个“{kind}”没有编号。")
            return
        node: Node = {
            "type": kind,
            "name": element.get("name") or identity,
            "doc": documentation(element),
            "lane": self.lanes.get(identity) or self.lanes.get(scope),
            "flows": [],
            **read_element(self.names, element),
        }
        if (node.get("event") or {}).get("kind") == "link" and kind in _INTERMEDIATE:
            node["type"] = LINK
        nodes[identity] = node
        if kind == "subProcess":
            self._read_subprocess(element, identity, scope, depth)
            if element.get("triggeredByEvent") == "true":
                node |= self._read_trigger(element, identity)

    def _read_subprocess(self, element: etree._Element, identity: str, scope: str, depth: int) -> None:
        if self.lanes.get(identity) is None and (lane := self.lanes.get(scope)):
            self.lanes[identity] = lane
        self._read_scope(element, identity, scope, depth + 1)

    def _read_trigger(self, element: etree._Element, identity: str) -> Node:
        """Return what an event sub-process waits for, taken from its start event, which becomes a plain one."""
        nodes = self.scopes[identity]["nodes"]
        starts = [child for child in element if _is(child, "startEvent") and child.get("id") in nodes]
        trigger: Node = {"event": None, "outputs": []}
        for start in starts:
            trigger = catching(self.names, start) | {"interrupting": start.get("isInterrupting") != "false"}
            nodes[start.get("id")] |= {
                "event": None,
                "operation": None,
                "outputs": [],
                "form": None,
                "roles": None,
            }
        return {"type": EVENT_SUBPROCESS, "interrupting": True, **trigger}

    def _read_flow(self, holder: etree._Element, flow: etree._Element, nodes: dict[str, Node]) -> None:
        identity, source, target = flow.get("id") or "", flow.get("sourceRef"), flow.get("targetRef")
        if source not in nodes or target not in nodes:
            self.find(
                identity,
                "dangling_flow",
                f"连线“{identity}”的一端（{source} → {target}）不在同一层里，或者不存在。",
            )
            return
        origin = next(child for child in holder if child.get("id") == source)
        nodes[source]["flows"].append(
            {
                "id": identity,
                "name": flow.get("name"),
                "to": target,
                "when": child_text(flow, "conditionExpression"),
                "default": origin.get("default") == identity,
            },
        )


def _is(element: etree._Element, name: str) -> bool:
    return namespace(element) == BPMN and local(element) == name


def _join_links(nodes: dict[str, Node]) -> None:
    """Lead each start of a link to the end of the same name, by a way that the drawing does not show."""
    links = {identity: node["event"] for identity, node in nodes.items() if node["type"] == LINK}
    ends = {event["name"]: identity for identity, event in links.items() if not event["throws"]}
    for identity, event in links.items():
        if event["throws"] and event["name"] in ends:
            way = {"id": identity + LINKED, "name": None, "to": ends[event["name"]]}
            nodes[identity]["flows"].append({**way, "when": None, "default": False})
