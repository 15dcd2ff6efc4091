"""The allow-list: a file of any tool copied into elements and attributes that we know, the rest into notes (X1).

A new tree is built, so that nothing which no rule has looked at can slip through: foreign namespaces, processes
hidden in extensions, attributes that the schema does not have.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from lxml import etree

from workflows.engine.xml import BPMN, WEIRAN, XSI, local, namespace
from workflows.importer.model import Change
from workflows.importer.tree import Element, extensions_of, note
from workflows.importer.words import (
    ACTIVITIES,
    ARTEFACTS,
    AUTOMATIC,
    CATCHING,
    DATA,
    DEFINED,
    EXPRESSIONS,
    FEEL,
    GATEWAYS,
    KINDS_ZH,
    NODES,
    STEPS,
    B,
)

NSMAP = {
    "bpmn": BPMN,
    "bpmndi": "http://www.omg.org/spec/BPMN/20100524/DI",
    "dc": "http://www.omg.org/spec/DD/20100524/DC",
    "di": "http://www.omg.org/spec/DD/20100524/DI",
    "xsi": XSI,
    "weiran": WEIRAN,
    "bioc": "http://bpmn.io/schema/bpmn/biocolor/1.0",
    "color": "http://www.omg.org/spec/BPMN/non-normative/color/1.0",
}
_TEXTS = frozenset(
    {
        "documentation", "text", "flowNodeRef", "sourceRef", "targetRef", "loopDataInputRef",
        "loopDataOutputRef", "script",
    }
)  # fmt: skip
_DEFINITIONS = frozenset(
    f"{kind}EventDefinition"
    for kind in (*DEFINED, "timer", "conditional", "link", "terminate", "cancel", "compensate")
)
_BELOW: dict[str, frozenset[str]] = {
    "definitions": frozenset({*DEFINED, "dataStore", "category", "collaboration", "process"}),
    "collaboration": frozenset({"participant", "messageFlow", *ARTEFACTS}),
    "category": frozenset({"categoryValue"}),
    "laneSet": frozenset({"lane"}),
    "lane": frozenset({"flowNodeRef", "childLaneSet"}),
    "childLaneSet": frozenset({"lane"}),
    "sequenceFlow": frozenset({"conditionExpression"}),
    "textAnnotation": frozenset({"text"}),
    "timerEventDefinition": frozenset({"timeDate", "timeDuration", "timeCycle"}),
    "conditionalEventDefinition": frozenset({"condition"}),
    "standardLoopCharacteristics": frozenset({"loopCondition"}),
    "multiInstanceLoopCharacteristics": frozenset(
        {
            "loopCardinality", "loopDataInputRef", "loopDataOutputRef", "inputDataItem", "outputDataItem",
            "completionCondition",
        }
    ),
    "dataInputAssociation": frozenset({"sourceRef", "targetRef"}),
    "dataOutputAssociation": frozenset({"sourceRef", "targetRef"}),
}  # fmt: skip
_IN_SCOPE = NODES | DATA | ARTEFACTS | {"sequenceFlow", "laneSet"}
_IN_ACTIVITY = frozenset(
    {
        "standardLoopCharacteristics", "multiInstanceLoopCharacteristics", "dataInputAssociation",
        "dataOutputAssociation", "script",
    }
)  # fmt: skip
_ATTRIBUTES: dict[str, tuple[str, ...]] = {
    "process": ("isExecutable",),
    "participant": ("processRef",),
    "messageFlow": ("sourceRef", "targetRef", "messageRef"),
    "sequenceFlow": ("sourceRef", "targetRef"),
    "startEvent": ("isInterrupting", "parallelMultiple"),
    "boundaryEvent": ("attachedToRef", "cancelActivity"),
    "subProcess": ("triggeredByEvent",),
    "callActivity": ("calledElement",),
    "dataObject": ("isCollection",),
    "dataObjectReference": ("dataObjectRef",),
    "dataStoreReference": ("dataStoreRef",),
    "association": ("sourceRef", "targetRef", "associationDirection"),
    "group": ("categoryValueRef",),
    "categoryValue": ("value",),
    "error": ("errorCode",),
    "escalation": ("escalationCode",),
    "standardLoopCharacteristics": ("testBefore", "loopMaximum"),
    "multiInstanceLoopCharacteristics": ("isSequential",),
    "sendTask": ("messageRef",),
    "receiveTask": ("messageRef",),
    "conditionExpression": ("language",),
}
_REFERRING = ("messageRef", "signalRef", "errorRef", "escalationRef")
_NAMELESS = EXPRESSIONS | _TEXTS | (_DEFINITIONS - {"linkEventDefinition"})
_TOLD = frozenset(
    {
        "assignee", "candidateGroups", "candidateUsers", "formKey", "formRef", "dueDate", "class",
        "expression", "delegateExpression", "topic", "type", "decisionRef", "calledDecision", "priority",
        "owner", "implementation", "operationRef", "scriptFormat", "renderer", "taskDefinition",
        "assignmentDefinition", "calledElement", "script", "executionListener", "taskListener", "formProperty",
    }
)  # fmt: skip
"""Names of foreign attributes and elements that say how something runs: they are kept beside the element."""
_BOOLEANS = frozenset(
    {
        "isExecutable", "isInterrupting", "cancelActivity", "triggeredByEvent", "isSequential", "isCollection",
        "isForCompensation", "testBefore", "parallelMultiple",
    }
)  # fmt: skip


class Copier:
    """Copies one file; `changes` tells what has been left out."""

    def __init__(self) -> None:
        self.changes: list[Change] = []
        self.dropped: Counter[str] = Counter()

    def copy(self, source: Element) -> Element:
        """Return the copied `definitions`, without its drawing."""
        root = etree.Element(f"{B}definitions", nsmap=NSMAP)
        for name in ("id", "name"):
            if source.get(name):
                root.set(name, str(source.get(name)))
        root.set("targetNamespace", "urn:weiran:processes")
        root.set("expressionLanguage", FEEL)
        self._children(source, root)
        if self.dropped:
            told = "、".join(f"{name}（{n} 处）" for name, n in sorted(self.dropped.items()))
            self.changes.append(
                Change("X1", id_or(source), f"去掉了别的工具自己的内容：{told}；原文件里还有。", told[:500])
            )
        return root

    def _children(self, source: Element, target: Element) -> None:
        for child in source:
            if namespace(child) == WEIRAN:
                _copy_ours(child, target)
            elif namespace(child) == BPMN:
                self._child(child, target)
            elif namespace(child) not in NSMAP.values():
                self.dropped[_vendor(child)] += 1

    def _child(self, child: Element, target: Element) -> None:
        kind = local(child)
        if kind == "extensionElements":
            self._extensions(child, target)
        elif kind in _allowed(local(target)):
            made = etree.SubElement(target, f"{B}{kind}")
            self._attributes(child, made)
            if kind in _TEXTS or kind in EXPRESSIONS:
                made.text = "".join(str(part) for part in child.itertext()).strip()
            else:
                self._children(child, made)
        elif kind not in ("incoming", "outgoing"):
            self._lost(child, target)

    def _lost(self, child: Element, target: Element) -> None:
        """Tell of a BPMN element that has no meaning here: its step, branch or name is not lost unsaid."""
        kind, name = local(child), " ".join((child.get("name") or "").split())
        if kind in _QUIET or (not name and local(target) not in ("process", "subProcess", "definitions")):
            self.dropped[kind] += 1
            return
        told = f"“{name or kind}”（{kind}）这里用不上，已去掉。"
        self.changes.append(Change("D1", id_or(child), told, name or kind))

    def _attributes(self, source: Element, made: Element) -> None:
        kind, told = local(made), []
        for raw, value in source.attrib.items():
            key, text = etree.QName(str(raw)), str(value)
            if key.namespace == WEIRAN:
                made.set(key.text, text)
            elif not key.namespace and key.localname in _attributes_of(kind):
                made.set(key.localname, text.strip() if key.localname != "name" else text)
            elif key.localname in _TOLD and kind in NODES:
                told.append((key.localname, text))
            elif key.namespace and key.namespace != XSI:
                self.dropped[_prefix(source, key.namespace)] += 1
        for name, text in told:
            self._tell(made, name, text)
        _plain_booleans(made)

    def _extensions(self, source: Element, target: Element) -> None:
        for child in source:
            if namespace(child) == WEIRAN:
                extensions_of(target).append(_copied(child))
                continue
            told = [one for one in child.iter() if local(one) in _TOLD] if local(target) in NODES else []
            for one in told:
                words = [f"{etree.QName(str(k)).localname}={v!s}" for k, v in one.attrib.items()]
                self._tell(target, local(one), " ".join([*words, str(one.text or "")]))
            if not told:
                self.dropped[_vendor(child)] += 1

    def _tell(self, made: Element, name: str, text: str) -> None:
        if not text.strip() or text.startswith("##"):
            return
        note(made, name, text)
        told = " ".join((made.get("name") or "").split()) or KINDS_ZH.get(local(made), "环节")
        message = f"“{told}”的“{name}”是别的工具的设置，这里不起作用，已记在说明里。"
        self.changes.append(Change("X1", id_or(made), message, f"{name}={text}"[:500]))


_QUIET = frozenset({"extensionElements", "ioSpecification", "itemDefinition", "interface", "extension"})


def _plain_booleans(made: Element) -> None:
    for name in _BOOLEANS & {str(key) for key in made.attrib}:
        made.set(name, "true" if made.get(name) in ("true", "1") else "false")


def id_or(element: Element) -> str:
    """Return an id, or that of the nearest element around which has one; empty if there is none."""
    holder: Element | None = element
    while holder is not None:
        if holder.get("id"):
            return str(holder.get("id"))
        holder = holder.getparent()
    return ""


def _allowed(parent: str) -> frozenset[str]:
    found = _BELOW.get(parent, frozenset()) | {"documentation"}
    if parent == "process" or parent in ("subProcess", "adHocSubProcess", "transaction"):
        found |= _IN_SCOPE
    if parent in ACTIVITIES:
        found |= _IN_ACTIVITY
    if parent in CATCHING or parent in ("intermediateThrowEvent", "endEvent"):
        found |= _DEFINITIONS | {"dataInputAssociation", "dataOutputAssociation"}
    return found


def _attributes_of(kind: str) -> tuple[str, ...]:
    own = _ATTRIBUTES.get(kind, ())
    if kind in _DEFINITIONS:
        own = _REFERRING
    if kind in ACTIVITIES:
        own = (*own, "isForCompensation", "default")
    if kind in GATEWAYS:
        own = (*own, "default")
    return ("id", *own) if kind in _NAMELESS else ("id", "name", *own)


def _copy_ours(child: Element, target: Element) -> None:
    if local(target) in STEPS | AUTOMATIC:
        extensions_of(target).append(_copied(child))


def _copied(source: Element) -> Element:
    """Return one of our own elements, with nothing inside that is not ours."""
    made = etree.Element(
        source.tag, {str(k): str(v) for k, v in source.attrib.items() if not str(k).startswith("{")}
    )
    made.extend(_copied(child) for child in _ours(source))
    return made


def _ours(source: Element) -> Iterator[Element]:
    return (child for child in source if namespace(child) == WEIRAN)


def _vendor(element: Element) -> str:
    return f"{element.prefix}:{local(element)}" if element.prefix else local(element)


def _prefix(element: Element, uri: str) -> str:
    return next((str(prefix) for prefix, known in element.nsmap.items() if known == uri and prefix), uri)
