"""From the bytes of a diagram to a specification, or to every reason why there is none."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from workflows.engine.check import findings_of
from workflows.engine.errors import DiagramError, Finding
from workflows.engine.parser import DiagramReader
from workflows.engine.specs import Spec
from workflows.engine.xml import parse_xml

Check = Callable[[Spec], Iterable[Finding]]
"""A further check, for what the engine cannot know: roles, operations, forms, messages of other processes."""


def compile_process(bpmn: bytes, checks: Iterable[Check] = ()) -> Spec:
    """Return the specification of a diagram.

    Raises: DiagramError with all findings: of reader, structure and expressions, and then of `checks`.
    """
    reader = DiagramReader(parse_xml(bpmn))
    compiled = reader.read()
    findings = list(reader.findings)
    if compiled:
        findings.extend(findings_of(compiled))
    if findings:
        raise DiagramError(tuple(findings))
    spec = Spec.from_json(Spec(compiled).to_json())
    found = tuple(finding for check in checks for finding in check(spec))
    if found:
        raise DiagramError(found)
    return spec


def read_process(bpmn: bytes) -> Spec:
    """Return what a diagram says, whether or not it may run: for reading and comparing, never for running.

    Raises: DiagramError if there is no process in it.
    """
    reader = DiagramReader(parse_xml(bpmn))
    compiled = reader.read()
    if not compiled:
        raise DiagramError(tuple(reader.findings))
    return Spec(compiled)
