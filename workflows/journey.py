"""Where a case has been in its diagram: what is done, where it stands, which flows led there, what may come.

Events name the steps, timers and messages that happened, not each gateway in between. The way between two
of them is found backwards through what never waits, and leads to what happened last before.
"""

from collections import deque
from collections.abc import Collection, Iterable, Iterator, Mapping

from msgspec import Struct, field

from workflows.engine import Spec
from workflows.engine.facets import EVENT_SUBPROCESS, STEPS
from workflows.engine.model import Node

_CATCHING = frozenset({"intermediateCatchEvent", "boundaryEvent", "receiveTask"})
BESIDE = frozenset({"boundaryEvent", EVENT_SUBPROCESS})
"""What waits beside other work: a case does not stand there."""
_WAITS = STEPS | _CATCHING


class Journey(Struct, frozen=True):
    """Elements and flows by id. `ahead` is what may still come without an interruption, nearest first."""

    done: frozenset[str]
    now: frozenset[str]
    flows: frozenset[str]
    ahead: tuple[str, ...]


class Passage(Struct, frozen=True):
    """An element that an event names, and the flows and silent elements that lead to it from what was passed before."""

    element: str
    flows: frozenset[str]
    between: frozenset[str]


class _Way(Struct, frozen=True):
    """How an element was reached: the moment of what it leads back to, and all that lies between."""

    order: int = -1
    flows: frozenset[str] = frozenset()
    between: frozenset[str] = frozenset()


class _Map(Struct):
    """The diagram read backwards, and when each element was last passed."""

    nodes: Mapping[str, Node]
    incoming: dict[str, list[tuple[str, str]]]
    starts: dict[str, str]
    ends: dict[str, list[str]]
    parents: dict[str, str]
    passed: dict[str, int] = field(default_factory=dict)


def journey_of(spec: Spec, heard: Iterable[str], waiting: Collection[str]) -> Journey:
    """Return where a case has been.

    `heard` are the elements that its events name, oldest first; `waiting` those that it waits at.
    """
    where = _read(spec)
    ways = Ways(spec, where)
    now = frozenset(_standing(where, waiting))
    done, flows = set[str](), set[str]()
    for passage in ways.passages(heard):
        flows |= passage.flows
        done |= {*passage.between, passage.element}
    done |= where.passed.keys()
    for element in sorted(now):
        way = _way_to(where, element, frozenset())
        flows |= way.flows
        done |= way.between
    return Journey(frozenset(done - now), now, frozenset(flows), tuple(_ahead(where, now)))


class Ways(Struct):
    """The ways of one diagram, for many cases: what is found once for a situation is not looked for again.

    How an element was reached depends on nothing but the order in which what may lead to it was passed.
    """

    spec: Spec
    where: _Map
    _sources: dict[str, tuple[str, ...]] = field(default_factory=dict)
    _found: dict[tuple[str, ...], Passage] = field(default_factory=dict)

    @classmethod
    def of(cls, spec: Spec) -> "Ways":
        """Read the diagram."""
        return cls(spec, _read(spec))

    def passages(self, heard: Iterable[str]) -> Iterator[Passage]:
        """Yield how a case came to each element that its events name, oldest first."""
        where = self.where
        known = [element for element in heard if element in where.nodes]
        where.passed = dict.fromkeys(_first(self.spec, known), 0)
        for order, element in enumerate(known, 1):
            before = sorted(
                (-where.passed[source], source)
                for source in self._sources_of(element)
                if source in where.passed
            )
            situation = (element, *(source for _order, source in before))
            if situation not in self._found:
                way = _way_to(where, element, frozenset())
                self._found[situation] = Passage(element, way.flows, way.between)
            yield self._found[situation]
            where.passed[element] = order

    def starts_of(self, heard: Collection[str]) -> list[str]:
        """Return the start events that no event names, by which a case with these events began."""
        known = [element for element in heard if element in self.where.nodes]
        return [start for start in _first(self.spec, known) if start not in known]

    def _sources_of(self, element: str) -> tuple[str, ...]:
        """Return whatever may have been passed last before an element."""
        if element not in self._sources:
            seen: set[str] = set()
            pending = [source for _flow, source in _before(self.where, element)]
            while pending:
                source = pending.pop()
                if source in seen:
                    continue
                seen.add(source)
                if self.where.nodes[source]["type"] not in _WAITS:
                    pending.extend(further for _flow, further in _before(self.where, source))
            self._sources[element] = tuple(sorted(seen))
        return self._sources[element]


