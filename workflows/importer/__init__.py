"""The import assistant: a BPMN file of any tool becomes drafts that run, with a list of every rewrite (import.md).

Pure and deterministic: the same file with the same rewrites switched off always gives the same drafts. Nothing of
the source tool is run; what cannot run here is left to people and said.
"""

from __future__ import annotations

import copy

from workflows.check import findings_of
from workflows.engine import DiagramError, Finding, Spec, compile_process
from workflows.importer.canonical import Copier
from workflows.importer.data import flatten_data
from workflows.importer.drawing import redraw
from workflows.importer.finishing import finished
from workflows.importer.identities import mend_identities
from workflows.importer.model import Change, Drafted, Imported, RefusedError
from workflows.importer.people import forms_of
from workflows.importer.pictures import Picture, read_picture, renamed_picture
from workflows.importer.pools import (
    bind_messages,
    check_size,
    processes_of,
    refuse_other_drawings,
    settle_pools,
    split,
)
from workflows.importer.reading import read_foreign
from workflows.importer.rules import Known, loosen_joins, repair, settle
from workflows.importer.tree import Diagram, id_of
from workflows.importer.words import FEEL

__all__ = ["Change", "Drafted", "Imported", "Known", "import_diagram"]

MAX_NODES = 300
"""As many elements as a published process may have; a larger drawing is refused before any rule looks at it."""
_REPAIRS = 10
_OURS = "urn:weiran:processes"


def import_diagram(source: bytes, off: frozenset[str] = frozenset(), known: Known | None = None) -> Imported:
    """Return the drafts and rewrites of a file, or the sentence why it is refused.

    `off` holds rewrites that are switched off: a rule (`G3`) or one change of it (`G3:gateway_1`).
    """
    try:
        return _imported(source, off, known or Known())
    except RefusedError as error:
        return Imported(refused=str(error))


def _imported(source: bytes, off: frozenset[str], known: Known) -> Imported:
    original = read_foreign(source)
    refuse_other_drawings(original)
    ours = original.get("targetNamespace") == _OURS and original.get("expressionLanguage") in (None, FEEL)
    copier = Copier()
    root = copier.copy(original)
    check_size(root)
    renamed, mended = mend_identities(root)
    picture = renamed_picture(read_picture(original), renamed)
    changes = [*copier.changes, *mended, *flatten_data(root), *settle_pools(root, off)]
    bound: set[str] = set()
    for change, *ends in () if {"P3"} & off else bind_messages(root):
        bound.update(ends)
        changes.append(change)
    diagrams = split(root, off, ours=ours)
    if len(diagrams) > 1:
        told = f"文件里有 {len(diagrams)} 个流程，已各成一份草稿。"
        changes.append(Change("P3", id_of(processes_of(root)[0]), told))
    inside = known.processes | {id_of(diagram.process) for diagram in diagrams}
    everything = Known(inside, known.forms, known.decisions)
    drafts = []
    for diagram in diagrams:
        diagram.bound = bound
        draft, more = _drafted(diagram, picture, everything)
        drafts.append(draft)
        changes.extend(more)
    return Imported(tuple(drafts), tuple(dict.fromkeys(changes)))


def _drafted(diagram: Diagram, picture: Picture, known: Known) -> tuple[Drafted, list[Change]]:
    count = len(diagram.all_nodes())
    name = diagram.process.get("name") or id_of(diagram.process)
    if count > MAX_NODES:
        raise RefusedError(f"流程“{name}”有 {count} 个元素，超过 {MAX_NODES} 个的上限。请拆成几个流程。")
    changes = list(settle(diagram, known))
    content, result, drawn = _compiled(diagram, picture, known, changes)
    changes.extend(drawn)
    key = id_of(diagram.process)
    forms = forms_of(diagram, known.forms)
    files = {f"diagrams/{key}.bpmn": content, **{f"forms/{form}.json": text for form, text in forms.items()}}
    if isinstance(result, Spec):
        asked = findings_of(result, frozenset(known.forms | forms.keys()), lambda _: None)
        return Drafted(key, name, files, tuple(one for one in asked if one.weight == "E")), changes
    return Drafted(key, name, files, (), result), changes


def _compiled(
    diagram: Diagram, picture: Picture, known: Known, changes: list[Change]
) -> tuple[bytes, Spec | tuple[Finding, ...], list[Change]]:
    """Return the file, what it compiles to or what is still wrong with it, and what was drawn.

    Findings that a rule can mend are mended before.
    """
    left = _REPAIRS
    while True:
        content, drawn = _written(diagram, picture)
        result: Spec | tuple[Finding, ...]
        try:
            result = compile_process(content)
            mended = list(loosen_joins(diagram, result))
        except DiagramError as error:
            result = error.findings
            mended = list(repair(diagram, error)) if left > 0 else []
        if not mended:
            return content, result, drawn
        changes.extend([*mended, *settle(diagram, known)])
        left -= 1


def _written(diagram: Diagram, picture: Picture) -> tuple[bytes, list[Change]]:
    plain = _without_drawing(diagram)
    new, drawn = redraw(plain, picture)
    return finished(plain, new), drawn


def _without_drawing(diagram: Diagram) -> Diagram:
    """Return a copy to be finished, so that rules may go on with the diagram itself."""
    root = copy.deepcopy(diagram.root)
    process = next(p for p in root.iter(diagram.process.tag) if id_of(p) == id_of(diagram.process))
    plain = Diagram(root, process, diagram.off, ours=diagram.ours)
    plain.near, plain.redrawn = diagram.near, diagram.redrawn
    return plain
