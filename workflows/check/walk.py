"""The walk of one duty over all ways of a process: where a way goes on, or ends, although it was not done.

A token carries one of five states, and the flags that are known. At a fork each branch begins anew: what was done
is owed no more (`NONE`), what is owed stays owed; a join takes what any branch has done, unless a branch has owed it
anew since the fork. A second token, which a boundary event or event sub-process sets beside the first, does not
owe what that one owes, but it may not go where only the done may go either.
"""

from collections.abc import Iterator

from msgspec import Struct, field

from rules.demands import END, START, Demand
from workflows.check.flags import Values, merged
from workflows.check.ways import Edge, Ways
from workflows.engine.model import Node

NONE, DONE, OWED, ANEW, ABOVE = range(5)
"""Nothing is owed; done; owed; owed since the last fork; owed by the token beside which this one walks."""
OPEN = frozenset({OWED, ANEW, ABOVE})
MOST = 30_000
"""So many steps are walked for one duty; a drawing that needs more is not judged."""
_STRONGEST = (ANEW, DONE, OWED, ABOVE, NONE)
"""Which state decides at a join."""
Place = tuple[str, int]
State = tuple[int, Values]
Spot = tuple[Place, State]


class TangledError(Exception):
    """A drawing has too many ways to walk them all."""


class Miss(Struct, frozen=True):
    """An element that a way reaches without the duty, and the elements of that way."""

    element: str
    way: tuple[str, ...]


def misses(demand: Demand, ways: Ways) -> Iterator[Miss]:
    """Yield where a demand is not met. Raises: TangledError."""
    walk = _Walk(demand, ways)
    walk.run()
    for place, state in walk.seen:
        if walk.is_missed(place, state[0]):
            way = walk.way_to((place, state))
            yield Miss(place[0] if place[0] in ways.nodes else way[-1], way)


class _Walk(Struct):
    demand: Demand
    ways: Ways
    seen: dict[Spot, Spot | None] = field(default_factory=dict)
    arrived: dict[tuple[str, str, int], dict[State, Spot]] = field(default_factory=dict)
    """The states on each flow into a join, by element, flow and layer, each with whence it came."""
    pending: list[Spot] = field(default_factory=list)
    steps: int = 0
    settled: dict[str, bool] = field(default_factory=dict)
    """The flows on which the duty is done or falls away, as far as they have been walked."""

    def run(self) -> None:
        first = OWED if START in self.demand.after else NONE
        for start in self.ways.starts:
            self._reach((start, 0), (first, self.ways.flags.unknown()), None)
        while self.pending:
            spot = self.pending.pop()
            for edge in self.ways.edges.get(spot[0][0], ()):
                self._follow(spot, edge)

    def is_missed(self, place: Place, duty: int) -> bool:
        """Tell whether a token may not be here."""
        point, layer = place
        if point == self.ways.end:
            is_owed = duty in OPEN if layer == 0 else duty in {OWED, ANEW}
            return is_owed and END in self.demand.until
        return duty in OPEN and not self.ways.marks.get(point, frozenset()).isdisjoint(self.demand.until)

    def way_to(self, spot: Spot) -> tuple[str, ...]:
        found: list[str] = []
        at: Spot | None = spot
        while at is not None:
            if at[0][0] in self.ways.nodes:
                found.append(at[0][0])
            at = self.seen[at]
        return tuple(reversed(found))

    def _follow(self, spot: Spot, edge: Edge) -> None:
        (point, layer), (duty, flags) = spot
        self._count(point)
        node = self.ways.nodes.get(point)
        if node is None or edge.how != "done":
            told = [flags]
        elif self.ways.flags.is_open(node, edge.flow, flags):
            told = list(self.ways.flags.behind(point, flags))
            duty = self._along(point, edge.flow, self._through(point, node, duty))
        else:
            return
        if edge.how == "beside":
            layer, duty = 1, ABOVE if duty in OPEN else duty
        for flags in told:
            known = self.ways.flags.without(edge.forgets, flags) if edge.forgets else flags
            if layer and node is not None and (node.get("event") or {}).get("kind") == "terminate":
                self._arrive(edge, 0, (OWED if duty == ABOVE else duty, known), spot)
            self._arrive(edge, layer, (duty, known), spot)

    def _through(self, point: str, node: Node, duty: int) -> int:
        """Return the state behind an element that has finished."""
        marks = self.ways.marks[point]
        if not marks.isdisjoint(self.demand.after):
            duty = ANEW
        is_done = not marks.isdisjoint((*self.demand.by, *self.demand.unless)) and not node.get("loop")
        if is_done and duty in OPEN:
            duty = DONE
        if node["type"] == "parallelGateway" and len(node["flows"]) > 1:
            return {DONE: NONE, ANEW: OWED}.get(duty, duty)
        return duty

    def _along(self, point: str, flow: str, duty: int) -> int:
        """Return the state behind a flow: what is known on it may do for the duty, or make it fall away."""
        if duty not in OPEN or flow not in self.ways.known[point]:
            return duty
        if flow not in self.settled:
            known = self.ways.known[point][flow]
            texts = [text for text in (self.demand.holds, self.demand.spare) if text]
            self.settled[flow] = any(known.implies(text) for text in texts)
        return DONE if self.settled[flow] else duty

    def _arrive(self, edge: Edge, layer: int, state: State, whence: Spot) -> None:
        incoming = self.ways.incoming.get(edge.to, [])
        node = self.ways.nodes.get(edge.to)
        if node is None or node["type"] != "parallelGateway" or len(incoming) < 2:
            self._reach((edge.to, layer), state, whence)
            return
        on_flow = self.arrived.setdefault((edge.to, edge.flow, layer), {})
        if state in on_flow:
            return
        on_flow[state] = whence
        if any((edge.to, flow, 0) in self.arrived for flow in incoming):
            self._join((edge.to, 0), [self._on(edge.to, flow, (0, 1)) for flow in incoming])
        self._join((edge.to, 1), [self._on(edge.to, flow, (1,)) for flow in incoming])

    def _on(self, join: str, flow: str, layers: tuple[int, ...]) -> dict[State, Spot]:
        """Return the states on a flow; a second token may stand in there for the first."""
        found: dict[State, Spot] = {}
        for layer in layers:
            for (duty, flags), whence in self.arrived.get((join, flow, layer), {}).items():
                found.setdefault((OWED if duty == ABOVE and 0 in layers else duty, flags), whence)
        return found

    def _join(self, place: Place, flows: list[dict[State, Spot]]) -> None:
        told = flows[0]
        for others in flows[1:]:
            both: dict[State, Spot] = {}
            for (mine, one), whence in told.items():
                for (yours, other), elsewhere in others.items():
                    self._count(place[0])
                    is_mine = _STRONGEST.index(mine) <= _STRONGEST.index(yours)
                    state = (mine if is_mine else yours, merged(one, other))
                    both.setdefault(state, whence if is_mine else elsewhere)
            told = both
        for state, whence in told.items():
            self._reach(place, state, whence)

    def _reach(self, place: Place, state: State, whence: Spot | None) -> None:
        if (place, state) not in self.seen:
            self.seen[place, state] = whence
            self.pending.append((place, state))

    def _count(self, point: str) -> None:
        self.steps += 1
        if self.steps > MOST:
            raise TangledError(point)
