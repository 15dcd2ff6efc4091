"""What happens after a step: what the product does by itself, then who does what next."""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct

from workflows.engine import Spec
from workflows.engine.facets import EVENT_SUBPROCESS, STEPS
from workflows.engine.model import Node

_DONE_BY_ITSELF = frozenset({"serviceTask", "sendTask", "businessRuleTask"})
_AT_MOST = 4


class Following(Struct, frozen=True):
    """Names of what is done by itself and of the steps that come next, and whether the way may end here."""

    by_itself: tuple[str, ...]
    steps: tuple[str, ...]
    may_end: bool


def what_follows(spec: Spec, step: str) -> Following:
    """Return what may follow a step of this specification, as far as the next steps of people."""
    by_itself, steps, may_end = [], [], False
    for element in _reached(spec, step):
        if element not in spec.nodes:
            may_end = True
            continue
        node = spec.nodes[element]
        if node["type"] in STEPS:
            steps.append(node["name"])
        elif node["type"] in _DONE_BY_ITSELF and node["name"]:
            by_itself.append(node["name"])
    return Following(_first(by_itself), _first(steps), may_end)


def steps_after(spec: Spec, step: str) -> frozenset[str]:
    """Return the steps of people that may come next after a step."""
    return frozenset(
        element
        for element in _reached(spec, step)
        if element in spec.nodes and spec.nodes[element]["type"] in STEPS
    )


def _reached(spec: Spec, step: str) -> Iterator[str]:
    """Yield what may follow a step, not looking behind the next steps of people; an end is the process's own key."""
    scope_of = {
        element: scope for scope, inside in spec.compiled["scopes"].items() for element in inside["nodes"]
    }
    seen, waiting = {step}, deque(_after(spec.nodes, scope_of, step))
    while waiting:
        element = waiting.popleft()
        if element in seen:
            continue
        seen.add(element)
        yield element
        if element in spec.nodes and spec.nodes[element]["type"] not in STEPS:
            waiting.extend(_after(spec.nodes, scope_of, element))


def _after(nodes: Mapping[str, Node], scope_of: Mapping[str, str], element: str) -> Iterable[str]:
    """Return what follows an element; a sub-process is entered at its start, and left behind it.

    The scope of an event sub-process ends with it. Behind the process itself comes its own key.
    """
    node = nodes[element]
    if node["type"] == "subProcess":
        inside = [inner for inner, scope in scope_of.items() if scope == element]
        return [inner for inner in inside if nodes[inner]["type"] == "startEvent"]
    if node["type"] != "endEvent":
        return [flow["to"] for flow in node["flows"]]
    scope = scope_of[element]
    while scope in nodes and nodes[scope]["type"] == EVENT_SUBPROCESS:
        scope = scope_of[scope]
    return [flow["to"] for flow in nodes[scope]["flows"]] if scope in nodes else [scope]


def _first(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))[:_AT_MOST]
