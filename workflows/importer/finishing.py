"""From the rewritten tree to bytes: children in the schema's order, references rebuilt, one form of writing."""

from __future__ import annotations

from collections.abc import Mapping

from lxml import etree

from workflows.engine.xml import local
from workflows.importer.pictures import Picture, write_picture
from workflows.importer.tree import Diagram, Element, drop, id_of
from workflows.importer.words import ARTEFACTS, EXPRESSIONS, XSI_TYPE, B

_FIRST: Mapping[str, int] = {
    "documentation": 0, "extensionElements": 1, "incoming": 2, "outgoing": 3,
    "loopCardinality": 4, "loopDataInputRef": 5, "loopDataOutputRef": 6, "inputDataItem": 7,
    "outputDataItem": 8, "completionCondition": 9,
    "participant": 4, "messageFlow": 5,
    "standardLoopCharacteristics": 10, "multiInstanceLoopCharacteristics": 10,
    "laneSet": 11, "flowNodeRef": 4, "childLaneSet": 5,
}  # fmt: skip
_MIDDLE, _LAST = 12, 13


def finished(diagram: Diagram, picture: Picture) -> bytes:
    """Return the file of a diagram."""
    _rebuild_references(diagram)
    for element in list(diagram.root.iter()):
        if local(element) in EXPRESSIONS:
            element.set(XSI_TYPE, "bpmn:tFormalExpression")
        _sort_attributes(element)
        if element is not diagram.root and len(element) > 1:
            element[:] = sorted(element, key=_rank)
    collaboration = diagram.root.find(f"{B}collaboration")
    plane = diagram.process if collaboration is None else collaboration
    write_picture(diagram.root, id_of(plane), picture)
    etree.indent(diagram.root)
    return etree.tostring(diagram.root, encoding="UTF-8", xml_declaration=True) + b"\n"


def _sort_attributes(element: Element) -> None:
    given = {str(name): str(value) for name, value in element.attrib.items() if value or name != "name"}
    element.attrib.clear()
    for name in sorted(given, key=lambda one: (one != "id", one != "name", one)):
        element.set(name, given[name])


def _rank(element: Element) -> int:
    return _LAST if local(element) in ARTEFACTS else _FIRST.get(local(element), _MIDDLE)


def _rebuild_references(diagram: Diagram) -> None:
    """F2: what a node says of its flows, and a lane of its nodes, follows from the flows and nodes themselves."""
    known: set[str] = set()
    for stale in list(diagram.process.iter(f"{B}incoming", f"{B}outgoing")):
        drop(stale)
    for scope in diagram.scopes():
        nodes = {id_of(node): node for node in diagram.nodes(scope)}
        known |= nodes.keys()
        for flow in diagram.flows(scope):
            for end, name in (("sourceRef", "outgoing"), ("targetRef", "incoming")):
                if (node_at := nodes.get(flow.get(end) or "")) is not None:
                    etree.SubElement(node_at, f"{B}{name}").text = id_of(flow)
    _rebuild_lanes(diagram, known)
    ids = {str(element.get("id")) for element in diagram.root.iter() if element.get("id")}
    for line in list(diagram.root.iter(f"{B}association", f"{B}messageFlow")):
        if line.get("sourceRef") not in ids or line.get("targetRef") not in ids:
            drop(line)  # what it joined has been told of as gone


def _rebuild_lanes(diagram: Diagram, known: set[str]) -> None:
    seen: set[tuple[str, str]] = set()
    for lane in list(diagram.process.iter(f"{B}lane")):
        for reference in lane.findall(f"{B}flowNodeRef"):
            name = (reference.text or "").strip()
            if name not in known or (id_of(lane), name) in seen:
                drop(reference)
            reference.text = name
            seen.add((id_of(lane), name))
