"""Drafts: the files of a process while somebody changes them, their differences, what keeps them from a release."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Final
from uuid import UUID

from msgspec import Struct
from sqlalchemy.orm import Session

from forms.schema import FormError, parse_form
from store.tables import Draft
from store.types import JsonObject
from workflows.bundles import (
    DIAGRAMS,
    SCHEMAS,
    Bundle,
    bundle_findings,
    bundle_of,
    call_name,
    digest_of,
)
from workflows.engine import DiagramError, check_decision, compile_process, form_findings, parse_foreign_xml
from workflows.errors import NotFoundError, RuleRefusedError
from workflows.pinned import artefact

OPEN: Final = "open"
PROPOSED: Final = "proposed"
PUBLISHED: Final = "published"
DISCARDED: Final = "discarded"
MOST_FILES: Final = 400
MOST_CHARACTERS: Final = 8_000_000
"""What the changed files of one draft may hold together."""
NAME: Final = re.compile(
    r"(?:forms/[a-z][a-z0-9_]{0,63}\.json|decisions/[a-z][a-z0-9_]{0,63}\.dmn)", re.ASCII
)
"""What may be added to a draft or changed in it, beside its own diagram."""


class Problem(Struct, frozen=True):
    """What is wrong with a draft: the file, the element of a diagram where it is one, and a sentence.

    What does not block is a warning: the draft may be published all the same.
    """

    file: str
    element: str
    rule: str
    text: str
    blocks: bool = True


class Change(Struct, frozen=True):
    """A file that is not as the base has it: added, changed or removed."""

    name: str
    kind: str


def draft_of(session: Session, draft_id: UUID) -> Draft:
    """Return a draft that was not thrown away. Raises: NotFoundError."""
    draft = session.get(Draft, draft_id)
    if draft is None or draft.status == DISCARDED:
        raise NotFoundError(kind="draft", id=str(draft_id))
    return draft


def own_files(session: Session, draft: Draft) -> dict[str, bytes]:
    """Return the files that a draft keeps by name."""
    return {name: _content(session, kept) for name, kept in sorted(draft.files.items())}


def drafted_bundle(session: Session, draft: Draft) -> Bundle:
    """Return what the draft would be as a release: its files, and shipped ones that its diagram names besides."""
    return completed(Bundle(own_files(session, draft)))


def completed(bundle: Bundle) -> Bundle:
    """Return the bundle with the shipped forms and called processes that its diagram names and that it lacks."""
    try:
        spec = bundle.spec
    except DiagramError:
        return bundle
    named = {
        **{f"forms/{form}.json": SCHEMAS / f"{form}.json" for _, _, form in spec.forms},
        **{call_name(called): DIAGRAMS / f"{called}.bpmn" for called in spec.calls},
    }
    lacking = {
        name: path.read_bytes()
        for name, path in named.items()
        if name not in bundle.files and path.parent in {SCHEMAS, DIAGRAMS} and path.is_file()
    }
    return Bundle({**bundle.files, **lacking}) if lacking else bundle


def diagram_name(draft: Draft) -> str:
    """Return the name of the draft's own diagram."""
    return next(name for name in draft.files if name.startswith("diagrams/"))


def manifest_of_draft(draft: Draft) -> dict[str, str]:
    """Return the SHA-256 of each file by name, without reading what is kept by its digest."""
    return {
        name: kept if isinstance(kept, str) else digest_of(_text(kept)) for name, kept in draft.files.items()
    }


def changes_of(own: Mapping[str, object], base: Mapping[str, object]) -> tuple[Change, ...]:
    """Return in which files a draft differs from its base; both by name and digest."""
    added = [Change(name, "added") for name in own if name not in base]
    changed = [Change(name, "changed") for name, digest in own.items() if base.get(name, digest) != digest]
    removed = [Change(name, "removed") for name in base if name not in own]
    return tuple(sorted([*added, *changed, *removed], key=lambda change: change.name))


