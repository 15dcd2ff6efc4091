"""What happens after a step, read from the diagram of its release: operations, then who does what next."""

from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from sqlalchemy.orm import Session

from workflows.engine import parse_foreign_xml
from workflows.releases import diagram_of

_BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
_STEPS = frozenset({"userTask", "manualTask"})
_DONE_BY_ITSELF = frozenset({"serviceTask", "sendTask", "businessRuleTask"})
_ENDS = frozenset({"endEvent"})
_AT_MOST = 4


@dataclass(frozen=True, slots=True)
class Following:
    """What the product does by itself, which steps come next, and whether the way may end here."""

    by_itself: tuple[str, ...]
    steps: tuple[str, ...]
    may_end: bool


@dataclass(frozen=True, slots=True)
class _Node:
    kind: str
    name: str
    nexts: tuple[str, ...]
    parent: str


def what_follows(session: Session, release_id: UUID, step: str) -> Following:
    """Return what may follow a step in the diagram of this release."""
    nodes = _known.get(release_id)
    if nodes is None:
        nodes = _known[release_id] = _read(diagram_of(session, release_id))
    return _walk(nodes, step)


_known: dict[UUID, dict[str, _Node]] = {}


@lru_cache(maxsize=32)
def _read(diagram: bytes) -> dict[str, _Node]:
    root = parse_foreign_xml(diagram)
    flows = {flow.get("id"): flow.get("targetRef") for flow in root.iter(f"{_BPMN}sequenceFlow")}
    nodes = {}
    for element in root.iter():
        identity = element.get("id")
        if not element.tag.startswith(_BPMN) or identity is None:
            continue
        targets = (flows.get(out.text) for out in element.findall(f"{_BPMN}outgoing"))
        parent = element.getparent()
        nodes[identity] = _Node(
            kind=element.tag.removeprefix(_BPMN),
            name=element.get("name") or "",
            nexts=tuple(target for target in targets if target),
            parent=(parent.get("id") or "") if parent is not None else "",
        )
    return nodes


def _walk(nodes: dict[str, _Node], step: str) -> Following:
    by_itself, steps, may_end = [], [], False
    seen, waiting = {step}, list(_nexts(nodes, step))
    while waiting:
        identity = waiting.pop(0)
        if identity in seen or identity not in nodes:
            continue
        seen.add(identity)
        node = nodes[identity]
        if node.kind in _STEPS:
            steps.append(node.name)
            continue
        if node.kind in _DONE_BY_ITSELF and node.name:
            by_itself.append(node.name)
        if node.kind in _ENDS and nodes.get(node.parent, node).kind == "process":
            may_end = True
        waiting.extend(_nexts(nodes, identity))
    return Following(_first(by_itself), _first(steps), may_end)


def _nexts(nodes: dict[str, _Node], identity: str) -> tuple[str, ...]:
    """Return what follows a node; a sub-process is entered at its start and left behind it."""
    node = nodes.get(identity)
    if node is None:
        return ()
    if node.kind == "subProcess":
        starts = tuple(
            inner for inner, each in nodes.items() if each.parent == identity and each.kind == "startEvent"
        )
        return starts or node.nexts
    if node.kind in _ENDS and node.parent in nodes:
        return nodes[node.parent].nexts
    return node.nexts


def _first(names: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))[:_AT_MOST]
