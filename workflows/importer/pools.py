"""P1–P4: which processes a file holds, what the parties outside are, and which messages go between them."""

from __future__ import annotations

import copy
from collections.abc import Iterator

from lxml import etree

from workflows.engine.xml import local
from workflows.importer.model import Change, RefusedError
from workflows.importer.tree import (
    Diagram,
    Element,
    definitions_of,
    drop,
    extensions_of,
    id_of,
    is_kind,
    name_of,
    tags_of,
    unset,
)
from workflows.importer.words import CATCHING, NODES, SUBPROCESSES, THROWING, B, W

_BOUNDS = (
    (NODES, 600, "环节、事件和网关"),
    (frozenset({"sequenceFlow", "messageFlow", "association"}), 2_000, "连线"),
    (frozenset({"lane", "participant", "process"}), 100, "泳道和参与方"),
    (frozenset({"boundaryEvent"}), 60, "边界事件"),
)
_NESTED, _DENSE, _FEW = 10, 4, 40
"""A drawing with more flows than this for each element is none that people have made."""
_NOT_PROCESSES = {
    "choreography": "里面只有编排图。请给每一方画一个流程，用消息相连",
    "globalConversation": "里面只有会话图。请给每一方画一个流程，用消息相连",
}


def processes_of(root: Element) -> list[Element]:
    """Return the processes that have something to do. Raises: RefusedError if there is none (P4)."""
    found = [p for p in root.findall(f"{B}process") if any(is_kind(child, NODES) for child in p)]
    if not found:
        raise RefusedError("文件中没有流程：没有一个环节或事件。请在原来的工具里画出流程再导出。")
    return found


def refuse_other_drawings(source: Element) -> None:
    """Say which kind of drawing a file without processes is. Raises: RefusedError."""
    has_process = any(is_kind(e, NODES) for e in source.iter())
    for child in source:
        if local(child) in _NOT_PROCESSES and not has_process:
            raise RefusedError(f"文件中没有流程：{_NOT_PROCESSES[local(child)]}。")


def check_size(root: Element) -> None:
    """Refuse what would take long to rewrite and could never be published. Raises: RefusedError."""
    for kinds, most, told in _BOUNDS:
        count = sum(1 for element in root.iter() if is_kind(element, kinds))
        if count > most:
            raise RefusedError(f"文件里有 {count} 个{told}，超过 {most} 个的上限。请拆成几个流程。")
    for inner in root.iter(*sorted(tags_of(SUBPROCESSES))):
        if sum(1 for holder in inner.iterancestors() if is_kind(holder, SUBPROCESSES)) >= _NESTED:
            raise RefusedError(f"子流程嵌套超过 {_NESTED} 层。请把最里面的几层合成一层。")
    for process in root.findall(f"{B}process"):
        nodes = sum(1 for element in process.iter() if is_kind(element, NODES))
        flows = sum(1 for _ in process.iter(f"{B}sequenceFlow"))
        if flows > _DENSE * nodes + _FEW:
            told = process.get("name") or id_of(process)
            raise RefusedError(f"流程“{told}”的 {nodes} 个元素之间有 {flows} 条连线，太密了。请理清再导入。")


def settle_pools(root: Element, off: frozenset[str]) -> Iterator[Change]:
    """Make the processes runnable (P1), parties without steps mere drawing (P2), names found where they stand."""
    real: dict[str, Element] = {id_of(process): process for process in processes_of(root)}
    for process in root.findall(f"{B}process"):
        if id_of(process) not in real:
            drop(process)
    for participant in root.iter(f"{B}participant"):
        played = real.get(participant.get("processRef") or "")
        if played is None:
            yield from _outside(participant)
        elif not played.get("name") and participant.get("name"):
            played.set("name", str(participant.get("name")))
    for identity, process in real.items():
        if process.get("isExecutable") != "true" and not {"P1", f"P1:{identity}"} & off:
            process.set("isExecutable", "true")
            told = process.get("name") or identity
            yield Change("P1", identity, f"流程“{told}”标为可执行。", "不可执行", "可执行")


def _outside(participant: Element) -> Iterator[Change]:
    if participant.get("processRef") is not None:
        unset(participant, "processRef")
        yield Change("P2", id_of(participant), f"外部参与方“{participant.get('name') or ''}”只作说明。")


