"""Which combinations of regions the rules of a table cover: what no rule covers, what two do, what none reaches.

Sets of rules are bits of an integer. A cell that cannot be analysed counts as whatever makes a finding certain.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct

from feel.values import Value

Point = tuple[int, ...]
WORK = 60_000


class TooLargeError(Exception):
    """A table has more combinations than are looked through."""


class Column(Struct, frozen=True):
    """A column cut into regions: one value for each, and for each rule the regions that it takes (None: unknown)."""

    label: str
    values: tuple[Value, ...]
    taken: tuple[frozenset[int] | None, ...]

    def rules_at(self, region: int, *, unknown: bool) -> int:
        """Return the rules that take a region; `unknown` says whether a cell that is not known takes it."""
        return sum(
            1 << rule
            for rule, regions in enumerate(self.taken)
            if (unknown if regions is None else region in regions)
        )


class Search:
    """A walk over the columns from left to right that keeps the rules which are still possible."""

    def __init__(self, columns: Sequence[Column], *, unknown: bool) -> None:
        """Take a cell that is not known for one that always holds, or never."""
        self.columns = columns
        self.work = 0
        self.covered: set[tuple[int, int]] = set()
        self.rules = [
            [column.rules_at(region, unknown=unknown) for region in range(len(column.values))]
            for column in columns
        ]

    def free_points(self, rules: int, within: Sequence[frozenset[int] | None]) -> Iterator[Point]:
        """Yield points that none of the rules takes, one for each way to miss them; raises TooLargeError.

        `within` gives for each column the regions to look at, None for all.
        """
        yield from self._walk(0, rules, (), within)

    def _walk(
        self, depth: int, rules: int, chosen: Point, within: Sequence[frozenset[int] | None]
    ) -> Iterator[Point]:
        if not rules:
            yield (*chosen, *(min(part) if part else 0 for part in within[depth:]))
            return
        if depth == len(self.columns) or (depth, rules) in self.covered:
            return
        found = False
        for region, left in self._branches(depth, rules, within[depth]):
            for point in self._walk(depth + 1, left, (*chosen, region), within):
                found = True
                yield point
        if not found:
            self.covered.add((depth, rules))

    def _branches(self, depth: int, rules: int, within: frozenset[int] | None) -> list[tuple[int, int]]:
        """Return a region for each set of rules that a choice in this column leaves, fewest rules first."""
        left: dict[int, int] = {}
        for region, taken in enumerate(self.rules[depth]):
            if within is None or region in within:
                left.setdefault(rules & taken, region)
        self.work += len(left)
        if self.work > WORK:
            raise TooLargeError
        return sorted(((region, kept) for kept, region in left.items()), key=lambda pair: pair[1].bit_count())


def common_point(columns: Sequence[Column], one: int, other: int) -> Point | None:
    """Return a point that both rules certainly take, or None."""
    point = []
    for column in columns:
        first, second = column.taken[one], column.taken[other]
        if first is None or second is None or not first & second:
            return None
        point.append(min(first & second))
    return tuple(point)
