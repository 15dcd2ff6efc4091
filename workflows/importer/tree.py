"""One process while it is rewritten: its elements, flows and lanes, and the few ways in which rules change them."""

from __future__ import annotations

import re
from functools import cache

from lxml import etree

from workflows.engine.xml import BPMN, child_text, local
from workflows.importer.words import ACTIVITIES, CHOOSING, FEEL, KINDS_ZH, NODES, SUBPROCESSES, B, W

Element = etree._Element  # noqa: SLF001 - the type that lxml gives its elements
_NAMES = {"b": BPMN}
_LEAVING = etree.XPath("b:sequenceFlow[@sourceRef = $one]", namespaces=_NAMES)
_ENTERING = etree.XPath("b:sequenceFlow[@targetRef = $one]", namespaces=_NAMES)
_BY_ID = etree.XPath(".//*[@id = $one]")
_KEPT = frozenset({"documentation", "extensionElements", "incoming", "outgoing"})


class Diagram:
    """A file with one process. Rules change it in place; what is switched off they leave alone."""

    def __init__(
        self, root: Element, process: Element, off: frozenset[str] = frozenset(), *, ours: bool
    ) -> None:
        """Take the tree; `ours` tells that the file comes from this product, so that its expressions are FEEL."""
        self.root, self.process, self.off, self.ours = root, process, off, ours
        self.ids = {str(element.get("id")) for element in root.iter() if element.get("id")}
        self.bound: set[str] = set()
        """Send and receive tasks whose message is known."""
        self.settled: set[str] = set()
        """Flows whose condition is one that a rule has written."""
        self.near: dict[str, str] = {}
        """By a generated element the one beside which it is drawn."""
        self.redrawn: set[str] = set()
        """Flows that lead elsewhere than the drawing shows."""

    def is_off(self, rule: str, element: str) -> bool:
        """Tell whether somebody has switched this rewrite off."""
        return rule in self.off or f"{rule}:{element}" in self.off

    def scopes(self) -> list[Element]:
        """Return the process and its sub-processes, outer ones first."""
        return [self.process, *self.process.iter(*sorted(tags_of(SUBPROCESSES)))]

    def nodes(self, scope: Element) -> list[Element]:
        """Return the elements of a scope that flows join."""
        return [child for child in scope if is_kind(child, NODES)]

    def all_nodes(self, kinds: frozenset[str] = NODES) -> list[Element]:
        """Return the elements of all scopes of these kinds."""
        return [node for scope in self.scopes() for node in scope if is_kind(node, kinds)]

    def node(self, identity: str) -> Element | None:
        """Return an element that flows join by its id."""
        found = _found(_BY_ID, self.process, identity)
        return next((node for node in found if is_kind(node, NODES)), None)

    def flows(self, scope: Element) -> list[Element]:
        """Return the sequence flows of a scope."""
        return list(scope.findall(f"{B}sequenceFlow"))

    def out(self, node: Element) -> list[Element]:
        """Return the flows that leave an element."""
        return _found(_LEAVING, scope_of(node), id_of(node))

    def into(self, node: Element) -> list[Element]:
        """Return the flows that lead to an element."""
        return _found(_ENTERING, scope_of(node), id_of(node))

    def boundaries(self, host: Element) -> list[Element]:
        """Return the boundary events of an activity."""
        found = scope_of(host).findall(f"{B}boundaryEvent")
        return [event for event in found if event.get("attachedToRef") == host.get("id")]

    def fresh(self, stem: str) -> str:
        """Return an id that nothing has yet."""
        n = 1
        while f"{stem}_{n}" in self.ids:
            n += 1
        self.ids.add(f"{stem}_{n}")
        return f"{stem}_{n}"

    def add_node(self, kind: str, name: str, beside: Element, scope: Element | None = None) -> Element:
        """Return a new element in the scope and lane of another, or in the scope that is given."""
        home = scope_of(beside) if scope is None else scope
        identity = self.fresh(kind)
        node = etree.SubElement(home, f"{B}{kind}", {"id": identity, **({"name": name} if name else {})})
        self.near[identity] = id_of(beside)
        for reference in self.process.iter(f"{B}flowNodeRef"):
            if (reference.text or "").strip() == id_of(beside):
                lane = reference.getparent()
                if lane is not None:
                    etree.SubElement(lane, f"{B}flowNodeRef").text = identity
                break
        return node

    def add_flow(self, source: Element, target: Element, name: str = "") -> Element:
        """Return a new flow between two elements of one scope."""
        ends = {"sourceRef": id_of(source), "targetRef": id_of(target), **({"name": name} if name else {})}
        return etree.SubElement(
            scope_of(source), f"{B}sequenceFlow", {"id": self.fresh("sequenceFlow"), **ends}
        )

    def lead(self, flow: Element, *, source: Element | None = None, target: Element | None = None) -> None:
        """Let a flow begin or end elsewhere."""
        for name, node in (("sourceRef", source), ("targetRef", target)):
            if node is not None:
                flow.set(name, id_of(node))
        self.redrawn.add(id_of(flow))

    def insert_before(self, node: Element, kind: str, name: str) -> Element:
        """Return a new element to which everything leads that led to `node`, and which leads there."""
        added = self.add_node(kind, name, node)
        for flow in self.into(node):
            self.lead(flow, target=added)
        self.add_flow(added, node)
        return added

    def insert_after(self, node: Element, kind: str, name: str) -> Element:
        """Return a new element from which everything leads that left `node`; a default flow stays one."""
        added = self.add_node(kind, name, node)
        for flow in self.out(node):
            self.lead(flow, source=added)
        default = node.get("default")
        unset(node, "default")
        if default is not None and kind in CHOOSING:
            added.set("default", default)
        self.add_flow(node, added)
        return added

    def remove(self, element: Element) -> None:
        """Take an element out, with its place in a lane and what is drawn to it by dotted lines."""
        gone = {str(e.get("id")) for e in element.iter() if e.get("id")}
        drop(element)
        for reference in list(self.process.iter(f"{B}flowNodeRef")):
            if (reference.text or "").strip() in gone:
                drop(reference)
        for line in list(self.root.iter(f"{B}association", f"{B}messageFlow")):
            if line.get("sourceRef") in gone or line.get("targetRef") in gone:
                drop(line)

    def remove_with_flows(self, node: Element) -> None:
        """Take an element out, with the flows that join it."""
        for flow in (*self.into(node), *self.out(node)):
            drop(flow)
        self.remove(node)


