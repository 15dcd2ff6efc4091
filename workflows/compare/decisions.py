"""What is different between two versions of a decision file: tables by row and column, other logic as a whole."""

from collections.abc import Iterator, Mapping

from lxml import etree
from msgspec import Struct, field

from workflows.compare.model import Area, Change, Kind, Place, differences
from workflows.engine import parse_foreign_xml

_TABLE_WORDS = {
    "policy": "命中规则",
    "aggregation": "汇总",
    "needs": "需要的输入",
    "logic": "算法",
    "type": "结果类型",
}
_COLUMN_WORDS = {"label": "标题", "name": "名称", "text": "表达式", "type": "类型", "allowed": "允许的值"}
_NOUNS = {"input": "输入列", "output": "输出列", "rule": "行"}


class _Decision(Struct, frozen=True):
    """A decision, or another part of the file; columns and rows by id, in their order."""

    name: str
    noun: str
    said: Mapping[str, object]
    parts: Mapping[str, tuple[str, Mapping[str, object]]] = field(default_factory=dict)


def compare_decisions(file: str, old: bytes, new: bytes) -> Iterator[Change]:
    """Yield what became different. Raises: DiagramError for a file that cannot be read."""
    before, after = _read(old), _read(new)
    for identity in (*before, *(one for one in after if one not in before)):
        was, now = before.get(identity), after.get(identity)
        if now is None and was is not None:
            yield Change(Kind.REMOVED, _place(file, identity, was))
        elif was is None and now is not None:
            yield Change(Kind.ADDED, _place(file, identity, now))
        elif was is not None and now is not None:
            place = _place(file, identity, now)
            if was.name != now.name:
                yield Change(Kind.RENAMED, place, "名称", was.name, now.name)
            yield from differences(place, was.said, now.said, _TABLE_WORDS)
            yield from _parts(place, was, now)


def _place(file: str, identity: str, found: _Decision) -> Place:
    return Place(Area.DECISION, file, found.noun, identity, found.name)


def _parts(table: Place, before: _Decision, after: _Decision) -> Iterator[Change]:
    words = {**_COLUMN_WORDS, **_titles(before), **_titles(after)}
    for identity in (*before.parts, *(one for one in after.parts if one not in before.parts)):
        kind, old = before.parts.get(identity, ("", {}))
        new_kind, new = after.parts.get(identity, ("", {}))
        n = _number(after if new_kind else before, identity, new_kind or kind)
        place = Place(
            Area.DECISION, table.file, f"{table.noun}“{table.name}”的{_NOUNS[new_kind or kind]}", identity, n
        )
        if not new_kind:
            yield Change(Kind.REMOVED, place, before=_gist(old))
        elif not kind:
            yield Change(Kind.ADDED, place, after=_gist(new))
        else:
            yield from differences(place, old, new, words)
    old_order = [one for one in before.parts if one in after.parts]
    new_order = [one for one in after.parts if one in before.parts]
    if old_order != new_order:
        yield Change(Kind.CHANGED, table, "行列的先后", "、".join(old_order), "、".join(new_order))


def _number(found: _Decision, identity: str, kind: str) -> str:
    """Return how a row or column is called: a column by its label, a row by its number."""
    said = found.parts[identity][1]
    if kind != "rule":
        return str(said["label"] or said["name"] or said["text"])
    rows = [one for one, (what, _) in found.parts.items() if what == "rule"]
    return f"第 {rows.index(identity) + 1} 行"


def _gist(said: Mapping[str, object]) -> str:
    return " | ".join(str(value) for value in said.values() if value)


def _read(source: bytes) -> dict[str, _Decision]:
    found: dict[str, _Decision] = {}
    for element in parse_foreign_xml(source):
        kind = _local(element)
        if kind == "DMNDI":
            continue
        identity = element.get("id") or f"{kind}:{element.get('name') or element.get('href') or ''}"
        found[identity] = _decision(element) if kind == "decision" else _other(element)
    return found


def _other(element: etree._Element) -> _Decision:
    return _Decision(element.get("name") or "", "定义", {"logic": _written(element)})


def _decision(element: etree._Element) -> _Decision:
    name = element.get("name") or element.get("id") or ""
    table = next((one for one in element if _local(one) == "decisionTable"), None)
    needs = [
        str(one.get("href")).removeprefix("#") for one in element.iter() if _local(one).startswith("required")
    ]
    variable = next((one for one in element if _local(one) == "variable"), None)
    said: dict[str, object] = {
        "needs": needs,
        "type": None if variable is None else variable.get("typeRef"),
        "logic": [_written(one) for one in element if _local(one) not in _AROUND],
    }
    if table is None:
        return _Decision(name, "决策", said)
    said |= {"policy": table.get("hitPolicy", "UNIQUE"), "aggregation": table.get("aggregation")}
    return _Decision(name, "决策表", said, _columns_and_rows(table))


_AROUND = frozenset(
    {"decisionTable", "variable", "informationRequirement", "knowledgeRequirement", "authorityRequirement"}
    | {"extensionElements"}
)


def _columns_and_rows(table: etree._Element) -> dict[str, tuple[str, Mapping[str, object]]]:
    found: dict[str, tuple[str, Mapping[str, object]]] = {}
    columns = [_id(one, n) for n, one in enumerate(table) if _local(one) in ("input", "output")]
    for n, element in enumerate(table):
        kind, identity = _local(element), _id(element, n)
        if kind in ("input", "output"):
            found[identity] = kind, _column(element)
        elif kind == "rule":
            cells = [_text(one) for one in element if _local(one) in ("inputEntry", "outputEntry")]
            notes = [_text(one) for one in element if _local(one) in ("annotationEntry", "description")]
            found[identity] = kind, {**dict(zip(columns, cells, strict=False)), "备注": "；".join(notes)}
    return found


def _id(element: etree._Element, n: int) -> str:
    return element.get("id") or f"{_local(element)}:{n}"


def _titles(found: _Decision) -> dict[str, str]:
    """Return the words for the cells of a row: the titles of their columns."""
    columns = ((identity, said) for identity, (kind, said) in found.parts.items() if kind != "rule")
    return {identity: f"“{said['label'] or said['name'] or said['text']}”" for identity, said in columns}


def _column(element: etree._Element) -> Mapping[str, object]:
    expression = next((one for one in element if _local(one) == "inputExpression"), None)
    allowed = [_text(one) for one in element if _local(one) in ("inputValues", "outputValues")]
    default = [_text(one) for one in element if _local(one) == "defaultOutputEntry"]
    return {
        "label": element.get("label"),
        "name": element.get("name"),
        "text": None if expression is None else _text(expression),
        "type": element.get("typeRef") if expression is None else expression.get("typeRef"),
        "allowed": allowed,
        "缺省值": default,
    }


def _text(element: etree._Element) -> str:
    return " ".join("".join(str(part) for part in element.itertext()).split())


def _written(element: etree._Element) -> str:
    """Return what an element holds as one text: of each part its kind, what it says, its text; no ids, no spaces."""
    parts = []
    for one in element.iter():
        own = sorted((str(name), str(value)) for name, value in one.attrib.items())
        said = " ".join(f"{name}={value}" for name, value in own if name != "id")
        parts.append(" ".join(filter(None, (_local(one), said, (one.text or "").strip()))))
    return " ".join(parts)


def _local(element: etree._Element) -> str:
    return etree.QName(element).localname