def _first(spec: Spec, known: Collection[str]) -> list[str]:
    """Return the start events that the case began by; all of the process, if its events name none."""
    return [start for start in spec.starts if start in known] or list(spec.starts)


def _read(spec: Spec) -> _Map:
    incoming: dict[str, list[tuple[str, str]]] = {}
    starts, ends, parents = {}, {}, {}
    for scope, nodes in ((name, scope["nodes"]) for name, scope in spec.compiled["scopes"].items()):
        for identity, node in nodes.items():
            parents[identity] = scope
            for flow in node["flows"]:
                incoming.setdefault(flow["to"], []).append((flow["id"], identity))
        starts[scope] = next((i for i, n in nodes.items() if n["type"] == "startEvent"), "")
        ends[scope] = [i for i, n in nodes.items() if n["type"] == "endEvent"]
    return _Map(spec.nodes, incoming, starts, ends, parents)


def _way_to(where: _Map, element: str, within: frozenset[str]) -> _Way:
    """Return the way to an element from what happened last among all that may lead to it."""
    best, seen = _Way(), {element}
    waiting = deque((step, frozenset(step[:1]), frozenset[str]()) for step in _before(where, element))
    while waiting:
        (_flow, source), flows, between = waiting.popleft()
        if (order := where.passed.get(source, -1)) > best.order:
            best = _Way(order, flows - {""}, between)
        if source in seen or where.nodes[source]["type"] in _WAITS:
            continue
        seen.add(source)
        if _joins(where, source) and source not in within:
            joined = _join(where, source, within | {source})
            if joined.order > best.order:
                best = _Way(joined.order, joined.flows | flows - {""}, joined.between | between | {source})
            continue
        waiting.extend((step, flows | {step[0]}, between | {source}) for step in _before(where, source))
    return best


def _joins(where: _Map, element: str) -> bool:
    return where.nodes[element]["type"] == "parallelGateway" and len(where.incoming.get(element, ())) > 1


def _join(where: _Map, gateway: str, within: frozenset[str]) -> _Way:
    """Return all branches that a gateway waited for, as one way."""
    order, flows, between = -1, frozenset[str](), frozenset[str]()
    for flow, source in where.incoming[gateway]:
        branch = _Way(where.passed.get(source, -1))
        if where.nodes[source]["type"] not in _WAITS:
            further = _way_to(where, source, within)
            branch = _Way(further.order, further.flows, further.between | {source})
        order = max(order, branch.order)
        flows |= branch.flows | {flow}
        between |= branch.between
    return _Way(order, flows, between)


def _before(where: _Map, element: str) -> list[tuple[str, str]]:
    """Return what leads to an element as (flow, source); a sub-process is entered and left without a flow."""
    node = where.nodes[element]
    if node["type"] == "subProcess":
        return [("", end) for end in where.ends.get(element, ())]
    scope = where.parents[element]
    if node["type"] == "startEvent" and scope in where.nodes:
        is_by_event = where.nodes[scope]["type"] == EVENT_SUBPROCESS
        return [("", scope)] if is_by_event else where.incoming.get(scope, [])
    return where.incoming.get(element, [])


def _standing(where: _Map, waiting: Collection[str]) -> Iterator[str]:
    """Yield where the case stands: steps, events on the way, the gateway before events that exclude each other."""
    for element in waiting:
        node = where.nodes.get(element)
        if node is None or node["type"] in BESIDE:
            continue
        before = [s for _f, s in where.incoming.get(element, ()) if _is_choice(where.nodes[s])]
        yield from before or [element]


def _is_choice(node: Node) -> bool:
    return bool(node["type"] == "eventBasedGateway")


def _ahead(where: _Map, now: frozenset[str]) -> Iterator[str]:
    seen, waiting = set(now), deque(sorted(now))
    while waiting:
        for follower in _after(where, waiting.popleft()):
            if follower not in seen:
                seen.add(follower)
                waiting.append(follower)
                yield follower


def _after(where: _Map, element: str) -> list[str]:
    node = where.nodes[element]
    scope = where.parents[element]
    if node["type"] == "endEvent" and scope in where.nodes:
        return [flow["to"] for flow in where.nodes[scope]["flows"]]
    followers = [flow["to"] for flow in node["flows"]]
    return [
        where.starts[follower] if where.nodes[follower]["type"] == "subProcess" else follower
        for follower in followers
    ]
