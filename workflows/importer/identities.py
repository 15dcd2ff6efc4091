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
_REFERRING_TEXTS = frozenset({"flowNodeRef", "sourceRef", "targetRef"})
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def mend_identities(root: Element) -> tuple[dict[str, str], list[Change]]:
    """Mend ids and names; return the new id by the old one, and what was done."""
    taken = {str(e.get("id")) for e in root.iter() if ID.fullmatch(e.get("id") or "")}
    renamed: dict[str, str] = {}
    processes: dict[str, str] = {}
    changes: list[Change] = []
    seen: set[str] = set()
    last: dict[str, int] = {}
    for element in list(root.iter()):
        if namespace(element) == WEIRAN:
            continue
        old = element.get("id")
        if (old is not None and (not ID.fullmatch(old) or old in seen)) or (
            old is None and local(element) in _NEEDED
        ):
            new = _fresh(old or local(element), taken, last)
            element.set("id", new)
            if old is not None and old not in seen:
                renamed.setdefault(old, new)
            if local(element) == "process" and old:
                processes[old] = new
            if local(element) in _NEEDED:
                changes.append(
                    Change("P5", new, f"编号已更正：“{(old or '无')[:64]}”改为“{new}”。", old or "", new)
                )
        seen.add(str(element.get("id")))
    _point_anew(root, renamed, processes, seen)
    changes.extend(_names(root))
    return renamed, changes


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


def _point_anew(root: Element, renamed: dict[str, str], processes: dict[str, str], known: set[str]) -> None:
    targets = known | set(renamed)
    for element in root.iter():
        for name in _REFERENCES:
            if (value := element.get(name)) is not None:
                plain = plain_reference(value, targets)
                mapped = processes if name in ("processRef", "calledElement") else renamed
                element.set(name, mapped.get(plain) or renamed.get(plain, plain))
        if local(element) in _REFERRING_TEXTS and element.text:
            plain = plain_reference(element.text.strip(), targets)
            element.text = renamed.get(plain, plain)


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
