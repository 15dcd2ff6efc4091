"""The token game of the reference model: what is open, what came before it, what comes next. Knows no engine.

A node hangs under what came before it. What comes after a block is a function, so that a step that is opened anew
simply goes on with its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from msgspec import Struct, field
from msgspec.structs import asdict

from tests.workflows.stateful.seats import Item, Round, seats_of
from tests.workflows.stateful.tree import (
    Block,
    Choice,
    Fork,
    Inside,
    Loop,
    Row,
    Some,
    Step,
    late_step,
)
from tests.workflows.stateful.ways import Ways

Next = Callable[["Node"], None]


class Node(Struct, eq=False):
    """Something that has happened: a step, a split, the way into a sub-process."""

    before: Node | None
    kind: str
    arrived: set[int] = field(default_factory=set)


class Activation(Node, eq=False):
    """One opening of a step. `alone`: not one of several instances; `after` tells of the verb that opened it."""

    step: Step = field(default_factory=Step)
    then: Next = print
    alone: bool = True
    status: str = "open"
    items: list[Item] = field(default_factory=list)
    round: Round | None = None
    said: str = ""
    straight: Activation | None = None
    straight_to: str = ""
    after: str = ""
    opened_on: int = 0

    def undone(self) -> list[Item]:
        """Return the items that somebody is still to do."""
        return [item for item in self.items if item.is_undone]


class Game:
    """A case: the activations so far, and who is where."""

    def __init__(self, people: People, block: Block) -> None:
        """Open the first steps."""
        self.people = people
        self.activations: list[Activation] = []
        self.ended = False
        self.ways = Ways(block)
        self.around = dict(_around(block, ()))
        self._enter(block, Node(None, "start"), self._end)

    def open(self) -> list[Activation]:
        """Return what is open, the oldest first."""
        return [each for each in self.activations if each.status == "open"]

    def items(self) -> list[Item]:
        """Return every item that there ever was."""
        return [item for each in self.activations for item in each.items]

    def finish(self, done: Activation, said: str) -> None:
        """Let what comes after a step begin."""
        done.status, done.said = "done", said
        back = done.straight
        if back is not None:
            self._activate(back.step, done, back.then, heir=done.straight_to, after="straight")
        else:
            done.then(done)

    def time_is_up(self, watched: Activation) -> None:
        """Leave a watched step for the one at its edge."""
        self._void(watched)
        self._activate(late_step(watched.step), watched.before, watched.then)

    def go_back(self, target: Activation, heir: str | None, straight: tuple[Activation, str] | None) -> None:
        """Take back all that descends from a step, and open it anew."""
        for each in self.after(target):
            self._void(each)
        again = self._activate(target.step, target, target.then, heir=heir, after="return")
        if straight is not None:
            again.straight, again.straight_to = straight

    def after(self, target: Node) -> list[Activation]:
        """Return the open activations that descend from a node."""
        return [each for each in self.open() if target in lineage(each)]

    def points(self, here: Activation) -> list[Activation]:
        """Return the steps that the work of an open one may go back to, the nearest first."""
        seen, found = {here.step.name}, []
        for node in lineage(here):
            if not isinstance(node, Activation) or node.status != "done" or not node.alone:
                continue
            if node.step.name not in seen:
                seen.add(node.step.name)
                found.append(node)
        return found

    def _enter(self, block: Block, before: Node, then: Next) -> None:
        getattr(self, f"_{type(block).__name__.lower()}")(block, before, then)

    def _end(self, _: Node) -> None:
        self.ended = True

    def _activate(
        self,
        step: Step,
        before: Node | None,
        then: Next,
        *,
        heir: str | None = None,
        after: str = "",
        alone=True,
    ) -> Activation:
        opened = Activation(before, "step", step=step, then=then, alone=alone, after=after)
        opened.opened_on = self.people.day
        opened.round, opened.items = seats_of(opened, self.people, heir)
        self.activations.append(opened)
        return opened

    def _void(self, activation: Activation) -> None:
        activation.status = "void"
        for item in activation.undone():
            item.status = "void"

    def _step(self, step: Step, before: Node, then: Next) -> None:
        if not step.several:
            self._activate(step, before, then)
            return
        each, left = Node(before, "each"), [2]

        def one_done(_: Node) -> None:
            left[0] -= 1
            if not left[0]:
                then(each)
            elif step.several == "sequential":
                self._activate(step, each, one_done, alone=False)

        for _ in range(2 if step.several == "parallel" else 1):
            self._activate(step, each, one_done, alone=False)

    def _row(self, row: Row, before: Node, then: Next) -> None:
        first, *rest = row.parts
        follow = (lambda node: self._row(Row(tuple(rest)), node, then)) if rest else then
        self._enter(first, before, follow)

    def _choice(self, choice: Choice, before: Node, then: Next) -> None:
        def decided(node: Node) -> None:
            self._enter(choice.approved if node.said == "approve" else choice.refused, node, then)

        self._step(choice.decider, before, decided)

    def _fork(self, block: Fork, before: Node, then: Next) -> None:
        self._beside(block.branches, before, then)

    def _some(self, some: Some, before: Node, then: Next) -> None:
        def decided(node: Node) -> None:
            taken = (some.first, some.second) if node.said == "approve" else (some.second,)
            self._beside(taken, node, then)

        self._step(some.decider, before, decided)

    def _beside(self, branches: tuple[Block, ...], before: Node, then: Next) -> None:
        """Open branches; nothing inside of several can be gone back to once they have come together."""
        split = Node(before, "split")
        for number, branch in enumerate(branches):

            def come(node: Node, number: int = number) -> None:
                split.arrived.add(number)
                if len(split.arrived) == len(branches):
                    then(split if len(branches) > 1 else node)

            self._enter(branch, split, come)

    def _loop(self, loop: Loop, before: Node, then: Next) -> None:
        def decided(node: Node) -> None:
            if node.said == "approve":
                then(node)
            else:
                self._loop(loop, node, then)

        self._enter(loop.body, before, lambda node: self._step(loop.decider, node, decided))

    def _inside(self, block: Inside, before: Node, then: Next) -> None:
        way_in = Node(before, "inside")
        self._enter(block.body, way_in, lambda _: then(way_in))


def lineage(node: Node) -> Iterator[Node]:
    """Yield what came before a node, the nearest first."""
    before = node.before
    while before is not None:
        yield before
        before = before.before


class People(Struct):
    """Who has which role, who is away until when and who stands in; the day of the case."""

    roles: dict[str, frozenset[str]]
    day: int = 0
    away: dict[str, tuple[int, str]] = field(default_factory=dict)

    def is_away(self, person: str) -> bool:
        """Tell whether somebody is away today."""
        return person in self.away and self.away[person][0] > self.day

    def given(self, person: str | None, role: str) -> tuple[str | None, str | None]:
        """Return whom work for a person goes to, and who answers for it: in an absence it goes to the substitute."""
        if person is None or role not in self.roles[person]:
            return None, None
        if not self.is_away(person):
            return person, None
        substitute = self.away[person][1]
        return (None, None) if self.is_away(substitute) else (substitute, person)


def _around(block: Block, kinds: tuple[str, ...]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the structures around each step, by its name."""
    if isinstance(block, Step):
        yield block.name, kinds
        yield late_step(block).name, kinds
        return
    kind = type(block).__name__.lower()
    for name, value in asdict(block).items():
        inner = kinds if (name == "decider" and kind != "loop") or kind == "row" else (*kinds, kind)
        for one in value if isinstance(value, tuple) else (value,):
            yield from _around(one, inner)
