"""What a diagram must satisfy beyond what the engine can know: roles, forms, operations of this product."""

from collections.abc import Iterator

from rules.roles import ROLES
from workflows import operations
from workflows.catalogue import OPERATIONS
from workflows.engine import DiagramError, Finding, Spec

__all__ = ["check_process", "findings_of"]

_FILLED = operations.__all__  # importing the package fills the catalogue


def check_process(spec: Spec, known_forms: frozenset[str]) -> None:
    """Raise DiagramError with every reason why the process cannot be published."""
    found = tuple(findings_of(spec, known_forms))
    if found:
        raise DiagramError(found)


def findings_of(spec: Spec, known_forms: frozenset[str]) -> Iterator[Finding]:
    """Give what is wrong: a lane that is no role, a form that is not there, an operation nobody wrote."""
    for step in spec.steps.values():
        if step.role is not None and step.role not in ROLES:
            yield Finding(
                step.id,
                "role",
                f"任务“{step.name}”的角色“{step.role}”不在角色表中，请改为 coordinator、expert 等",
            )
        if step.form not in known_forms:
            yield Finding(step.id, "form", f"任务“{step.name}”用的表单“{step.form}”不存在，请先建表单")
    for event in spec.events.values():
        if event.form and event.form not in known_forms:
            yield Finding(event.id, "form", f"事件“{event.name}”用的表单“{event.form}”不存在，请先建表单")
    for use in spec.operations:
        entry = OPERATIONS.get(use.operation)
        if entry is None:
            yield Finding(use.element, "operation", f"没有名叫“{use.operation}”的服务操作，请从操作目录中选")
            continue
        for name in use.inputs:
            if name not in entry.inputs:
                allowed = "、".join(entry.inputs) or "没有输入"
                yield Finding(
                    use.element, "operation", f"服务操作“{entry.title}”没有输入“{name}”，可用：{allowed}"
                )