def bind_messages(root: Element) -> Iterator[tuple[Change, str, str]]:
    """Join the events at the ends of each message flow between two processes (P3).

    Yields the change with the ids of sender and receiver.
    """
    nodes = {id_of(e): e for e in root.iter() if is_kind(e, NODES)}
    names: dict[str, str] = {}
    senders: set[str] = set()
    for flow in root.iter(f"{B}messageFlow"):
        source, target = nodes.get(flow.get("sourceRef") or ""), nodes.get(flow.get("targetRef") or "")
        if source is None or target is None or not (_throws(source) and _catches(target)):
            continue
        if id_of(source) in senders or _process_of(source) is _process_of(target):
            continue
        told = flow.get("name") or target.get("name") or source.get("name") or id_of(flow)
        name = names.get(id_of(target)) or _unused(told, set(names.values()))
        names[id_of(target)] = name
        senders.add(id_of(source))
        _bind(root, source, target, name)
        message = f"“{name_of(source)}”把消息“{name}”发给另一个流程的“{name_of(target)}”；请确认关联键。"
        yield Change("P3", id_of(flow), message, after=name, decide=True), id_of(source), id_of(target)


def split(root: Element, off: frozenset[str], *, ours: bool) -> list[Diagram]:
    """Return one diagram for each process; the other parties stay in its drawing as outside ones."""
    diagrams = []
    for process in root.findall(f"{B}process"):
        own = copy.deepcopy(root)
        mine = next(p for p in own.findall(f"{B}process") if id_of(p) == id_of(process))
        _without_others(own, mine)
        diagrams.append(Diagram(own, mine, off, ours=ours))
    return diagrams


def _without_others(root: Element, mine: Element) -> None:
    party: dict[str, str] = {}
    for participant in root.iter(f"{B}participant"):
        reference = participant.get("processRef")
        if reference is not None and reference != id_of(mine):
            party[reference] = id_of(participant)
            del participant.attrib["processRef"]
    _without_processes(root, mine, party)
    for collaboration in root.findall(f"{B}collaboration"):
        if collaboration.find(f"{B}participant") is None:
            drop(collaboration)


def _without_processes(root: Element, mine: Element, party: dict[str, str]) -> None:
    """Take the other processes out; lines that led into one lead to its party."""
    moved: dict[str, str | None] = {}
    for process in root.findall(f"{B}process"):
        if process is not mine:
            inside = [id_of(e) for e in process.iter() if e.get("id")]
            moved |= dict.fromkeys(inside, party.get(id_of(process)))
            drop(process)
    known = {id_of(e) for e in root.iter() if e.get("id")}
    for flow in list(root.iter(f"{B}messageFlow", f"{B}association")):
        ends = [moved.get(end, end) for end in (flow.get("sourceRef"), flow.get("targetRef")) if end]
        if len(ends) < 2 or ends[0] == ends[1] or not {*ends} <= known:
            drop(flow)
            continue
        flow.set("sourceRef", str(ends[0]))
        flow.set("targetRef", str(ends[1]))


def _throws(node: Element) -> bool:
    kinds = [local(one) for one in definitions_of(node)]
    return local(node) == "sendTask" or (local(node) in THROWING and kinds == ["messageEventDefinition"])


def _catches(node: Element) -> bool:
    kinds = [local(one) for one in definitions_of(node)]
    return local(node) == "receiveTask" or (local(node) in CATCHING and kinds == ["messageEventDefinition"])


def _process_of(node: Element) -> Element | None:
    return next((holder for holder in node.iterancestors() if local(holder) == "process"), None)


def _unused(name: str, taken: set[str]) -> str:
    candidate, n = name, 2
    while candidate in taken:
        candidate, n = f"{name} {n}", n + 1
    return candidate


def _bind(root: Element, source: Element, target: Element, name: str) -> None:
    process = _process_of(target)
    told = {"name": name, "target": "" if process is None else id_of(process)}
    etree.SubElement(extensions_of(source), f"{W}message", told)
    identity = _message(root, name)
    for node in (source, target):
        owner = node if local(node) in ("sendTask", "receiveTask") else definitions_of(node)[0]
        owner.set("messageRef", identity)


def _message(root: Element, name: str) -> str:
    """Return the id of the message of that name, made if there is none."""
    for message in root.findall(f"{B}message"):
        if message.get("name") == name:
            return id_of(message)
    taken = {id_of(e) for e in root.iter() if e.get("id")}
    identity = next(f"message_{n}" for n in range(1, len(taken) + 2) if f"message_{n}" not in taken)
    root.insert(0, etree.Element(f"{B}message", {"id": identity, "name": name}))
    return identity
