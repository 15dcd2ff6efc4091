"""What other parts of the product ask about a diagram: steps, events, operations, expressions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from workflows.engine.model import (
    EventPoint,
    Node,
    OperationUse,
    Signing,
    Site,
    StartPoint,
    Step,
    Vote,
)

STEPS = frozenset({"userTask", "manualTask", "task"})
EVENT_SUBPROCESS = "eventSubProcess"
"""A sub-process that an event of the scope around it starts; its node holds what its start event waits for."""
LINK = "linkEvent"
"""Either end of a link: an intermediate event by its drawing, nothing but a way when it runs."""
LINKED = "|link"
"""How the id of the way from a start of a link to its end ends; ids of a drawing have no bar."""
ACTIVITIES = STEPS | {
    "serviceTask",
    "businessRuleTask",
    "sendTask",
    "receiveTask",
    "subProcess",
    "callActivity",
}
CATCHING = frozenset(
    {"intermediateCatchEvent", "boundaryEvent", "receiveTask", "startEvent", EVENT_SUBPROCESS}
)


def steps_of(nodes: Mapping[str, Node]) -> dict[str, Step]:
    """Return the steps of people."""
    return {
        identity: Step(
            identity,
            node["name"],
            literal(node["role"]) or node["lane"],
            node["form"],
            node["deadline"],
            node["wall"],
            node["article"],
            node["doc"],
            _signing(node.get("signing")),
            _vote(node.get("vote")),
            node.get("timeout"),
        )
        for identity, node in nodes.items()
        if node["type"] in STEPS
    }


def _signing(found: Node | None) -> Signing | None:
    if found is None:
        return None
    share, veto = found["share"], found["veto"] or ""
    return Signing(
        found["mode"], found["signers"], None if share is None else Decimal(share), tuple(veto.split())
    )


def _vote(found: Node | None) -> Vote | None:
    return None if found is None else Vote(found["field"], found["approve"])


def literal(text: str | None) -> str | None:
    """Return the text that a FEEL string literal stands for, None if it is another expression."""
    if text is None or len(text) < 2 or text[0] != '"' or text[-1] != '"' or '"' in text[1:-1]:
        return None
    return text[1:-1]


def event_points(nodes: Mapping[str, Node]) -> dict[str, EventPoint]:
    """Return the events that wait for something outside."""
    return {
        identity: EventPoint(
            identity,
            node["name"],
            node["event"]["kind"],
            node["event"].get("name"),
            node.get("form"),
            tuple((node.get("roles") or "").split()),
            node["doc"],
        )
        for identity, node in nodes.items()
        if node["type"] in CATCHING and node["event"] is not None
    }


def start_points(nodes: Mapping[str, Node]) -> dict[str, StartPoint]:
    """Return the start events of one scope."""
    return {
        identity: _start(identity, node) for identity, node in nodes.items() if node["type"] == "startEvent"
    }


def _start(identity: str, node: Node) -> StartPoint:
    event = node["event"] or {"kind": "none"}
    return StartPoint(
        id=identity,
        name=node["name"],
        kind=event["kind"],
        detail=event.get("name") or event.get("text"),
        form=node.get("form"),
        roles=tuple((node.get("roles") or "").split()),
        about=node.get("about"),
        number=node.get("number"),
        doc=node["doc"],
    )


def operation_uses(nodes: Mapping[str, Node]) -> tuple[OperationUse, ...]:
    """Return each call of an operation, with the names of its inputs and of the results that it relies on."""
    return tuple(
        OperationUse(
            identity,
            node["operation"]["name"],
            tuple(name for name, _ in node["operation"]["inputs"]),
            tuple(name for name, text in node["outputs"] if text is None),
        )
        for identity, node in nodes.items()
        if node.get("operation")
    )


def sites_of(compiled: Node) -> Iterator[Site]:
    """Yield each expression of a compiled diagram."""
    if compiled["title"]:
        yield Site(compiled["key"], "title", compiled["title"])
    for scope in compiled["scopes"].values():
        for identity, node in scope["nodes"].items():
            for site, text in _node_sites(node):
                if text is not None:
                    yield Site(identity, site, text)


def _node_sites(node: Node) -> Iterator[tuple[str, str | None]]:
    for flow in node["flows"]:
        yield f"condition:{flow['id']}", flow["when"]
    for name in ("due", "assignee", "role", "title"):
        yield name, node.get(name)
    yield "signers", (node.get("signing") or {}).get("signers")
    operation = node.get("operation") or {}
    for name, text in (*operation.get("inputs", ()), *node.get("inputs", ())):
        yield f"input:{name}", text
    for name, text in node.get("outputs", ()):
        yield f"output:{name}", text
    yield from _event_sites(node)
    yield from _loop_sites(node.get("loop") or {})


def _event_sites(node: Node) -> Iterator[tuple[str, str | None]]:
    event = node.get("event") or {}
    for name, text in event.get("inputs", ()):
        yield f"input:{name}", text
    yield "correlation", event.get("correlation")
    if event.get("kind") == "condition":
        yield "event", event["text"]
    if event.get("kind") == "timer":
        yield "timer", event["text"]


def _loop_sites(loop: Node) -> Iterator[tuple[str, str | None]]:
    yield "instances", loop.get("cardinality") or loop.get("collection")
    yield "until", loop.get("until")
    yield "loop", loop.get("while")
