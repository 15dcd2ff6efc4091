"""Our own attributes and elements in a diagram, as `descriptor.json` allows them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from lxml import etree

from workflows.engine.errors import Finding
from workflows.engine.xml import BPMN, WEIRAN, local, namespace

Entry = list[str | None]
"""A name and its FEEL text; the text is None where the default rule of outputs applies."""

_CATCHING = ("intermediateCatchEvent", "boundaryEvent", "startEvent")


def attribute(node: etree._Element, name: str) -> str | None:
    """Return one of our attributes, None if it is absent or blank."""
    value = node.get(f"{{{WEIRAN}}}{name}")
    return value.strip() if value is not None and value.strip() else None


def is_true(node: etree._Element, name: str) -> bool:
    """Tell whether one of our boolean attributes is set."""
    return attribute(node, name) == "true"


def extension(node: etree._Element, name: str) -> etree._Element | None:
    """Return our extension element of that name, None if there is none."""
    return next(iter(_extensions(node, name)), None)


def signing_of(node: etree._Element) -> dict[str, object]:
    """Return what a step says of votes and countersigning; nothing for a step that says nothing of them.

    So the compiled form of a plain step is the same as before there was countersigning.
    """
    vote = {"field": attribute(node, "vote"), "approve": attribute(node, "approve")}
    signing = {
        "mode": attribute(node, "sign"),
        "signers": attribute(node, "signers"),
        "share": attribute(node, "share"),
        "veto": attribute(node, "veto"),
    }
    found = {"vote": vote, "signing": signing}
    return {name: values for name, values in found.items() if any(values.values())}


def departs_of(process: etree._Element) -> dict[str, object]:
    """Return why a process departs from what is only advised; nothing for one that says nothing of it."""
    told = attribute(process, "departs")
    return {} if told is None else {"departs": told}


def operation_of(node: etree._Element) -> dict[str, object] | None:
    """Return `{name, inputs}` of the operation that an element calls."""
    found = extension(node, "operation")
    if found is None:
        return None
    return {"name": found.get("name") or "", "inputs": [*entries(found, "input"), *inputs_of(node)]}


def outputs_of(node: etree._Element) -> list[Entry]:
    """Return the outputs of an element, whether they stand beside its operation or inside it."""
    found = extension(node, "operation")
    inside = [] if found is None else entries(found, "output")
    return [*inside, *[_entry(output) for output in _extensions(node, "output")]]


def inputs_of(node: etree._Element) -> list[Entry]:
    """Return the inputs that stand directly in an element's extensions."""
    return [_entry(found) for found in _extensions(node, "input")]


def entries(parent: etree._Element, name: str) -> list[Entry]:
    """Return the inputs or outputs inside one of our elements."""
    return [_entry(child) for child in parent if namespace(child) == WEIRAN and local(child) == name]


def extension_findings(root: etree._Element) -> Iterator[Finding]:
    """Yield a finding for each of our attributes and elements that stands where it has no meaning."""
    attributes, elements = _allowed()
    for element in root.iter():
        if namespace(element) == WEIRAN:
            yield from _element_findings(element, elements)
        for name in element.attrib:
            qualified = etree.QName(str(name))
            if qualified.namespace != WEIRAN:
                continue
            if qualified.localname not in attributes.get(local(element), frozenset()):
                yield Finding(
                    element.get("id"),
                    "unknown_attribute",
                    f"“{local(element)}”不认识扩展属性“{qualified.localname}”。",
                )


def _extensions(node: etree._Element, name: str) -> list[etree._Element]:
    return list(node.findall(f"{{{BPMN}}}extensionElements/{{{WEIRAN}}}{name}"))


def _entry(element: etree._Element) -> Entry:
    value = element.get("value")
    return [element.get("name") or "", value.strip() if value is not None and value.strip() else None]


def _element_findings(element: etree._Element, elements: dict[str, frozenset[str]]) -> Iterator[Finding]:
    parent = element.getparent()
    owner = (
        None if parent is None else (parent.getparent() if local(parent) == "extensionElements" else parent)
    )
    where = None if owner is None else owner.get("id")
    if local(element) not in elements:
        yield Finding(where, "unknown_element", f"不认识扩展元素“{local(element)}”。")
        return
    for name in map(str, element.attrib):
        if name not in elements[local(element)]:
            yield Finding(where, "unknown_attribute", f"扩展元素“{local(element)}”不认识属性“{name}”。")
    if not element.get("name"):
        yield Finding(where, "unnamed_extension", f"扩展元素“{local(element)}”没有名称。")


@cache
def _allowed() -> tuple[dict[str, frozenset[str]], dict[str, frozenset[str]]]:
    """Return the attributes by BPMN element and by element of ours, read from the descriptor."""
    descriptor = json.loads(Path(__file__).with_name("descriptor.json").read_bytes())
    attributes: dict[str, frozenset[str]] = {}
    elements: dict[str, frozenset[str]] = {}
    for entry in descriptor["types"]:
        names = frozenset(p["name"] for p in entry["properties"] if p.get("isAttr"))
        for extended in entry.get("extends", ()):
            for element in _CATCHING if extended == "bpmn:CatchEvent" else (_lower(extended),):
                attributes[element] = attributes.get(element, frozenset()) | names
        if "superClass" in entry:
            elements[_lower(entry["name"])] = names
    return attributes, elements


def _lower(name: str) -> str:
    bare = name.rpartition(":")[2]
    return bare[0].lower() + bare[1:]
