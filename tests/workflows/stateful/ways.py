"""Which ways lead from step to step in a diagram: the reference model's own reading of it, for 直送."""

from __future__ import annotations

from collections import defaultdict
from itertools import count, pairwise

from tests.workflows.stateful.tree import Block, Choice, Fork, Inside, Loop, Row, Some, Step, late_step

Names = tuple[str, ...]
BARRIER = "|"
"""What branches, joins or holds a scope of its own begins with it."""


class Ways:
    """The steps of a process by what may come next; a sub-process is one thing, and has ways of its own inside."""

    def __init__(self, block: Block) -> None:
        """Read the diagram."""
        self.next: dict[str, set[str]] = defaultdict(set)
        self._numbers = count(1)
        self._read(block)

    def lead_straight(self, target: str, here: str) -> bool:
        """Tell whether nothing lies on any way between two steps of a scope but steps and exclusive choices."""
        ahead = self._reached(target, here)
        between = {name for name in ahead - {here} if here in self._reached(name, here)}
        return here in ahead and not any(name.startswith(BARRIER) for name in between)

    def _reached(self, source: str, without: str) -> set[str]:
        seen: set[str] = set()
        pending = list(self.next[source])
        while pending:
            name = pending.pop()
            if name not in seen:
                seen.add(name)
                pending += self.next[name] if name != without else ()
        return seen

    def _link(self, sources: Names, targets: Names) -> None:
        for source in sources:
            self.next[source] |= set(targets)

    def _barrier(self) -> Names:
        return (f"{BARRIER}{next(self._numbers)}",)

    def _read(self, block: Block) -> tuple[Names, Names]:
        """Return where a block is entered and left."""
        ways: tuple[Names, Names] = getattr(self, f"_{type(block).__name__.lower()}")(block)
        return ways

    def _step(self, step: Step) -> tuple[Names, Names]:
        name = f"{BARRIER}{step.name}" if step.several else step.name
        names = (name, late_step(step).name) if step.watched else (name,)
        return names, names

    def _row(self, row: Row) -> tuple[Names, Names]:
        ends = [self._read(part) for part in row.parts]
        for one, other in pairwise(ends):
            self._link(one[1], other[0])
        return ends[0][0], ends[-1][1]

    def _loop(self, loop: Loop) -> tuple[Names, Names]:
        body, decider = self._read(loop.body), self._read(loop.decider)
        self._link(body[1], decider[0])
        self._link(decider[1], body[0])
        return body[0], decider[1]

    def _fork(self, block: Fork) -> tuple[Names, Names]:
        return self._split(block.branches)

    def _some(self, some: Some) -> tuple[Names, Names]:
        decider, branches = self._read(some.decider), self._split((some.first, some.second))
        self._link(decider[1], branches[0])
        return decider[0], branches[1]

    def _inside(self, block: Inside) -> tuple[Names, Names]:
        self._read(block.body)
        name = self._barrier()
        return name, name

    def _choice(self, choice: Choice) -> tuple[Names, Names]:
        decider = self._read(choice.decider)
        ways = [self._read(one) for one in (choice.approved, choice.refused)]
        for entered, _ in ways:
            self._link(decider[1], entered)
        return decider[0], tuple(name for _, left in ways for name in left)

    def _split(self, branches: tuple[Block, ...]) -> tuple[Names, Names]:
        into, out = self._barrier(), self._barrier()
        for branch in branches:
            entered, left = self._read(branch)
            self._link(into, entered)
            self._link(left, out)
        return into, out