def kept(session: Session, draft: Draft, name: str, content: bytes) -> JsonObject:
    """Return the files of a draft with one of them replaced. Raises: RuleRefusedError with a sentence.

    A file that is as the base has it is kept by its digest, any other one with its text.
    """
    if name not in draft.files and not NAME.fullmatch(name):
        raise RuleRefusedError(
            "只能改这个流程的流程图、表单（forms/名称.json）和决策表（decisions/名称.dmn）"
        )
    if name.startswith(("templates/", "calls/")):
        raise RuleRefusedError("文书模板和被调用的流程不在这里改")
    refuse_unreadable(name, content)
    if name.startswith("diagrams/"):
        _refuse_another_process(name, content)
    base = {} if draft.base_release_id is None else bundle_of(session, draft.base_release_id).manifest
    digest = digest_of(content)
    entry = digest if base.get(name) == digest else {"text": content.decode("utf-8")}
    files = {**draft.files, name: entry}
    if len(files) > MOST_FILES or sum(map(_length, files.values())) > MOST_CHARACTERS:
        raise RuleRefusedError("这份草稿太大了：去掉用不着的表单，或者拆成几个流程")
    return files


def refuse_unreadable(name: str, content: bytes) -> None:
    """Refuse what nobody may read: broken, hostile, far too large. Raises: RuleRefusedError."""
    try:
        content.decode("utf-8")
        if not name.endswith(".json"):
            parse_foreign_xml(content)
        elif len(content) > MOST_CHARACTERS // 10 or not isinstance(json.loads(content), dict):
            raise RuleRefusedError("表单文件要是一个 JSON 对象，不超过 800 KB")
    except DiagramError as error:
        raise RuleRefusedError("；".join(finding.message_zh for finding in error.findings)) from error
    except (ValueError, RecursionError) as error:
        raise RuleRefusedError("文件读不出来：它不是 UTF-8 文字，或者内容不完整") from error


def problems_of(bundle: Bundle) -> tuple[Problem, ...]:
    """Return everything that is wrong with the files, what keeps them from becoming a release first."""
    found = [*_diagram_problems(bundle), *_decision_problems(bundle), *_form_problems(bundle)]
    return tuple(sorted(dict.fromkeys(found), key=lambda problem: not problem.blocks))


def blocking(bundle: Bundle) -> tuple[Problem, ...]:
    """Return what keeps the files from becoming a release."""
    return tuple(problem for problem in problems_of(bundle) if problem.blocks)


def _diagram_problems(bundle: Bundle) -> Iterator[Problem]:
    name = next(name for name in bundle.files if name.startswith("diagrams/"))
    try:
        found = form_findings(bundle.diagram) or tuple(bundle_findings(bundle))
    except DiagramError as error:
        found = error.findings
    except FormError:
        return  # the form says so itself
    for one in found:
        yield Problem(name, one.element or "", one.rule, one.message_zh, one.weight == "E")


def _decision_problems(bundle: Bundle) -> Iterator[Problem]:
    for name in sorted(bundle.names("decisions")):
        try:
            check_decision(bundle.decision(name))
        except DiagramError as error:
            for one in error.findings:
                yield Problem(f"decisions/{name}.dmn", one.element or "", one.rule, one.message_zh)


def _form_problems(bundle: Bundle) -> Iterator[Problem]:
    for name in sorted(bundle.names("forms")):
        file = f"forms/{name}.json"
        try:
            parse_form(bundle.files[file])
        except FormError as error:
            for one in error.findings:
                yield Problem(file, one.path, one.rule, one.message)


def _refuse_another_process(name: str, content: bytes) -> None:
    """Keep a diagram the diagram of its process; whatever else is wrong with it is a finding."""
    try:
        key = compile_process(content).key
    except DiagramError:
        return
    if name != f"diagrams/{key}.bpmn":
        raise RuleRefusedError(f"这是另一个流程“{key}”的图，不能存在这里")


def _content(session: Session, kept: object) -> bytes:
    return artefact(session, kept) if isinstance(kept, str) else _text(kept)


def _text(kept: object) -> bytes:
    return str(kept["text"]).encode() if isinstance(kept, Mapping) else b""


def _length(kept: object) -> int:
    return len(_text(kept)) if isinstance(kept, Mapping) else 0
