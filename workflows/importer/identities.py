"""P5: ids that are unique, present and plain, and references that follow them; names within their bounds."""

from __future__ import annotations

import re
from collections.abc import Iterator

from workflows.engine.xml import ID, MAX_NAME, WEIRAN, local, namespace
from workflows.importer.model import Change
from workflows.importer.tree import Element
from workflows.importer.words import ARTEFACTS, DATA, DEFINED, NODES

_NEEDED = (
    NODES
    | ARTEFACTS
    | DATA
    | set(DEFINED)
    | {"process", "participant", "lane", "sequenceFlow", "messageFlow", "collaboration"}
)
_REFERENCES = (
    "sourceRef", "targetRef", "attachedToRef", "processRef", "default", "calledElement", "messageRef",
    "signalRef", "errorRef", "escalationRef", "dataObjectRef", "dataStoreRef", "categoryValueRef",
)  # fmt: skip
_MEANT = {
    "processRef": "process", "calledElement": "process", "sourceRef": "node", "targetRef": "node",
    "attachedToRef": "node",
}  # fmt: skip
_REFERRING_TEXTS = frozenset({"flowNodeRef", "sourceRef", "targetRef"})
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


class _Ids:
    """What has been seen so far, and the new ids by the old ones; apart for processes and for what flows join."""

    def __init__(self, root: Element) -> None:
        self.taken = {str(e.get("id")) for e in root.iter() if ID.fullmatch(e.get("id") or "")}
        self.seen: set[str] = set()
        self.nodes: set[str] = set()
        self.last: dict[str, int] = {}
        self.renamed: dict[str, str] = {}
        self.by_kind: dict[str, dict[str, str]] = {"process": {}, "node": {}}

    def needs_another(self, element: Element) -> bool:
        """Tell whether an element has no id, or one that cannot stay."""
        old = element.get("id")
        if old is None:
            return local(element) in _NEEDED
        return not ID.fullmatch(old) or old in self.seen

    def mend(self, element: Element) -> Change:
        """Give an element a new id."""
        old = element.get("id") or ""
        new = _fresh(old or local(element), self.taken, self.last)
        element.set("id", new)
        if old and local(element) == "process":
            self.by_kind["process"][old] = new
        elif old and local(element) in NODES and old not in self.nodes:
            self.by_kind["node"][old] = new
        if old and old not in self.seen:
            self.renamed.setdefault(old, new)
        return Change("P5", new, f"编号已更正：“{old[:64] or '无'}”改为“{new}”。", old, new)

    def see(self, element: Element) -> None:
        """Remember an element whose id is settled."""
        self.seen.add(str(element.get("id")))
        if local(element) in NODES:
            self.nodes.add(str(element.get("id")))


def mend_identities(root: Element) -> tuple[dict[str, str], list[Change]]:
    """Mend ids and names; return the new id by the old one, and what was done."""
    ids = _Ids(root)
    changes: list[Change] = []
    for element in list(root.iter()):
        if namespace(element) == WEIRAN:
            continue
        if ids.needs_another(element):
            change = ids.mend(element)
            changes += [change] if local(element) in _NEEDED else []
        ids.see(element)
    _point_anew(root, ids.renamed, ids.by_kind, ids.seen)
    changes.extend(_names(root))
    return ids.by_kind["node"] | ids.renamed, changes


def plain_reference(value: str, known: set[str]) -> str:
    """Return the id that a reference means, without the prefix of a namespace."""
    tail = value.rpartition(":")[2]
    return tail if value not in known and tail in known else value


def _fresh(stem: str, taken: set[str], last: dict[str, int]) -> str:
    """Return an id that nothing has; `last` is how far the search has come, for one id may come 20,000 times."""
    base = re.sub(r"[^A-Za-z0-9_.-]", "_", stem)[:48].strip("_") or "id"
    base = base if re.match(r"[A-Za-z_]", base) else f"id_{base}"
    candidate, n = base, last.get(base, 2)
    while candidate in taken:
        candidate, n = f"{base}_{n}", n + 1
    last[base] = n
    taken.add(candidate)
    return candidate


def _point_anew(
    root: Element, renamed: dict[str, str], by_kind: dict[str, dict[str, str]], known: set[str]
) -> None:
    """Let references follow; where a process and an element bear one id, the attribute tells which is meant."""
    targets = known | set(renamed)
    for element in root.iter():
        for name in _REFERENCES:
            if (value := element.get(name)) is not None:
                plain = plain_reference(value, targets)
                mapped = by_kind.get(_MEANT.get(name, ""), renamed)
                element.set(name, mapped.get(plain) or renamed.get(plain, plain))
        if local(element) in _REFERRING_TEXTS and element.text:
            plain = plain_reference(element.text.strip(), targets)
            element.text = by_kind["node"].get(plain) or renamed.get(plain, plain)


def _names(root: Element) -> Iterator[Change]:
    for element in root.iter():
        name = element.get("name")
        if name is None or namespace(element) == WEIRAN:
            continue
        plain = " ".join(_CONTROL.sub(" ", name).split())
        short = plain if len(plain) <= MAX_NAME else plain[: MAX_NAME - 1] + "…"
        if short != name:
            element.set("name", short)
        if short != plain:
            yield Change(
                "P5", str(element.get("id")), f"名称太长，已截短为“{short[:40]}…”。", name[:500], short
            )
