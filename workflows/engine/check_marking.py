"""A walk through the markings of a scope: which parallel joins can be left waiting for ever.

A marking says how many tokens stand where. Conditions are not looked at: an exclusive gateway may go any
way, an inclusive one any way or all; so a join is only blamed if it starves somewhere and goes on nowhere.
Tokens are moved one at a time where the order does not matter, which keeps the walk short. Beyond 20,000
markings nothing is judged.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping

from workflows.engine.model import Node

Marking = frozenset[tuple[str, int]]
MAX_MARKINGS = 20_000
MAX_TOKENS = 3
_FORKS = frozenset({"parallelGateway"})


def starving_joins(nodes: Mapping[str, Node]) -> list[str]:
    """Return the parallel joins at which tokens can be left waiting, and that no marking lets go on."""
    starving, joined = _judged(nodes)
    return sorted(starving - joined)


def stranded_joins(nodes: Mapping[str, Node]) -> list[str]:
    """Return the parallel joins at which tokens can be left waiting, even if other ways let them go on."""
    return sorted(_judged(nodes)[0])


def _judged(nodes: Mapping[str, Node]) -> tuple[set[str], set[str]]:
    """Return the joins at which a walk ended, and those that it came through."""
    incoming: dict[str, list[str]] = {name: [] for name in nodes}
    for node in nodes.values():
        for flow in node["flows"]:
            incoming[flow["to"]].append(flow["id"])
    joins = {name for name in nodes if nodes[name]["type"] in _FORKS and len(incoming[name]) > 1}
    starving: set[str] = set()
    if not joins:
        return starving, starving
    walk = _Walk(nodes, incoming)
    for marking in walk.dead_ends():
        starving |= {walk.target[place] for place, _ in marking if walk.target.get(place) in joins}
    return starving, walk.joined


class _Walk:
    """Tokens stand on flows (`id`) or in activities that have boundary events (`@element`)."""

    def __init__(self, nodes: Mapping[str, Node], incoming: Mapping[str, list[str]]) -> None:
        self.nodes = nodes
        self.incoming = incoming
        self.target = {flow["id"]: flow["to"] for node in nodes.values() for flow in node["flows"]}
        self.joined: set[str] = set()
        self.boundary: dict[str, list[str]] = {}
        for name, node in nodes.items():
            if node["type"] == "boundaryEvent":
                self.boundary.setdefault(node["attached"], []).append(name)

    def dead_ends(self) -> Iterator[Marking]:
        """Yield the reachable markings with tokens but without a move."""
        starts = [name for name, node in self.nodes.items() if node["type"] == "startEvent"]
        firsts = [_put({}, self._out(name)) for name in starts]
        seen: set[Marking] = {frozenset(first.items()) for first in firsts}
        pending = deque(seen)
        while pending and len(seen) < MAX_MARKINGS:
            marking = pending.popleft()
            following = self._following(dict(marking), seen)
            if marking and not following:
                yield marking
            fresh = [other for other in dict.fromkeys(following) if other not in seen]
            seen.update(fresh)
            pending.extend(fresh)

    def _following(self, marking: dict[str, int], seen: set[Marking]) -> list[Marking]:
        """Return the next markings: of one token if that leads anywhere new, else of all."""
        every: list[Marking] = []
        for place in sorted(marking):
            moves = self._leave(marking, place) if place.startswith("@") else self._enter(marking, place)
            found = [frozenset(m.items()) for m in moves if all(count <= MAX_TOKENS for count in m.values())]
            fresh = [other for other in found if other not in seen]
            if fresh and len(fresh) == len(found):
                return fresh
            every.extend(found)
        return every

    def _enter(self, marking: dict[str, int], flow: str) -> Iterator[dict[str, int]]:
        name = self.target[flow]
        kind = self.nodes[name]["type"]
        if kind == "parallelGateway":
            ways = self.incoming[name]
            if all(marking.get(way) for way in ways):
                self.joined.add(name)
                yield _put(_take(marking, ways), self._out(name))
        elif name in self.boundary:
            yield _put(_take(marking, [flow]), ["@" + name])
        else:
            for out in self._choices(name, kind):
                yield _put(_take(marking, [flow]), out)

    def _leave(self, marking: dict[str, int], place: str) -> Iterator[dict[str, int]]:
        name = place[1:]
        yield _put(_take(marking, [place]), self._out(name))
        for event in self.boundary[name]:
            kept = _take(marking, [place]) if self.nodes[event]["interrupting"] else marking
            yield _put(kept, self._out(event))

    def _choices(self, name: str, kind: str) -> list[list[str]]:
        out = self._out(name)
        if kind in ("exclusiveGateway", "eventBasedGateway"):
            return [[flow] for flow in out]
        if kind == "inclusiveGateway":
            return [*[[flow] for flow in out], out]
        return [out]

    def _out(self, name: str) -> list[str]:
        return [flow["id"] for flow in self.nodes[name]["flows"]]


def _take(marking: Mapping[str, int], places: list[str]) -> dict[str, int]:
    left = dict(marking)
    for place in places:
        left[place] -= 1
        if not left[place]:
            del left[place]
    return left


def _put(marking: Mapping[str, int], places: list[str]) -> dict[str, int]:
    more = dict(marking)
    for place in places:
        more[place] = more.get(place, 0) + 1
    return more
