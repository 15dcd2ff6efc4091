"""The differences of two bundles, file by file, in one order for everybody."""

from collections.abc import Callable, Iterator

from workflows.bundles import Bundle, digest_of
from workflows.compare.decisions import compare_decisions
from workflows.compare.diagrams import compare_diagrams
from workflows.compare.forms import compare_forms
from workflows.compare.model import Area, Change, Kind, Place

_ORDER = {area: n for n, area in enumerate(Area)}
_NOUNS = {
    "diagrams": (Area.FLOW, "流程图"),
    "forms": (Area.FORM, "表单"),
    "decisions": (Area.DECISION, "决策文件"),
    "calls": (Area.BESIDE, "被调用的流程"),
    "templates": (Area.BESIDE, "文书模板"),
}
Compare = Callable[[str, bytes, bytes], Iterator[Change]]


def compare(before: Bundle, after: Bundle) -> tuple[Change, ...]:
    """Return what became different, the flow first and what is only drawn otherwise last.

    Raises: DiagramError for a diagram that cannot be read.
    """
    names = sorted(before.files.keys() | after.files.keys())
    found = [change for name in names for change in _of_file(name, before, after)]
    return tuple(sorted(found, key=lambda change: _ORDER[change.place.area]))


def _of_file(name: str, before: Bundle, after: Bundle) -> Iterator[Change]:
    old, new = before.files.get(name), after.files.get(name)
    if old == new:
        return
    place = place_of(name)
    if old is None or new is None:
        yield Change(Kind.ADDED if old is None else Kind.REMOVED, place)
        return
    found = tuple(_WAYS.get(name.partition("/")[0], _opaque)(name, old, new))
    yield from found or (_written_otherwise(place),)


def place_of(name: str) -> Place:
    """Return a file of a bundle as a place of its own."""
    folder, _, rest = name.partition("/")
    area, noun = _NOUNS.get(folder, (Area.BESIDE, "文件"))
    return Place(area, name, noun, "", rest.rpartition(".")[0] or rest)


def _opaque(name: str, old: bytes, new: bytes) -> Iterator[Change]:
    yield Change(Kind.CHANGED, place_of(name), "内容", digest_of(old)[:12], digest_of(new)[:12])


def _written_otherwise(place: Place) -> Change:
    """Say that a file has other bytes, but nothing in it is different."""
    drawn = Place(Area.LAYOUT, place.file, place.noun, place.id, place.name)
    return Change(Kind.MOVED, drawn, "的写法不同")


_WAYS: dict[str, Compare] = {
    "diagrams": compare_diagrams,
    "forms": compare_forms,
    "decisions": compare_decisions,
}
