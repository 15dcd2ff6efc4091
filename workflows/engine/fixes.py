"""The changes that end a finding about an element by themselves, as the designer applies them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from workflows.engine.check_events import Place
from workflows.engine.errors import Fix

ROUNDS = "10"
"""How often a loop runs at most if nobody says it."""


def fix_of(rule: str, place: Place) -> Fix | None:
    """Return the change that ends a finding of that rule, None where a person has to think."""
    make = _FIXES.get(rule)
    return None if make is None else make(place)


def _default(place: Place) -> Fix:
    flows = place.node["flows"]
    chosen = next((flow for flow in flows if not flow["when"]), flows[-1])
    told = chosen["name"] or place.nodes[chosen["to"]]["name"]
    return Fix("set_default", f"以“{told}”为缺省出口", {"gateway": place.identity, "flow": chosen["id"]})


def _no_condition(place: Place) -> Fix:
    flow = next(flow for flow in place.node["flows"] if flow["when"])
    return Fix("remove_condition", "去掉条件", {"flow": flow["id"]})


def _no_default_condition(place: Place) -> Fix:
    flow = next(flow for flow in place.node["flows"] if flow["default"])
    return Fix("remove_condition", "去掉缺省出口的条件", {"flow": flow["id"]})


def _role(place: Place) -> Fix | None:
    """Return the role of the steps around, if it is one."""
    before = [n for n in place.nodes.values() if any(f["to"] == place.identity for f in n["flows"])]
    after = [place.nodes[flow["to"]] for flow in place.node["flows"]]
    lanes = {node["lane"] for node in (*before, *after) if node["lane"]}
    if len(lanes) != 1:
        return None
    (lane,) = lanes
    return Fix("set_role", f"由 {lane} 办", {"element": place.identity, "role": lane})


def _maximum(place: Place) -> Fix | None:
    if place.node["loop"]["kind"] != "standard":
        return None
    arguments = {"element": place.identity, "maximum": ROUNDS}
    return Fix("set_loop_maximum", f"最多 {ROUNDS} 次", arguments)


_FIXES: Mapping[str, Callable[[Place], Fix | None]] = {
    "no_default": _default,
    "condition_place": _no_condition,
    "default_condition": _no_default_condition,
    "no_role": _role,
    "loop": _maximum,
}
