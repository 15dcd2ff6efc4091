"""Where feelin, which computes in the browser, is wanted to differ from ours, told as expressions of ours.

A rule turns a tree into the one whose value by our engine is feelin's value of the first: so a difference is
accounted for exactly, and any other shows.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from msgspec.structs import fields, replace

from feel.nodes import Between, Call, Comparison, Literal, Name, Node, Quantified

Rule = Callable[[Node], Node]
PLACE = (0, 0)


def between_takes_its_ends_in_either_order(node: Node) -> Node:
    """Standard: `a between b and c` is `a >= b and a <= c`; feelin swaps ends that stand the wrong way round."""
    if not isinstance(node, Between):
        return node
    low = Call(PLACE, Name(PLACE, "min"), (node.low, node.high))
    high = Call(PLACE, Name(PLACE, "max"), (node.low, node.high))
    return Between(PLACE, node.value, low, high)


def a_part_of_nothing_is_nothing(node: Node) -> Node:
    """Standard: the start of `substring` must lie in the text, else null; feelin gives the empty text."""
    whole = isinstance(node, Call) and node.function == Name(PLACE, "substring") and len(node.arguments) == 2
    if whole and isinstance(node, Call) and node.arguments[1] == Literal(PLACE, 1):
        return node.arguments[0]
    return node


def what_is_not_known_does_not_hold(node: Node) -> Node:
    """Standard: `some` and `every` are null where only an unknown could decide; feelin takes it for false."""
    if not isinstance(node, Quantified):
        return node
    return replace(node, body=Comparison(PLACE, "=", node.body, Literal(PLACE, True)))


WANTED: tuple[Rule, ...] = (
    between_takes_its_ends_in_either_order,
    a_part_of_nothing_is_nothing,
    what_is_not_known_does_not_hold,
)


def as_feelin_has_it(node: Node, rules: tuple[Rule, ...] = WANTED) -> Node:
    """Return the tree with every wanted difference put in."""
    changed = replace(node, **{part.name: _inside(getattr(node, part.name), rules) for part in fields(node)})
    for rule in rules:
        changed = rule(changed)
    return changed


def _inside(part: Any, rules: tuple[Rule, ...]) -> Any:
    if isinstance(part, Node):
        return as_feelin_has_it(part, rules)
    if isinstance(part, tuple):
        return tuple(_inside(piece, rules) for piece in part)
    if hasattr(part, "domain"):
        return replace(part, domain=_inside(part.domain, rules), end=_inside(part.end, rules))
    return part