def unset(element: Element, name: str) -> None:
    """Take an attribute off an element that may have it."""
    if name in element.attrib:
        del element.attrib[name]


def _found(path: etree.XPath, context: Element, identity: str) -> list[Element]:
    """Return what a path finds; these three are asked so often that they are left to the library."""
    found: list[Element] = path(context, one=identity)  # type: ignore[assignment]  # they give elements
    return found


def drop(element: Element) -> None:
    """Take an element out of its parent."""
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)


def is_kind(element: Element, kinds: frozenset[str]) -> bool:
    """Tell whether an element is one of these kinds of BPMN."""
    return element.tag in tags_of(kinds)


@cache
def tags_of(kinds: frozenset[str]) -> frozenset[str]:
    """Return the tags of kinds of BPMN; looking one up is what the rules do all the time."""
    return frozenset(f"{B}{kind}" for kind in kinds)


def scope_of(node: Element) -> Element:
    """Return the process or sub-process that an element stands in."""
    parent = node.getparent()
    if parent is None:  # pragma: no cover - only the root has none, and no rule asks for it
        raise ValueError(local(node))
    return parent


def id_of(element: Element) -> str:
    """Return an id; all have one once P5 has been."""
    return str(element.get("id"))


def name_of(element: Element) -> str:
    """Return how people call an element: its name, else its kind."""
    name = " ".join((element.get("name") or "").split())
    return name or KINDS_ZH.get(local(element), "环节")


def definitions_of(event: Element) -> list[Element]:
    """Return the event definitions of an event."""
    return [child for child in event if local(child).endswith("EventDefinition")]


def extensions_of(node: Element) -> Element:
    """Return the extensions of an element, made if there are none."""
    found = node.find(f"{B}extensionElements")
    if found is None:
        found = etree.Element(f"{B}extensionElements")
        node.insert(1 if node.find(f"{B}documentation") is not None else 0, found)
    return found


def note(node: Element, name: str, text: str) -> None:
    """Keep beside an element what cannot run here, for people to read."""
    short = " ".join(text.split())[:500]
    if short:
        etree.SubElement(extensions_of(node), f"{W}note", {"name": name[:80], "value": short})


def notes_of(node: Element, name: str) -> list[str]:
    """Return the notes of that name."""
    found = node.findall(f"{B}extensionElements/{W}note")
    return [str(one.get("value")) for one in found if one.get("name") == name]


def condition_of(flow: Element) -> str:
    """Return the condition of a flow, empty if it has none."""
    return child_text(flow, "conditionExpression") or ""


def drop_condition(flow: Element) -> None:
    """Take the condition off a flow."""
    for found in flow.findall(f"{B}conditionExpression"):
        flow.remove(found)


def set_condition(flow: Element, text: str) -> None:
    """Put a FEEL condition on a flow."""
    drop_condition(flow)
    made = etree.SubElement(flow, f"{B}conditionExpression", {"language": FEEL})
    made.text = text


def turn_into(node: Element, kind: str) -> None:
    """Make an element one of another kind: id, name, notes and flows stay, what it had to say as the old kind goes."""
    node.tag = f"{B}{kind}"
    for name in [str(key) for key in node.attrib]:
        if name not in ("id", "name"):
            del node.attrib[name]
    for child in list(node):
        if local(child) not in _KEPT:
            node.remove(child)


def plain_name(identity: str) -> str:
    """Return an id as the name of a variable."""
    return re.sub(r"\W", "_", identity)


def written_by(node: Element) -> list[str]:
    """Return the variables that an element writes."""
    return [str(one.get("name")) for one in node.findall(f"{B}extensionElements/{W}output")]


def keep_answer(step: Element, name: str) -> None:
    """Let a step keep one answer of its form as a variable."""
    if name not in written_by(step):
        etree.SubElement(extensions_of(step), f"{W}output", {"name": name, "value": f"answers.{name}"})


def may_repeat(node: Element) -> bool:
    """Tell whether an element is repeated."""
    return is_kind(node, ACTIVITIES) and any(local(c).endswith("LoopCharacteristics") for c in node)
