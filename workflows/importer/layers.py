"""X2: a drawing for what has none: layers from left to right, rows by lane, sub-processes from inside out.

A library was looked for: the only one that knows BPMN (`bpmn-io`) is at its beginnings and carries a JavaScript
tool's whole vocabulary with it; the layout that a draft needs is this page.
"""

from __future__ import annotations

from collections.abc import Mapping

from workflows.engine.xml import local
from workflows.importer.pictures import Box
from workflows.importer.tree import Diagram, Element, id_of
from workflows.importer.words import ACTIVITIES, ARTEFACTS, DATA, GATEWAYS, SUBPROCESSES, B

GAP_X, GAP_Y, MARGIN = 60.0, 40.0, 40.0
_EVENT, _GATEWAY, _STEP, _NOTE = (36.0, 36.0), (50.0, 50.0), (100.0, 80.0), (100.0, 50.0)
Boxes = dict[str, Box]


def arranged(diagram: Diagram) -> Boxes:
    """Return a box for every element of the process and its sub-processes."""
    boxes, _, _ = _scope(diagram, diagram.process)
    return boxes


def usual_size(node: Element) -> tuple[float, float]:
    """Return how large an element of this kind is drawn."""
    kind = local(node)
    if kind in ACTIVITIES:
        return _STEP
    if kind in GATEWAYS:
        return _GATEWAY
    return _NOTE if kind in ARTEFACTS | DATA else _EVENT


def _scope(diagram: Diagram, scope: Element) -> tuple[Boxes, float, float]:
    """Return the boxes of a scope from (0, 0) on, with its width and height."""
    inside: dict[str, tuple[Boxes, float, float]] = {}
    nodes = [node for node in diagram.nodes(scope) if local(node) != "boundaryEvent"]
    sizes: dict[str, tuple[float, float]] = {}
    for node in nodes:
        sizes[id_of(node)] = usual_size(node)
        if local(node) in SUBPROCESSES:
            inside[id_of(node)] = found = _scope(diagram, node)
            sizes[id_of(node)] = (found[1] + 2 * MARGIN, found[2] + 2 * MARGIN)
    places = _placed(diagram, scope, [id_of(node) for node in nodes])
    boxes = _boxes(places, sizes)
    for identity, (inner, _, _) in inside.items():
        host = boxes[identity]
        for one, box in inner.items():
            boxes[one] = Box(box.x + host.x + MARGIN, box.y + host.y + MARGIN, box.width, box.height)
    _hang_boundaries(diagram, scope, boxes)
    width = max((b.x + b.width for b in boxes.values()), default=_STEP[0])
    height = max((b.y + b.height for b in boxes.values()), default=_STEP[1])
    return _with_notes(scope, boxes, height), width, height + _notes_height(scope)


def _placed(diagram: Diagram, scope: Element, names: list[str]) -> dict[str, tuple[int, int]]:
    """Return layer and row of each element."""
    hosts = {id_of(b): b.get("attachedToRef") or "" for b in scope.findall(f"{B}boundaryEvent")}
    ways: dict[str, list[str]] = {name: [] for name in names}
    for flow in diagram.flows(scope):
        source = hosts.get(flow.get("sourceRef") or "", flow.get("sourceRef") or "")
        target = flow.get("targetRef") or ""
        if source in ways and target in ways and source != target:
            ways[source].append(target)
    layers = _layers(names, ways)
    bands = _bands(diagram, names, layers)
    return {name: (layers[name], bands[name]) for name in names}


def _layers(names: list[str], ways: Mapping[str, list[str]]) -> dict[str, int]:
    """Return the longest way to each element, ways that lead back left out."""
    order, forward = _walked(names, ways)
    after: dict[str, list[str]] = {name: [] for name in names}
    for name, target in forward:
        after[name].append(target)
    layer = dict.fromkeys(names, 0)
    for name in reversed(order):
        for target in after[name]:
            layer[target] = max(layer[target], layer[name] + 1)
    return layer


def _walked(names: list[str], ways: Mapping[str, list[str]]) -> tuple[list[str], list[tuple[str, str]]]:
    """Return the elements as a walk leaves them, and the ways that do not close a circle."""
    forward: list[tuple[str, str]] = []
    state: dict[str, int] = {}
    order: list[str] = []
    for first in names:
        pending = [(first, iter(ways[first]))] if first not in state else []
        state.setdefault(first, 1)
        while pending:
            name, rest = pending[-1]
            target = next(rest, None)
            if target is None:
                state[name] = 2
                order.append(name)
                pending.pop()
            elif state.get(target) != 1:
                forward.append((name, target))
                if target not in state:
                    state[target] = 1
                    pending.append((target, iter(ways[target])))
    return order, forward


def _bands(diagram: Diagram, names: list[str], layers: Mapping[str, int]) -> dict[str, int]:
    """Return the row of each element: those of one lane lie together, each layer fills its rows from the top."""
    lanes = list(diagram.process.iter(f"{B}lane"))
    lane_of = {
        (r.text or "").strip(): n for n, lane in enumerate(lanes) for r in lane.findall(f"{B}flowNodeRef")
    }
    taken: dict[tuple[int, int], int] = {}
    rows: dict[str, int] = {}
    for name in sorted(names, key=lambda one: layers[one]):
        key = (lane_of.get(name, 0), layers[name])
        rows[name] = taken.get(key, 0)
        taken[key] = rows[name] + 1
    offset, first = 0, {}
    for n in range(max(len(lanes), 1)):
        first[n] = offset
        offset += max((count for (lane, _), count in taken.items() if lane == n), default=1)
    return {name: first[lane_of.get(name, 0)] + rows[name] for name in names}


def _boxes(places: Mapping[str, tuple[int, int]], sizes: Mapping[str, tuple[float, float]]) -> Boxes:
    widths: dict[int, float] = {}
    heights: dict[int, float] = {}
    for name, (layer, row) in places.items():
        widths[layer] = max(widths.get(layer, 0.0), sizes[name][0])
        heights[row] = max(heights.get(row, 0.0), sizes[name][1])
    left, top = _starts(widths, GAP_X), _starts(heights, GAP_Y)
    return {
        name: Box(
            left[layer] + (widths[layer] - sizes[name][0]) / 2,
            top[row] + (heights[row] - sizes[name][1]) / 2,
            *sizes[name],
        )
        for name, (layer, row) in places.items()
    }


def _starts(sizes: Mapping[int, float], gap: float) -> dict[int, float]:
    found, position = {}, 0.0
    for n in sorted(sizes):
        found[n] = position
        position += sizes[n] + gap
    return found


def _hang_boundaries(diagram: Diagram, scope: Element, boxes: Boxes) -> None:
    for host in diagram.nodes(scope):
        for n, event in enumerate(diagram.boundaries(host)):
            if (box := boxes.get(id_of(host))) is not None:
                x = box.x + box.width - 28 - n * 40
                boxes[id_of(event)] = Box(x, box.y + box.height - 18, *_EVENT)


def _loose(scope: Element) -> list[Element]:
    return [child for child in scope if local(child) in (ARTEFACTS | DATA) - {"association", "dataObject"}]


def _notes_height(scope: Element) -> float:
    return _NOTE[1] + GAP_Y if _loose(scope) else 0.0


def _with_notes(scope: Element, boxes: Boxes, height: float) -> Boxes:
    """Put what only explains in a row below."""
    notes = {
        id_of(one): Box(n * (_NOTE[0] + GAP_Y), height + GAP_Y, *_NOTE) for n, one in enumerate(_loose(scope))
    }
    return {**boxes, **notes}
