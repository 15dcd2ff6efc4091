"""Shipped diagrams can be read: everything is drawn, in its lane, and nothing lies on anything else."""

from itertools import combinations, pairwise
from pathlib import Path

import pytest
from lxml import etree
from msgspec import Struct

DIAGRAMS = sorted((Path(__file__).parents[2] / "workflows" / "diagrams").glob("*.bpmn"))
BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
BPMNDI = "{http://www.omg.org/spec/BPMN/20100524/DI}"
DC = "{http://www.omg.org/spec/DD/20100524/DC}"
DI = "{http://www.omg.org/spec/DD/20100524/DI}"
LEAST_GAP = 28
NODES = ("Task", "Event", "Gateway", "subProcess")

Point = tuple[float, float]


class Box(Struct, frozen=True):
    """A rectangle of the drawing."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        return self.x + self.width

    @property
    def bottom(self) -> float:
        return self.y + self.height

    def holds(self, other: "Box") -> bool:
        return (
            self.x <= other.x
            and self.y <= other.y
            and other.right <= self.right
            and other.bottom <= self.bottom
        )

    def overlaps(self, other: "Box") -> bool:
        return (
            self.x < other.right and other.x < self.right and self.y < other.bottom and other.y < self.bottom
        )

    def has_on_border(self, point: Point) -> bool:
        x, y = point
        on_side = x in (self.x, self.right) and self.y <= y <= self.bottom
        return on_side or (y in (self.y, self.bottom) and self.x <= x <= self.right)


class Drawing:
    """One diagram: its nodes and flows, and how they are drawn."""

    def __init__(self, path: Path) -> None:
        root = etree.parse(path).getroot()
        elements = [element for element in root.iter() if isinstance(element.tag, str)]
        self.nodes = {
            element.get("id"): element
            for element in elements
            if element.tag.startswith(BPMN) and element.tag.endswith(NODES)
        }
        self.flows = {flow.get("id"): flow for flow in root.iter(f"{BPMN}sequenceFlow")}
        self.lanes = {
            ref.text: lane.get("id")
            for lane in root.iter(f"{BPMN}lane")
            for ref in lane.iter(f"{BPMN}flowNodeRef")
        }
        drawn = [*root.iter(f"{BPMNDI}BPMNShape"), *root.iter(f"{BPMNDI}BPMNEdge")]
        self.names = [element.get("bpmnElement") for element in drawn]
        self.boxes = {
            shape.get("bpmnElement"): _box(shape.find(f"{DC}Bounds"))
            for shape in drawn
            if shape.tag.endswith("Shape")
        }
        self.ways = {
            edge.get("bpmnElement"): [
                (float(point.get("x")), float(point.get("y"))) for point in edge.iter(f"{DI}waypoint")
            ]
            for edge in drawn
            if edge.tag.endswith("Edge")
        }
        self.labels = {
            element.get("bpmnElement"): _box(element.find(f"{BPMNDI}BPMNLabel/{DC}Bounds"))
            for element in drawn
            if element.find(f"{BPMNDI}BPMNLabel") is not None
        }

    def solid(self) -> dict[str, Box]:
        """Return the boxes of nodes that nothing may lie on, which a sub-process is not."""
        return {
            name: self.boxes[name]
            for name, node in self.nodes.items()
            if not node.tag.endswith(("subProcess", "boundaryEvent"))
        }

    def inner(self, node: str) -> bool:
        """Tell whether a node is part of a sub-process."""
        return self.nodes[node].getparent().tag.endswith("subProcess")


def _box(bounds: etree._Element) -> Box:
    return Box(*(float(bounds.get(name)) for name in ("x", "y", "width", "height")))


def _line(a: Point, b: Point) -> Box:
    return Box(min(a[0], b[0]), min(a[1], b[1]), abs(a[0] - b[0]), abs(a[1] - b[1]))


def _crosses(line: Box, box: Box) -> bool:
    return line.x < box.right and line.right > box.x and line.y < box.bottom and line.bottom > box.y


@pytest.fixture(params=DIAGRAMS, ids=lambda path: path.stem)
def drawing(request) -> Drawing:
    return Drawing(request.param)


def test_everything_is_drawn_once_and_nothing_else(drawing):
    expected = {*drawing.nodes, *drawing.flows, *drawing.lanes.values(), "pool"}
    assert len(drawing.names) == len(set(drawing.names))
    assert set(drawing.names) == expected


def test_a_node_stands_in_the_band_of_its_lane(drawing):
    for node, lane in drawing.lanes.items():
        band = drawing.boxes[lane]
        assert band.holds(drawing.boxes[node]), (node, lane)


def test_lanes_are_bands_of_one_pool_below_each_other(drawing):
    bands = [drawing.boxes[lane] for lane in dict.fromkeys(drawing.lanes.values())]
    assert all(drawing.boxes["pool"].holds(band) for band in bands)
    for above, below in pairwise(bands):
        assert (above.x, above.width, above.bottom) == (below.x, below.width, below.y)


def test_what_belongs_to_a_sub_process_is_drawn_inside_it(drawing):
    for name, node in drawing.nodes.items():
        if drawing.inner(name):
            assert drawing.boxes[node.getparent().get("id")].holds(drawing.boxes[name]), name


def test_nodes_keep_clear_of_each_other(drawing):
    for (one, box), (other, wide) in combinations(drawing.solid().items(), 2):
        half = LEAST_GAP / 2
        around = Box(box.x - half, box.y, box.width + LEAST_GAP, box.height)
        assert not around.overlaps(wide), (one, other)


def test_a_boundary_event_sits_on_the_border_of_its_step(drawing):
    for name, node in drawing.nodes.items():
        host = node.get("attachedToRef")
        if host is not None:
            box = drawing.boxes[name]
            centre = (box.x + box.width / 2, box.y + box.height / 2)
            assert drawing.boxes[host].has_on_border(centre), name


def test_an_edge_starts_and_ends_at_the_borders_of_its_nodes(drawing):
    for name, flow in drawing.flows.items():
        way = drawing.ways[name]
        assert drawing.boxes[flow.get("sourceRef")].has_on_border(way[0]), name
        assert drawing.boxes[flow.get("targetRef")].has_on_border(way[-1]), name


def test_edges_run_straight_along_the_axes(drawing):
    for name, way in drawing.ways.items():
        for a, b in pairwise(way):
            assert (a[0] == b[0]) != (a[1] == b[1]), (name, a, b)


def test_no_edge_runs_through_a_node(drawing):
    solid = drawing.solid()
    for name, way in drawing.ways.items():
        for a, b in pairwise(way):
            through = [node for node, box in solid.items() if _crosses(_line(a, b), box)]
            assert through == [], (name, through)


def test_no_two_edges_lie_on_each_other_unless_they_share_an_end(drawing):
    lines = [
        (flow, _line(a, b), a[0] == b[0]) for flow, way in drawing.ways.items() for a, b in pairwise(way)
    ]
    for (one, first, upright), (other, second, also) in combinations(lines, 2):
        ends = [
            (drawing.flows[flow].get("sourceRef"), drawing.flows[flow].get("targetRef"))
            for flow in (one, other)
        ]
        if one == other or upright != also or ends[0][0] == ends[1][0] or ends[0][1] == ends[1][1]:
            continue
        if upright:
            covered = first.x == second.x and min(first.bottom, second.bottom) > max(first.y, second.y)
        else:
            covered = first.y == second.y and min(first.right, second.right) > max(first.x, second.x)
        assert not covered, (one, other)


def test_labels_lie_on_no_node_no_edge_and_no_other_label(drawing):
    solid = drawing.solid() | {
        name: drawing.boxes[name]
        for name in drawing.nodes
        if drawing.nodes[name].tag.endswith("boundaryEvent")
    }
    for name, label in drawing.labels.items():
        assert [node for node, box in solid.items() if label.overlaps(box)] == [], name
        on = [
            flow
            for flow, way in drawing.ways.items()
            if any(_crosses(_line(a, b), label) for a, b in pairwise(way))
        ]
        assert on == [], name
    for (one, first), (other, second) in combinations(drawing.labels.items(), 2):
        assert not first.overlaps(second), (one, other)


def test_what_has_a_name_beside_it_has_room_for_it(drawing):
    named = {name for name, flow in drawing.flows.items() if flow.get("name")}
    named |= {
        name
        for name, node in drawing.nodes.items()
        if node.get("name") and node.tag.endswith(("Event", "Gateway"))
    }
    assert set(drawing.labels) == named
