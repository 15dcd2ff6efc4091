"""How often each verb met each structure: counted while cases are walked, told at the end of the tests."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from tests.workflows.stateful.game import Game, Node
from tests.workflows.stateful.verbs import Deed

STRUCTURES = (
    "plain",
    "choice",
    "fork",
    "some",
    "loop",
    "inside",
    "parallel",
    "sequential",
    "all",
    "any",
    "order",
    "share",
    "added",
    "watched",
    "returned",
    "straight",
)


class Coverage:
    """A table: verb by structure."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.done: Counter[tuple[str, str]] = Counter()
        self.refused: Counter[tuple[str, str]] = Counter()

    def count(self, verb: str, where: Iterable[str], *, refused: bool = False) -> None:
        """Note that a verb met these structures."""
        for structure in where:
            (self.refused if refused else self.done)[verb, structure] += 1

    def lines(self, verbs: Iterable[str]) -> Iterator[str]:
        """Yield the table as text, done/refused."""
        yield f"{'':18}" + "".join(f"{name[:10]:>11}" for name in STRUCTURES)
        for verb in verbs:
            cells = (f"{self.done[verb, name]}/{self.refused[verb, name]}" for name in STRUCTURES)
            yield f"{verb:18}" + "".join(f"{cell:>11}" for cell in cells)


def structures(game: Game, deed: Deed) -> tuple[str, ...]:
    """Return the structures that a deed meets: around its step, in its step, and how the step came to be open."""
    if deed.item is None:
        return tuple({name for each in game.open() for name in _of(game, each)})
    return tuple(_of(game, deed.item.of))


def _of(game: Game, here: Node) -> set[str]:
    step = here.step
    found = {*game.around[step.name]}
    found |= {name for name in (step.several, here.after.replace("return", "returned")) if name}
    if step.watched:
        found.add("watched")
    if step.sign is not None:
        found.add(step.sign.mode)
    elif here.round is not None:
        found.add("added")
    return found or {"plain"}
