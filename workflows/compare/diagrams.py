"""What is different between two diagrams of one process: elements, ways, what they say, and the drawing apart."""

from collections.abc import Iterator, Mapping

from lxml import etree
from msgspec import Struct

from rules.roles import ROLES
from workflows.compare.model import Area, Change, Kind, Place, differences
from workflows.compare.words import CODED, NOUNS, PROPERTIES, of_process
from workflows.engine import Spec, parse_foreign_xml, read_process
from workflows.engine.model import Node

_APART = frozenset({"type", "name", "flows", "scope"})


class _Element(Struct, frozen=True):
    """A node with the scope that it stands in."""

    node: Node
    scope: str


class _Way(Struct, frozen=True):
    """A flow with the element that it leaves."""

    source: str
    flow: Mapping[str, object]


def compare_diagrams(file: str, old: bytes, new: bytes) -> Iterator[Change]:
    """Yield what became different. Raises: DiagramError for a diagram that cannot be read."""
    before, after = read_process(old), read_process(new)
    yield from of_process(file, before, after)
    yield from _elements(file, _read(before), _read(after))
    yield from _ways(file, before, after)
    yield from _drawn(file, old, new, _names(before) | _names(after))


def _read(spec: Spec) -> dict[str, _Element]:
    scopes = spec.compiled["scopes"].items()
    return {
        identity: _Element(node, name) for name, scope in scopes for identity, node in scope["nodes"].items()
    }


def _names(spec: Spec) -> dict[str, str]:
    return {identity: str(node["name"]) for identity, node in spec.nodes.items()}


def _elements(file: str, before: Mapping[str, _Element], after: Mapping[str, _Element]) -> Iterator[Change]:
    for identity in (*before, *(one for one in after if one not in before)):
        old, new = before.get(identity), after.get(identity)
        if new is None and old is not None:
            yield Change(Kind.REMOVED, _place(file, identity, old.node), before=_gist(old.node))
        elif old is None and new is not None:
            yield Change(Kind.ADDED, _place(file, identity, new.node), after=_gist(new.node))
        elif old is not None and new is not None:
            yield from _changed(file, identity, old, new)


def _changed(file: str, identity: str, old: _Element, new: _Element) -> Iterator[Change]:
    place = _place(file, identity, new.node)
    if old.node["name"] != new.node["name"]:
        yield Change(Kind.RENAMED, place, "名称", str(old.node["name"]), str(new.node["name"]))
    if old.node["type"] != new.node["type"]:
        kinds = (NOUNS.get(str(one.node["type"]), str(one.node["type"])) for one in (old, new))
        yield Change(Kind.CHANGED, place, "类型", *kinds)
    if old.scope != new.scope:
        yield Change(Kind.REWIRED, place, "所在的层", old.scope, new.scope)
    yield from differences(place, _said(old.node), _said(new.node), PROPERTIES)


def _said(node: Node) -> dict[str, object]:
    """Return what an element says beside its name and its ways, in people's words where there are any."""
    said = {key: value for key, value in node.items() if key not in _APART}
    for key, value in said.items():
        if key in CODED:
            said[key] = {CODED[key].get(name, name): one for name, one in (value or {}).items()}
    said["lane"] = _role(said.get("lane"))
    return said


def _role(code: object) -> object:
    return ROLES[str(code)].title if code in ROLES else code


def _gist(node: Node) -> str:
    """Return the one thing that tells an element that came or went: who does it, which operation, which time."""
    operation, event = node.get("operation") or {}, node.get("event") or {}
    found = operation.get("name") or event.get("text") or event.get("name") or _role(node.get("lane"))
    return str(found or "")


def _place(file: str, identity: str, node: Node) -> Place:
    return Place(
        Area.FLOW, file, NOUNS.get(str(node["type"]), str(node["type"])), identity, str(node["name"])
    )


def _ways(file: str, before: Spec, after: Spec) -> Iterator[Change]:
    old_ways, new_ways = _flows(before), _flows(after)
    old_names, new_names = _names(before), _names(after)
    for identity in (*old_ways, *(one for one in new_ways if one not in old_ways)):
        old, new = old_ways.get(identity), new_ways.get(identity)
        if new is None and old is not None:
            yield Change(Kind.REMOVED, _way_place(file, identity, old, old_names), before=_when(old))
        elif old is None and new is not None:
            yield Change(Kind.ADDED, _way_place(file, identity, new, new_names), after=_when(new))
        elif old is not None and new is not None:
            place = _way_place(file, identity, new, new_names)
            if (old.source, old.flow["to"]) != (new.source, new.flow["to"]):
                yield Change(Kind.REWIRED, place, "走向", _ends(old, old_names), _ends(new, new_names))
            yield from differences(place, {**old.flow, "to": ""}, {**new.flow, "to": ""}, _WAY_WORDS)


_WAY_WORDS = {"name": "名称", "when": "条件", "default": "缺省"}


def _flows(spec: Spec) -> dict[str, _Way]:
    return {
        str(flow["id"]): _Way(identity, flow)
        for identity, node in spec.nodes.items()
        for flow in node["flows"]
    }


def _way_place(file: str, identity: str, way: _Way, names: Mapping[str, str]) -> Place:
    return Place(Area.FLOW, file, "连线", identity, str(way.flow["name"] or _ends(way, names)))


def _ends(way: _Way, names: Mapping[str, str]) -> str:
    return f"{names[way.source]} → {names[str(way.flow['to'])]}"


def _when(way: _Way) -> str:
    return str(way.flow["when"] or ("缺省" if way.flow["default"] else ""))


def _drawn(file: str, old: bytes, new: bytes, names: Mapping[str, str]) -> Iterator[Change]:
    """Yield what both drawings show, but elsewhere."""
    before, after = _places(old), _places(new)
    for identity in before:
        if identity in after and before[identity] != after[identity]:
            name = names.get(identity, "")
            noun = "图形" if name else "连线或附注"
            place = Place(Area.LAYOUT, file, noun, identity, name or identity)
            yield Change(Kind.MOVED, place, "换了位置")


def _places(source: bytes) -> dict[str, tuple[tuple[str | None, ...], ...]]:
    """Return where each element is drawn: its box or its bends."""
    places = {}
    for drawn in parse_foreign_xml(source).iter():
        if (identity := drawn.get("bpmnElement")) and _local(drawn) in ("BPMNShape", "BPMNEdge"):
            own = (one for one in drawn if _local(one) in ("Bounds", "waypoint"))
            places[identity] = tuple(tuple(one.get(name) for name in _NUMBERS) for one in own)
    return places


_NUMBERS = ("x", "y", "width", "height")


def _local(element: etree._Element) -> str:
    return etree.QName(element).localname
