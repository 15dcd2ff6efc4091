"""Variables that a diagram itself sets to written values, and what gateways then do.

A way is not walked that cannot be taken. Where a value comes from elsewhere, or two branches differ, nothing is known.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping

from msgspec import Struct

from feel.nodes import Call, Comparison, If, Junction, Literal, Name, walk
from feel.nodes import Node as Expression
from workflows.check.conditions import CHOOSING
from workflows.engine import tree_of
from workflows.engine.model import Node

MANY = 64
"""So many combinations of values are told apart behind one element."""
Value = str | bool | None
Values = tuple[Value, ...]


class Flags(Struct, frozen=True):
    """The names of the variables that are followed, and their possible values behind each element that sets one."""

    names: tuple[str, ...]
    written: Mapping[str, Mapping[str, tuple[Value, ...]]]
    conditions: Mapping[str, Expression]

    def unknown(self) -> Values:
        """Return what is known before anything has been set: nothing."""
        return (None,) * len(self.names)

    def without(self, elements: Collection[str], values: Values) -> Values:
        """Return what is known where nothing is known of what some elements have written."""
        if all(value is None for value in values):
            return values
        lost = {name for element in elements for name in self.written.get(element, ())}
        return tuple(None if name in lost else value for name, value in zip(self.names, values, strict=True))

    def behind(self, element: str, values: Values) -> Iterator[Values]:
        """Yield what may be known behind an element that has finished."""
        found = [values]
        for name, possible in self.written.get(element, {}).items():
            at = self.names.index(name)
            told = possible if len(found) * len(possible) <= MANY else (None,)
            found = [(*one[:at], value, *one[at + 1 :]) for one in found for value in told]
        yield from found

    def is_open(self, node: Node, flow: str, values: Values) -> bool:
        """Tell whether a gateway may take a flow."""
        if node["type"] not in CHOOSING:
            return True
        known = dict(zip(self.names, values, strict=True))
        for other in node["flows"]:
            holds = _truth(self.conditions[other["id"]], known) if other["when"] else None
            if other["id"] == flow and other["when"]:
                return holds is not False
            if holds is True and (node["type"] == "exclusiveGateway"):
                return False
        return True


def merged(one: Values, other: Values) -> Values:
    """Return what is known behind a join of two branches."""
    return tuple(mine if mine == yours else None for mine, yours in zip(one, other, strict=True))


def flags_of(nodes: Mapping[str, Node], names: Iterable[str] = ()) -> Flags:
    """Return the variables of a process that gateways ask for and that it sets to written values itself.

    `names` are the variables with a space in their names.
    """
    spaced = frozenset(names)
    conditions = {
        flow["id"]: tree_of(flow["when"], spaced)
        for node in nodes.values()
        if node["type"] in CHOOSING
        for flow in node["flows"]
        if flow["when"]
    }
    asked = {part.name for tree in conditions.values() for part in walk(tree) if isinstance(part, Name)}
    written = {
        element: {
            name: _possible(node, text, spaced) for name, text in node.get("outputs", ()) if name in asked
        }
        for element, node in nodes.items()
    }
    lent = {str(name) for node in nodes.values() for name in (node.get("loop") or {}).values()}
    followed = {
        name for found in written.values() for name, values in found.items() if values != (None,)
    } - lent
    kept = {
        element: told
        for element, found in written.items()
        if (told := {name: values for name, values in found.items() if name in followed})
    }
    return Flags(tuple(sorted(followed)), kept, conditions)


def _possible(node: Node, text: str | None, names: Iterable[str]) -> tuple[Value, ...]:
    """Return the values that an output may have: those written out, or one that is not known."""
    if text is None or node.get("loop"):
        return (None,)
    return tuple(dict.fromkeys(written_values(tree_of(text, names))))


def written_values(expression: Expression) -> Iterator[Value]:
    """Yield the texts and truths that an expression may give as written; None for what is not written out."""
    if isinstance(expression, If):
        yield from written_values(expression.then)
        yield from written_values(expression.otherwise)
    elif isinstance(expression, Literal) and isinstance(expression.value, str | bool):
        yield expression.value
    else:
        yield None


def _truth(condition: Expression, known: Mapping[str, Value]) -> bool | None:
    """Return whether a condition is true, false or null: None where that is not known."""
    if isinstance(condition, Junction):
        told = [_truth(part, known) for part in condition.operands]
        decisive = condition.operator == "or"
        return decisive if decisive in told else (None if None in told else not decisive)
    if isinstance(condition, Comparison) and condition.operator in ("=", "!="):
        return _equals(condition, known)
    if isinstance(condition, Call) and condition.function == Name((0, 0), "not") and condition.arguments:
        inner = _truth(condition.arguments[0], known)
        return None if inner is None else not inner
    if isinstance(condition, Name):
        found = known.get(condition.name)
        return found if isinstance(found, bool) else None
    return None


def _equals(condition: Comparison, known: Mapping[str, Value]) -> bool | None:
    if not isinstance(condition.left, Name) or not isinstance(condition.right, Literal):
        return None
    found, wanted = known.get(condition.left.name), condition.right.value
    if found is None or type(found) is not type(wanted):
        return None
    return (found == wanted) == (condition.operator == "=")
