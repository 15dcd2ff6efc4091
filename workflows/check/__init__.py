"""What a diagram must satisfy beyond what the engine can know: roles, forms, operations of this product."""

from collections.abc import Iterator

from msgspec.structs import replace

from rules.roles import ROLES
from workflows import operations
from workflows.catalogue import OPERATIONS
from workflows.check.answers import answer_findings
from workflows.check.calls import Find, call_findings
from workflows.check.guard import guard_findings
from workflows.check.names import name_findings
from workflows.check.signing import FormOf, signing_findings
from workflows.check.starts import start_findings
from workflows.check.timeouts import timeout_findings
from workflows.engine import DiagramError, Finding, Fix, OperationUse, Spec, publication_findings

__all__ = ["check_process", "findings_of"]

_FILLED = operations.__all__  # importing the package fills the catalogue


def check_process(
    spec: Spec, known_forms: frozenset[str], find: Find | None = None, form_of: FormOf | None = None
) -> None:
    """Raise DiagramError with every reason why the process cannot be published.

    `find` knows the other processes, `form_of` reads a form that a vote is looked for in.
    """
    found = findings_of(spec, known_forms, find or _nothing, form_of)
    if blocking := tuple(one for one in found if one.weight == "E"):
        raise DiagramError(blocking)


def findings_of(
    spec: Spec,
    known_forms: frozenset[str],
    find: Find,
    form_of: FormOf | None = None,
    decisions: frozenset[str] | None = None,
) -> Iterator[Finding]:
    """Give what is wrong: a lane that is no role, a missing form, an operation nobody wrote, a bad call.

    Of a process that the standard knows, also how it fails the articles. Findings of weight W are told only.
    """
    yield from (_named(found, spec, form_of) for found in publication_findings(spec.compiled))
    for step in spec.steps.values():
        if step.role is not None and step.role not in ROLES:
            message = f"任务“{step.name}”的角色“{step.role}”不在角色表中，请改为 coordinator、expert 等"
            yield Finding(step.id, "role", message)
    yield from _missing_forms(spec, known_forms)
    for use in spec.operations:
        yield from _wrong_use(use)
    yield from call_findings(spec, find)
    yield from start_findings(spec)
    yield from signing_findings(spec, form_of)
    yield from timeout_findings(spec, form_of)
    yield from name_findings(spec, form_of, decisions)
    yield from answer_findings(spec, form_of)
    yield from guard_findings(spec, form_of)


def _named(found: Finding, spec: Spec, form_of: FormOf | None) -> Finding:
    """Offer the form's title as the name of a step that has none."""
    step = spec.steps.get(found.element or "") if found.rule == "unnamed" else None
    form = form_of(step.form) if step is not None and form_of is not None else None
    if step is None or form is None:
        return found
    return replace(
        found, fix=Fix("set_name", f"叫它“{form.title}”", {"element": step.id, "name": form.title})
    )


def _missing_forms(spec: Spec, known_forms: frozenset[str]) -> Iterator[Finding]:
    for element, name, form in spec.forms:
        if form not in known_forms:
            yield Finding(element, "form", f"“{name}”用的表单“{form}”不存在，请先建表单")


def _wrong_use(use: OperationUse) -> Iterator[Finding]:
    entry = OPERATIONS.get(use.operation)
    if entry is None:
        yield Finding(use.element, "operation", f"没有名叫“{use.operation}”的服务操作，请从操作目录中选")
        return
    allowed = "、".join(entry.inputs) or "没有"
    for name in use.inputs:
        if name not in entry.inputs:
            message = f"服务操作“{entry.title}”没有输入“{name}”，可用的输入：{allowed}"
            yield Finding(use.element, "operation", message)


def _nothing(_: str) -> None:
    """Know no other process."""
