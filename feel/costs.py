"""What work costs in fuel, by measurement: one unit is about two microseconds of a small server under load.

`tests/feel/test_costs.py` holds the whole of an evaluation's fuel against what was measured.
"""

from __future__ import annotations

from collections.abc import Iterable

from feel.nodes import (
    Between,
    Chain,
    Comparison,
    ContextNode,
    Filter,
    For,
    FunctionNode,
    In,
    InstanceOf,
    Negate,
    Node,
    Power,
    Quantified,
    RangeNode,
    Test,
    UnaryTests,
    walk,
)
from feel.temporal import Zone

CALL_FUEL = 4
USER_CALL_FUEL = 6
LITERAL_FUEL = 2
WARN_FUEL = 5
READING_FUEL = 10
SORT_FUEL = 2
MOVE_FUEL = 2
PROPERTY_FUEL = 3
ZONE_FUEL = 3
POWER_FUEL = 3
ROOT_FUEL = 250
EXP_FUEL = 50
PATTERN_FUEL = 20
TRANSLATION_FUEL = 8
SUBTRACTION_FUEL = 180
REFUSED_PATTERN_FUEL = 15_000
MATCH_FUEL = 8

NODES_PER_FUEL = 10
ITEMS_PER_FUEL = 16
READ_ITEMS_PER_FUEL = 8
PARTS_PER_FUEL = 2
CHARACTERS_PER_FUEL = 64
INSTRUCTIONS_PER_FUEL = 2
POSITIONS_PER_FUEL = 10

NODE_WEIGHTS: dict[type[Node], int] = {
    Chain: 0,
    Comparison: 4,
    Between: 7,
    In: 5,
    Test: 4,
    InstanceOf: 4,
    RangeNode: 13,
    Power: 5,
    Negate: 4,
    Filter: 10,
    For: 15,
    Quantified: 12,
    ContextNode: 3,
    FunctionNode: 7,
}
"""How many plain nodes, such as names, the work of a node itself is worth; calls are charged when they are made."""

OPERATION = 6
"""The same for each operator of a chain."""

PLAIN_CELL = 16
"""What the nodes of a cell that names a range of constants are worth; such a cell is compiled to two comparisons."""

BUILTIN_FUEL: dict[str, int] = {
    "date and time": 9,
    **dict.fromkeys(("date", "time", "duration"), 4),
    **dict.fromkeys(("before", "after", "floor", "ceiling", "decimal"), 3),
    **dict.fromkeys(("round up", "round down", "round half up", "round half down"), 3),
    **dict.fromkeys(("number", "context put", "day of year", "coincides"), 2),
    **dict.fromkeys(("starts", "started by", "finishes", "finished by", "during", "includes"), 2),
    **dict.fromkeys(("string", "sqrt", "modulo", "sublist", "concatenate", "substring", "now", "today"), 1),
    **dict.fromkeys(("overlaps", "overlaps before", "overlaps after", "union", "context", "list replace"), 1),
}
"""What a built-in costs beside the call itself, where that is much; what grows with the arguments is charged there."""


def zone_fuel(*zones: Zone) -> int:
    """Return what it costs to look up the offsets of zones: nothing unless they are regions."""
    return sum(ZONE_FUEL for zone in zones if type(zone) is str)


def weight(node: Node) -> int:
    """Return the fuel that one pass over a node costs."""
    return 1 + sum(map(_nodes_worth, walk(node))) // NODES_PER_FUEL


def table_weight(cells: Iterable[UnaryTests]) -> int:
    """Return the fuel of asking each cell of a table once: a test against a constant is worth one plain node."""
    worths = (sum(map(_nodes_worth, walk(cell))) for cell in cells)
    return 1 + sum(1 + max(0, worth - PLAIN_CELL) for worth in worths) // NODES_PER_FUEL


def _nodes_worth(node: Node) -> int:
    return OPERATION * len(node.rest) if isinstance(node, Chain) else NODE_WEIGHTS.get(type(node), 1)
