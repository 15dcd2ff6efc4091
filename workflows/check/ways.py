"""All ways through a process as one graph: sub-processes opened up, boundary events and interruptions drawn in.

A point is an element, or the way out of a scope (`KEY/`). `done` leads on from what an element has finished,
`left` away from one that has not, `beside` to a second token while the first one stays.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cached_property
from typing import Literal

from msgspec import Struct, field

from workflows.check.conditions import Known, known_on_flows
from workflows.check.flags import Flags, flags_of
from workflows.engine import Spec, literal, spaced_names
from workflows.engine.model import Node

EVENT_SUBPROCESS = "eventSubProcess"
CATCHING = frozenset(
    {"startEvent", "intermediateCatchEvent", "boundaryEvent", "receiveTask", EVENT_SUBPROCESS}
)
How = Literal["done", "left", "beside"]


class Edge(Struct, frozen=True):
    """A way from a point to the next one; `flow` is the id of the sequence flow, if it is one.

    What the elements of `forgets` have written does not go along.
    """

    to: str
    how: How
    flow: str = ""
    forgets: tuple[str, ...] = ()


class Ways(Struct, frozen=True, dict=True):
    """The graph of a process: its edges by the point that they leave, where it starts, and its way out."""

    nodes: Mapping[str, Node]
    edges: dict[str, list[Edge]]
    starts: tuple[str, ...]
    end: str
    spaced: frozenset[str]
    """The variables with a space in their names."""
    incoming: dict[str, list[str]] = field(default_factory=dict)
    """The sequence flows into each element."""
    known_before: dict[str, frozenset[str]] = field(default_factory=dict)
    """What `before` has answered."""

    @cached_property
    def known(self) -> Mapping[str, Mapping[str, Known]]:
        """Return what is known on the flows out of each gateway."""
        return {name: known_on_flows(node, self.spaced) for name, node in self.nodes.items()}

    @cached_property
    def flags(self) -> Flags:
        """Return the variables that are followed."""
        return flags_of(self.nodes, self.spaced)

    @cached_property
    def marks(self) -> Mapping[str, frozenset[str]]:
        """Return how demands may name each element."""
        return {name: marks_of(node) for name, node in self.nodes.items()}

    @cached_property
    def sources(self) -> Mapping[str, list[str]]:
        """Return from where each point is reached."""
        found: dict[str, list[str]] = {}
        for source, edges in self.edges.items():
            for edge in edges:
                found.setdefault(edge.to, []).append(source)
        return found

    def behind(self, points: Iterable[str], carriers: Collection[str]) -> frozenset[str]:
        """Return what is reached from some points without passing a carrier; carriers are reached, not passed."""
        seen: set[str] = set()
        pending = [edge.to for point in points for edge in self.edges.get(point, ())]
        while pending:
            if (here := pending.pop()) not in seen:
                seen.add(here)
                onward = self.edges.get(here, ()) if here not in carriers else ()
                pending.extend(edge.to for edge in onward)
        return frozenset(seen)

    def before(self, point: str) -> frozenset[str]:
        """Return every point from which a point is reached, itself included."""
        if point in self.known_before:
            return self.known_before[point]
        seen: set[str] = set()
        pending = [point]
        while pending:
            if (here := pending.pop()) not in seen:
                seen.add(here)
                pending.extend(self.sources.get(here, ()))
        self.known_before[point] = frozenset(seen)
        return self.known_before[point]


def ways_of(spec: Spec) -> Ways:
    """Return the graph of a process."""
    scopes: Mapping[str, Node] = spec.compiled["scopes"]
    starts = tuple(name for name, node in _nodes(scopes, spec.key) if node["type"] == "startEvent")
    ways = Ways(spec.nodes, {}, starts, way_out(spec.key), frozenset(spaced_names(spec.compiled)))
    for key, scope in scopes.items():
        for name, node in scope["nodes"].items():
            for edge in (*_onward(scopes, key, name, node), *_nested(scopes, key, name, node)):
                ways.edges.setdefault(edge[0], []).append(edge[1])
            for flow in node["flows"]:
                ways.incoming.setdefault(flow["to"], []).append(flow["id"])
    return ways


def marks_of(node: Node) -> frozenset[str]:
    """Return how demands may name an element: its operation, that with a text of its inputs, what it waits for."""
    operation, event = node.get("operation"), node.get("event") or {}
    is_heard = event.get("kind") == "message" and node["type"] in CATCHING
    marks = {f"message:{event['name']}"} if is_heard else set()
    if operation is not None:
        texts = (literal(text) for _, text in operation["inputs"])
        marks |= {operation["name"], *(f"{operation['name']}({text})" for text in texts if text)}
    return frozenset(marks)


def way_out(scope: str) -> str:
    """Return the point at which a scope is over; ids of a drawing have no slash."""
    return f"{scope}/"


def _onward(scopes: Mapping[str, Node], key: str, name: str, node: Node) -> Iterator[tuple[str, Edge]]:
    """Yield the flows of an element, and the end of a scope."""
    source = way_out(name) if node["type"] == "subProcess" else name
    for flow in node["flows"]:
        yield source, Edge(flow["to"], "done", flow["id"], forgets=_repeated(scopes, name, node))
    if node["type"] == "endEvent" and not _is_thrown(scopes, key, node):
        yield name, Edge(way_out(key), "done")


def _nested(scopes: Mapping[str, Node], key: str, name: str, node: Node) -> Iterator[tuple[str, Edge]]:
    """Yield the ways into what stands inside or on the edge of something else."""
    kind = node["type"]
    how: How = "left" if node.get("interrupting", True) else "beside"
    if kind == "subProcess":
        yield from ((name, Edge(first, "left")) for first in _firsts(scopes, name))
        if within := _repeated(scopes, name, node):
            yield name, Edge(way_out(name), "left", forgets=within)
            yield way_out(name), Edge(name, "left", forgets=within)
    elif kind == EVENT_SUBPROCESS:
        within = tuple(_inside(scopes, key, leave_out=name))
        yield from ((point, Edge(name, how, forgets=within)) for point in within)
        yield from ((name, Edge(first, "done")) for first in _firsts(scopes, name))
        if how == "left":
            yield way_out(name), Edge(way_out(key), "done")
    elif kind == "boundaryEvent":
        host = node["attached"]
        within = tuple(_inside(scopes, host)) if host in scopes else ()
        yield from ((point, Edge(name, how, forgets=within)) for point in (host, *within))


def _repeated(scopes: Mapping[str, Node], name: str, node: Node) -> tuple[str, ...]:
    """Return what is inside a sub-process that runs any number of times; nothing of another element."""
    return tuple(_inside(scopes, name)) if node["type"] == "subProcess" and node.get("loop") else ()


def _is_thrown(scopes: Mapping[str, Node], key: str, node: Node) -> bool:
    """Tell whether an end throws an error that something around it catches."""
    if (node["event"] or {}).get("kind") != "error":
        return False
    while (parent := scopes[key]["parent"]) is not None:
        if any(_catches(other, key) for _, other in _nodes(scopes, parent)):
            return True
        key = parent
    return False


def _catches(node: Node, scope: str) -> bool:
    if (node.get("event") or {}).get("kind") != "error":
        return False
    return node["type"] == EVENT_SUBPROCESS or node.get("attached") == scope


def _firsts(scopes: Mapping[str, Node], key: str) -> Iterator[str]:
    return (name for name, node in _nodes(scopes, key) if node["type"] == "startEvent")


def _inside(scopes: Mapping[str, Node], key: str, leave_out: str = "") -> Iterator[str]:
    """Yield the points of a scope and of those in it."""
    for name, _ in _nodes(scopes, key):
        if name != leave_out:
            yield name
            if name in scopes:
                yield from _inside(scopes, name)


def _nodes(scopes: Mapping[str, Node], key: str) -> Iterable[tuple[str, Node]]:
    found: Mapping[str, Node] = scopes[key]["nodes"]
    return found.items()
