"""D1: data of other tools is only drawing here; what people fill in stands in forms."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from workflows.engine.xml import local
from workflows.importer.model import Change
from workflows.importer.tree import Element, drop, id_of, name_of, unset
from workflows.importer.words import ARTEFACTS, DATA, B

_ASSOCIATIONS = frozenset({"dataInputAssociation", "dataOutputAssociation"})


def flatten_data(root: Element) -> Iterator[Change]:
    """Turn the flow of data into dotted lines between the drawings; nothing of it runs."""
    drawn = {id_of(e) for e in root.iter() if local(e) in DATA}
    for owner in [e for e in root.iter() if any(local(c) in _ASSOCIATIONS for c in e)]:
        for association in [c for c in owner if local(c) in _ASSOCIATIONS]:
            _redraw(owner, association, drawn)
        message = f"“{name_of(owner)}”读写的数据只作说明，字段请在表单里定义。"
        yield Change("D1", id_of(owner), message)
    yield from _without_object(root)


def _redraw(owner: Element, association: Element, drawn: set[str]) -> None:
    incoming = local(association) == "dataInputAssociation"
    ends = [
        (e.text or "").strip() for e in association.iter(f"{B}sourceRef" if incoming else f"{B}targetRef")
    ]
    identity = association.get("id")
    drop(association)
    scope = owner.getparent()
    if identity is None or scope is None or not ends or ends[0] not in drawn:
        return
    source, target = (ends[0], id_of(owner)) if incoming else (id_of(owner), ends[0])
    line = {"id": identity, "associationDirection": "One", "sourceRef": source, "targetRef": target}
    etree.SubElement(scope, f"{B}association", line)


def _without_object(root: Element) -> Iterator[Change]:
    """Give every drawing of a data object the object that it stands for, and drop lines that end nowhere."""
    known = {id_of(e) for e in root.iter() if e.get("id")}
    for name, attribute in (("dataObjectReference", "dataObjectRef"), ("dataStoreReference", "dataStoreRef")):
        for reference in root.iter(f"{B}{name}"):
            if reference.get(attribute) is not None and reference.get(attribute) not in known:
                yield Change("D1", id_of(reference), f"“{name_of(reference)}”没有对应的数据定义，只作说明。")
                del reference.attrib[attribute]
    for group in root.iter(f"{B}group"):
        if group.get("categoryValueRef") not in known:
            unset(group, "categoryValueRef")
    for line in [e for e in root.iter() if local(e) in ARTEFACTS and local(e) == "association"]:
        if line.get("sourceRef") not in known or line.get("targetRef") not in known:
            drop(line)
            yield Change("F1", id_of(line), "一条虚线的一端不存在，已删除。")
