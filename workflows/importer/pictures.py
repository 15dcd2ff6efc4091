"""The drawing of a file: read into plain numbers, written anew in the end."""

from __future__ import annotations

from collections.abc import Mapping

from lxml import etree
from msgspec import Struct, field

from workflows.engine.xml import local
from workflows.importer.canonical import NSMAP
from workflows.importer.tree import Element

Point = tuple[float, float]
_COLOURS = frozenset({NSMAP["bioc"], NSMAP["color"]})
_FLAGS = ("isHorizontal", "isExpanded", "isMarkerVisible")
DI, DC, DD = (f"{{{NSMAP[prefix]}}}" for prefix in ("bpmndi", "dc", "di"))


class Box(Struct, frozen=True):
    """A rectangle; all numbers are whole or halves in practice, but any finite one may come."""

    x: float
    y: float
    width: float
    height: float

    @property
    def middle(self) -> Point:
        """Return the centre."""
        return self.x + self.width / 2, self.y + self.height / 2


class Drawn(Struct, frozen=True):
    """How one element is drawn: a box or a line, its label, what else is said of its look."""

    box: Box | None = None
    points: tuple[Point, ...] = ()
    label: Box | None = None
    attributes: Mapping[str, str] = field(default_factory=dict)


class Picture(Struct):
    """All that is drawn, by the id of the element; `planes` lists the elements that have a sheet of their own."""

    drawn: dict[str, Drawn] = field(default_factory=dict)
    sheet: dict[str, str] = field(default_factory=dict)
    """By element the one whose own sheet it is drawn on."""


def read_picture(root: Element) -> Picture:
    """Return what a file draws; the first drawing of an element counts."""
    picture = Picture()
    for plane in root.iter(f"{DI}BPMNPlane"):
        sheet = plane.get("bpmnElement") or ""
        for child in plane:
            identity = child.get("bpmnElement") or ""
            if identity and identity not in picture.drawn and (drawn := _drawn(child)) is not None:
                picture.drawn[identity] = drawn
                picture.sheet[identity] = sheet
    return picture


def renamed_picture(picture: Picture, names: Mapping[str, str]) -> Picture:
    """Return the picture under the new ids of its elements."""
    return Picture(
        {names.get(one, one): drawn for one, drawn in picture.drawn.items()},
        {names.get(one, one): names.get(sheet, sheet) for one, sheet in picture.sheet.items()},
    )


def _drawn(element: Element) -> Drawn | None:
    look = {
        str(name): str(value)
        for name, value in element.attrib.items()
        if etree.QName(str(name)).namespace in _COLOURS or (name in _FLAGS and value in ("true", "false"))
    }
    label = _box(element.find(f"{DI}BPMNLabel"))
    if local(element) == "BPMNShape" and (box := _box(element)) is not None:
        return Drawn(box, (), label, look)
    if local(element) == "BPMNEdge":
        points = tuple(
            (_number(point.get("x")), _number(point.get("y"))) for point in element.findall(f"{DD}waypoint")
        )
        return Drawn(None, points, label, look) if len(points) > 1 else None
    return None


def _box(element: Element | None) -> Box | None:
    bounds = None if element is None else element.find(f"{DC}Bounds")
    if bounds is None:
        return None
    return Box(*(_number(bounds.get(name)) for name in ("x", "y", "width", "height")))


def _number(text: str | None) -> float:
    return round(float(text or "0"), 2)  # the door has refused what is no finite number


def write_picture(root: Element, plane: str, picture: Picture) -> None:
    """Put the drawing at the end of a file: one sheet for the whole, one for each sub-process that has its own."""
    sheets: dict[str, Element] = {}
    used: set[str] = {str(element.get("id")) for element in root.iter() if element.get("id")}
    own = {str(e.get("id")) for e in root.iter() if local(e) == "subProcess"}
    drawn_ids = [str(element.get("id")) for element in root.iter() if element.get("id") in picture.drawn]
    for identity in drawn_ids:
        drawn, sheet = picture.drawn[identity], picture.sheet.get(identity, "")
        sheet = sheet if sheet in own and sheet != identity else plane
        if sheet not in sheets:
            diagram = etree.SubElement(
                root, f"{DI}BPMNDiagram", {"id": _fresh(f"{sheet[:52]}_diagram", used)}
            )
            named = {"id": _fresh(f"{sheet[:52]}_plane", used), "bpmnElement": sheet}
            sheets[sheet] = etree.SubElement(diagram, f"{DI}BPMNPlane", named)
        _write(sheets[sheet], identity, drawn, used)


def _fresh(stem: str, used: set[str]) -> str:
    candidate, n = stem, 2  # two stems are the same only where long ids have been cut
    while candidate in used:
        candidate, n = f"{stem}_{n}", n + 1
    used.add(candidate)
    return candidate


def _write(plane: Element, identity: str, drawn: Drawn, used: set[str]) -> None:
    kind = "BPMNShape" if drawn.box is not None else "BPMNEdge"
    element = etree.SubElement(plane, f"{DI}{kind}", {"id": _fresh(f"{identity[:56]}_di", used)})
    element.set("bpmnElement", identity)
    for name, value in drawn.attributes.items():
        element.set(name, value)
    if drawn.box is not None:
        _write_box(element, drawn.box)
    for x, y in drawn.points:
        etree.SubElement(element, f"{DD}waypoint", {"x": _text(x), "y": _text(y)})
    if drawn.label is not None:
        _write_box(etree.SubElement(element, f"{DI}BPMNLabel"), drawn.label)


def _write_box(element: Element, box: Box) -> None:
    numbers = {"x": box.x, "y": box.y, "width": box.width, "height": box.height}
    etree.SubElement(element, f"{DC}Bounds", {name: _text(n) for name, n in numbers.items()})


def _text(number: float) -> str:
    number = round(number, 2)
    return str(int(number)) if number == int(number) else f"{number:.2f}"
