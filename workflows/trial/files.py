"""`run.py check FILE…`: what a diagram or a decision file must satisfy before it is published, in words."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from msgspec import Struct, field, to_builtins

from workflows.bundles import DECISIONS, DIAGRAMS, bundle_around, bundle_findings
from workflows.engine import (
    DecisionFile,
    DiagramError,
    Finding,
    Fix,
    decision_findings,
    form_findings,
    told_of,
)
from workflows.trial.models import read_decisions


class Told(Struct, frozen=True):
    """What is said of a file: the element, the rule, a sentence, an input that shows it, a change that ends it.

    Notes are no faults.
    """

    element: str
    rule: str
    message: str
    example: Mapping[str, str] = field(default_factory=dict)
    is_note: bool = False
    fix: Fix | None = None


def main(argv: Sequence[str]) -> int:
    """Carry out `check`; 1 if a file has a fault."""
    parser = argparse.ArgumentParser(prog="run.py check", description="发布前的检查")
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE", help="流程图 .bpmn 或决策 .dmn")
    parser.add_argument("--json", action="store_true", help="结果写成 JSON")
    options = parser.parse_args(argv)
    files = options.files or [*sorted(DIAGRAMS.glob("*.bpmn")), *sorted(DECISIONS.glob("*.dmn"))]
    found = {str(file): list(told_of_file(file)) for file in files}
    print(
        json.dumps([_as_data(*pair) for pair in found.items()], ensure_ascii=False)
        if options.json
        else _words(found)
    )
    return 1 if any(not told.is_note for of_file in found.values() for told in of_file) else 0


def told_of_file(file: Path) -> Iterator[Told]:
    """Yield everything that is wrong with a file, and what of it could not be looked at."""
    try:
        source = file.read_bytes()
    except OSError:
        yield Told("", "file", "读不了这个文件。")
        return
    try:
        yield from _of_decisions(read_decisions(file)) if file.suffix == ".dmn" else _of_diagram(source)
    except DiagramError as error:
        yield from map(_of_finding, error.findings)


def _of_diagram(source: bytes) -> Iterator[Told]:
    return map(_of_finding, bundle_findings(bundle_around(source)))


def _of_finding(found: Finding) -> Told:
    return Told(found.element or "", found.rule, found.message_zh, is_note=found.weight == "W", fix=found.fix)


def _of_decisions(file: DecisionFile) -> Iterator[Told]:
    """Yield what is wrong with the form of the file, and with its decisions all the same."""
    findings = decision_findings(file)
    for form in form_findings(file.source):
        yield Told(form.element or "", form.rule, form.message_zh)
    for finding in findings:
        yield Told(finding.element, finding.rule, told_of(finding), finding.example, finding.is_note)


def _words(found: Mapping[str, list[Told]]) -> str:
    lines = []
    for file, of_file in found.items():
        faults = sum(not told.is_note for told in of_file)
        lines.append(f"✗ {file}：{faults} 处要改" if faults else f"✓ {file}")
        lines += [f"  {'注意' if told.is_note else '要改'}：{told.message}" for told in of_file]
    return "\n".join(lines)


def _as_data(file: str, of_file: list[Told]) -> dict[str, object]:
    findings = [
        {
            "element": told.element,
            "rule": told.rule,
            "message": told.message,
            "example": dict(told.example),
            "note": told.is_note,
            "weight": "W" if told.is_note else "E",
            "fix": None if told.fix is None else to_builtins(told.fix),
        }
        for told in of_file
    ]
    return {
        "file": file,
        "status": "refused" if any(not told.is_note for told in of_file) else "ok",
        "findings": findings,
    }
