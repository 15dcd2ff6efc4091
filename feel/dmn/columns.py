"""The columns of a decision table cut into regions, as far as its cells can be analysed."""

from __future__ import annotations

from collections.abc import Sequence

from feel.dmn.cells import Said, asks_input_alone, check_of, said_in
from feel.dmn.coverage import Column, Point
from feel.dmn.items import AllowedValues
from feel.dmn.model import Finding
from feel.dmn.nodes import TableNode, TypedNode
from feel.dmn.regions import points_of, representatives
from feel.exchange import format_value
from feel.inference import type_of
from feel.nodes import Node, UnaryTests
from feel.order import family
from feel.types import KIND_NAMES, Type, Types, UnknownTypeError, kind_name, resolve
from feel.values import Value

WORK = 1_000_000
"""So often is a test of a cell asked about a value; what is beyond is not looked at, and said so."""


class CutTable:
    """A table with its columns cut; `wrong` and `unknown` say what was found and not found on the way."""

    def __init__(self, element: str, table: TableNode, names: Types, types: Types) -> None:
        self.element = element
        self.table = table
        self.types = types
        self.wrong: list[Finding] = []
        self.unknown: list[str] = []
        self.work = 0
        kinds = [self._kind(node, names) for node in table.inputs]
        self.columns = [self._column(place, kind) for place, kind in enumerate(kinds)]

    def example(self, point: Point) -> dict[str, str]:
        """Return the input of a point: labels of columns and literals."""
        return {
            column.label: format_value(column.values[region])
            for column, region in zip(self.columns, point, strict=True)
            if column.values
        }

    def told(self, point: Point) -> str:
        """Return the input of a point in words."""
        return "，".join(f"{label} = {literal}" for label, literal in self.example(point).items())

    def _kind(self, node: Node, names: Types) -> Type | None:
        kind = type_of(node, names)
        declared = declared_type(node, self.types)
        if kind is not None and kind.allowed is not None:
            return kind
        return declared or kind

    def _column(self, place: int, kind: Type | None) -> Column:
        label = self.table.labels[place]
        cells = [row[place] for row in self.table.tests]
        said = [said_in(cell) for cell in cells]
        chosen = self._chosen_kind(label, kind, said)
        if chosen == "string":
            said = [None if one is not None and one.orders_texts else one for one in said]
        for number, (cell, one) in enumerate(zip(cells, said, strict=True), 1):
            if cell.tests and one is None:
                self.unknown.append(f"第 {number} 行的“{label}”要看别的值才知道，没有分析")
        regions = self._regions(place, kind, chosen, said)
        if regions is None:
            return self._blind(label, cells)
        self.work += len(regions) * sum(max(1, len(cell.tests)) for cell in cells)
        if self.work > WORK:
            self.unknown.append(f"“{label}”的格子太多，没有分析")
            return _unseen(label, cells)
        taken = [
            None if one is None else self._taken(cell, regions) for cell, one in zip(cells, said, strict=True)
        ]
        return Column(label, tuple(regions), tuple(taken))

    def _regions(
        self, place: int, kind: Type | None, chosen: str | None, said: list[Said | None]
    ) -> list[Value] | None:
        """Return one value of each region of a column, null among them if a cell speaks of it."""
        spoken = [value for one in said if one is not None for value in one.values]
        allowed = self._allowed(place, kind)
        bounds = [said_in(tests) for tests in allowed]
        if None in bounds:
            self.unknown.append(f"“{self.table.labels[place]}”的可取值要看别的值才知道，没有分析")
        points = points_of([*spoken, *(value for one in bounds if one is not None for value in one.values)])
        if chosen is None or len(points) > WORK:
            return None
        regions = representatives(chosen, points)
        if regions is None:
            return None
        inside = [
            check_of(tests, self.types)
            for tests, one in zip(allowed, bounds, strict=True)
            if one is not None or asks_input_alone(tests)
        ]
        regions = [region for region in regions if all(check(region) for check in inside)]
        return [*regions, None] if None in spoken else regions

    def _taken(self, cell: UnaryTests, regions: Sequence[Value]) -> frozenset[int]:
        if not cell.tests:
            return frozenset(range(len(regions)))
        check = check_of(cell, self.types)
        return frozenset(place for place, region in enumerate(regions) if check(region))

    def _blind(self, label: str, cells: list[UnaryTests]) -> Column:
        """Return a column whose values are not known: a cell that tests nothing takes all."""
        if any(cell.tests for cell in cells):
            self.unknown.append(f"列“{label}”的类型不清楚，没有分析")
        return _unseen(label, cells)

    def _allowed(self, place: int, kind: Type | None) -> list[UnaryTests]:
        own = self.table.allowed[place]
        found = [own] if own is not None else []
        allowed = kind.allowed if kind is not None else None
        while isinstance(allowed, AllowedValues):
            found.append(allowed.tests)
            allowed = allowed.base
        return found

    def _chosen_kind(self, label: str, kind: Type | None, cells: list[Said | None]) -> str | None:
        """Return the kind of a column, declared or read off its cells; a cell of another kind is a fault."""
        chosen = kind.kind if kind is not None and kind.kind in KIND_NAMES else None
        for number, one in enumerate(cells, 1):
            for point in points_of(one.values if one is not None else ()):
                chosen = chosen or family(point)
                if family(point) != chosen:
                    said, wanted = kind_name(family(point)), kind_name(chosen)
                    message = (
                        f"第 {number} 行的“{label}”写的是{said} {format_value(point)}，而这一列是{wanted}。"
                    )
                    self.wrong.append(Finding(self.element, message, "type", {label: format_value(point)}))
        return chosen


def _unseen(label: str, cells: list[UnaryTests]) -> Column:
    return Column(label, (None,), tuple(None if cell.tests else frozenset({0}) for cell in cells))


def declared_type(node: Node, types: Types) -> Type | None:
    """Return the type that is written beside an expression; None if there is none, or nobody knows it."""
    try:
        return resolve(node.type, types) if isinstance(node, TypedNode) else None
    except UnknownTypeError:
        return None
