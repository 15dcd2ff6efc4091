"""The drawing of a rewritten process: what still holds stays as it was, the rest is placed and joined anew."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from workflows.engine.xml import local
from workflows.importer.layers import GAP_X, GAP_Y, MARGIN, Boxes, arranged, usual_size
from workflows.importer.model import Change
from workflows.importer.pictures import Box, Drawn, Picture, Point
from workflows.importer.tree import Diagram, Element, id_of, name_of
from workflows.importer.words import ACTIVITIES, ARTEFACTS, DATA, NODES

_LINES = frozenset({"sequenceFlow", "association", "messageFlow"})
_SHAPES = (NODES | ARTEFACTS | DATA | {"participant", "lane"}) - {"association", "dataObject"}
_TRIES = 40
_POOL = 30.0


def redraw(diagram: Diagram, source: Picture) -> tuple[Picture, list[Change]]:
    """Return the drawing of a process, and what had to be placed because the file did not draw it."""
    picture = Picture()
    for element in diagram.root.iter():
        if (drawn := source.drawn.get(element.get("id") or "")) and _fits(element, drawn):
            picture.drawn[id_of(element)] = _resized(element, drawn)
            picture.sheet[id_of(element)] = source.sheet.get(id_of(element), "")
    nodes = diagram.all_nodes()
    bare = [node for node in nodes if id_of(node) not in picture.drawn]
    unseen = [node for node in bare if id_of(node) not in diagram.near]
    if len(unseen) * 2 > len(nodes):
        picture = Picture({one: Drawn(box) for one, box in arranged(diagram).items()})
        _draw_pools(diagram, picture)
    else:
        for node in bare:
            _place(diagram, picture, node)
    _draw_lines(diagram, picture)
    told = "、".join(name_of(node) for node in unseen[:20])
    message = f"没有图形的 {len(unseen)} 个元素已自动排版：{told}。"
    return picture, [Change("X2", id_of(diagram.process), message)] if unseen else []


def _fits(element: Element, drawn: Drawn) -> bool:
    kind = local(element)
    return kind in _LINES if drawn.box is None else kind in _SHAPES


def _resized(element: Element, drawn: Drawn) -> Drawn:
    """Give an element that has become one of another kind the size of its kind, about the same middle."""
    box = drawn.box
    if box is None or local(element) not in ACTIVITIES or (box.width > 60 and box.height > 40):
        return drawn
    width, height = usual_size(element)
    x, y = box.middle
    return replace(drawn, box=Box(x - width / 2, y - height / 2, width, height), label=None)


def _boxes(picture: Picture) -> Boxes:
    return {one: drawn.box for one, drawn in picture.drawn.items() if drawn.box is not None}


def _place(diagram: Diagram, picture: Picture, node: Element) -> None:
    """Put one element beside the one that it belongs to, lower down until it covers nothing."""
    boxes = _boxes(picture)
    others = {id_of(n): boxes[id_of(n)] for n in diagram.all_nodes() if id_of(n) in boxes}
    width, height = usual_size(node)
    if local(node) == "boundaryEvent" and (host := boxes.get(node.get("attachedToRef") or "")):
        at = Box(host.x + host.width - 48, host.y + host.height - 18, width, height)
        picture.drawn[id_of(node)] = Drawn(at)
        return
    beside = boxes.get(diagram.near.get(id_of(node), "")) or next(iter(others.values()), Box(0, 0, 0, 0))
    is_before = any(flow.get("targetRef") == diagram.near.get(id_of(node)) for flow in diagram.out(node))
    x = beside.x - GAP_X / 2 - width if is_before else beside.x + beside.width + GAP_X / 2
    box = Box(x, beside.middle[1] - height / 2, width, height)
    for _ in range(_TRIES):
        if not any(_overlap(box, other) for one, other in others.items() if not _holds(diagram, one, node)):
            break
        box = Box(box.x, box.y + GAP_Y, width, height)
    picture.drawn[id_of(node)] = Drawn(box)
    picture.sheet[id_of(node)] = picture.sheet.get(diagram.near.get(id_of(node), ""), "")


def _holds(diagram: Diagram, scope: str, node: Element) -> bool:
    return (
        any(holder.get("id") == scope for holder in node.iterancestors()) and diagram.node(scope) is not None
    )


def _overlap(one: Box, other: Box) -> bool:
    apart_x = one.x >= other.x + other.width or other.x >= one.x + one.width
    return not (apart_x or one.y >= other.y + other.height or other.y >= one.y + one.height)


def _draw_pools(diagram: Diagram, picture: Picture) -> None:
    """Draw the pool and the lanes around what has just been laid out, the parties outside above it."""
    boxes = _boxes(picture)
    own = [p for p in diagram.root.iter() if local(p) == "participant"]
    if not boxes or not (own or _lanes(diagram)):
        return
    right = max(box.x + box.width for box in boxes.values()) + MARGIN
    bottom = max(box.y + box.height for box in boxes.values()) + MARGIN
    outside = 0
    for participant in own:
        if participant.get("processRef"):
            box = Box(-2 * _POOL - MARGIN, -MARGIN, right + 2 * _POOL + MARGIN, bottom + MARGIN)
        else:
            outside += 1
            box = Box(-2 * _POOL - MARGIN, -MARGIN - outside * 100, right + 2 * _POOL + MARGIN, 60)
        picture.drawn[id_of(participant)] = Drawn(box, attributes={"isHorizontal": "true"})
    for lane, box in _lane_boxes(diagram, boxes, right, bottom):
        picture.drawn[id_of(lane)] = Drawn(box, attributes={"isHorizontal": "true"})


def _lanes(diagram: Diagram) -> list[Element]:
    return [lane for lane in diagram.process.iter() if local(lane) == "lane"]


def _lane_boxes(diagram: Diagram, boxes: Boxes, right: float, bottom: float) -> Iterator[tuple[Element, Box]]:
    top = -MARGIN
    lanes = [lane for lane in _lanes(diagram) if not any(local(child) == "childLaneSet" for child in lane)]
    for n, lane in enumerate(lanes):
        inside = [(r.text or "").strip() for r in lane if local(r) == "flowNodeRef"]
        lowest = max((boxes[one].y + boxes[one].height for one in inside if one in boxes), default=top + 60)
        end = bottom if n == len(lanes) - 1 else max(lowest + GAP_Y / 2, top + 60)
        yield lane, Box(-_POOL - MARGIN, top, right + _POOL + MARGIN, max(end - top, 60))
        top = end


def _draw_lines(diagram: Diagram, picture: Picture) -> None:
    boxes = _boxes(picture)
    for line in diagram.root.iter():
        if local(line) not in _LINES:
            continue
        drawn = picture.drawn.get(id_of(line))
        if drawn is not None and id_of(line) not in diagram.redrawn:
            continue
        source, target = (boxes.get(line.get(name) or "") for name in ("sourceRef", "targetRef"))
        if source is None or target is None:
            picture.drawn.pop(id_of(line), None)
            continue
        picture.drawn[id_of(line)] = Drawn(None, _way(source, target))
        picture.sheet[id_of(line)] = picture.sheet.get(line.get("sourceRef") or "", "")


def _way(source: Box, target: Box) -> tuple[Point, ...]:
    """Return a line of right angles: to the right if the target lies there, else round below."""
    (sx, sy), (tx, ty) = source.middle, target.middle
    if target.x >= source.x + source.width:
        start, end = (source.x + source.width, sy), (target.x, ty)
        half = (start[0] + end[0]) / 2
        return (start, end) if sy == ty else (start, (half, sy), (half, ty), end)
    low = max(source.y + source.height, target.y + target.height) + GAP_Y / 2
    return ((sx, source.y + source.height), (sx, low), (tx, low), (tx, target.y + target.height))
