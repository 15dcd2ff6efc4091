"""What is known to be true on a flow out of a gateway, and whether a condition follows from it.

Nothing is proved: a condition follows if its parts are there as written, whatever the spelling, or if what it
denies was denied by a flow that is looked at before.
"""

from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct

import feel
from feel.nodes import Call, Comparison, Junction, Literal, Name
from feel.nodes import Node as Expression
from workflows.engine import tree_of
from workflows.engine.model import Node

CHOOSING = frozenset({"exclusiveGateway", "inclusiveGateway"})
Parts = frozenset[str]
Equation = tuple[str, str]


class Known(Struct, frozen=True):
    """What holds on a flow, and of which sets of conditions not all hold."""

    true: Parts = frozenset()
    denied: tuple[Parts, ...] = ()
    equations: tuple[Equation | None, ...] = ()

    def implies(self, condition: str) -> bool:
        """Tell whether a condition follows."""
        return all(self._implies(part) for part in _operands(tree_of(condition)))

    def _implies(self, part: Expression) -> bool:
        if _text(part) in self.true:
            return True
        denied = _denied(_plain(part))
        if denied is None:
            return False
        return any(parts <= _parts(denied) for parts in self.denied) or self._excludes(denied)

    def _excludes(self, denied: Expression) -> bool:
        """Tell whether the same is known to equal another text."""
        pair = _equation(denied)
        return pair is not None and any(
            other[0] == pair[0] and other[1] != pair[1] for other in self.equations if other is not None
        )


def known_on_flows(node: Node, names: Iterable[str] = ()) -> Mapping[str, Known]:
    """Return what is known on each flow out of a gateway, by the flow's id; the first true flow is taken.

    `names` are the variables with a space in their names.
    """
    if node["type"] not in CHOOSING:
        return {}
    told: dict[str, Known] = {}
    before: list[Parts] = []
    is_exclusive = node["type"] == "exclusiveGateway"
    for flow in node["flows"]:
        if flow["when"]:
            tree = tree_of(flow["when"], names)
            parts, equations = _parts(tree), tuple(map(_equation, _operands(tree)))
            told[flow["id"]] = Known(parts, tuple(before) if is_exclusive else (), equations)
            before.append(parts)
    for flow in node["flows"]:
        if not flow["when"]:
            told[flow["id"]] = Known(denied=tuple(before))
    return told


def _parts(condition: Expression) -> Parts:
    return frozenset(map(_text, _operands(condition)))


def _operands(condition: Expression) -> Iterator[Expression]:
    if isinstance(condition, Junction) and condition.operator == "and":
        for operand in condition.operands:
            yield from _operands(operand)
    else:
        yield condition


def _text(part: Expression) -> str:
    return feel.format_expression(_plain(part))


def _plain(part: Expression) -> Expression:
    """Return `x` for `x = true` and `not(x)` for `x = false`."""
    if not isinstance(part, Comparison) or part.operator != "=" or not isinstance(part.right, Literal):
        return part
    if part.right.value is True:
        return part.left
    return Call(part.span, Name(part.span, "not"), (part.left,)) if part.right.value is False else part


def _equation(part: Expression) -> Equation | None:
    """Return the two sides of `x = "text"`."""
    if not isinstance(part, Comparison) or part.operator != "=" or not isinstance(part.right, Literal):
        return None
    value = part.right.value
    return (feel.format_expression(part.left), value) if isinstance(value, str) else None


def _denied(part: Expression) -> Expression | None:
    """Return what `not(…)` denies."""
    if isinstance(part, Call) and isinstance(part.function, Name) and part.function.name == "not":
        return part.arguments[0] if len(part.arguments) == 1 else None
    return None
