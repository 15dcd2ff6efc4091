"""What a diagram may let the product do of itself when a step's last day is over."""

from collections.abc import Iterator
from typing import Final

from forms.model import Form
from forms.questions import is_signed, question_of
from workflows.check.signing import FormOf
from workflows.engine import Finding, Spec, Step

ACTIONS: Final = {"remind": "提醒", "escalate": "升级", "approve": "自动通过", "return": "自动驳回"}
APPROVAL: Final = "approve"
"""The value of a decision that lets a step pass."""


def timeout_findings(spec: Spec, form_of: FormOf | None = None) -> Iterator[Finding]:
    """Refuse what is unknown, what has no last day, and decisions that only people may take (engine.md §13)."""
    for step in spec.steps.values():
        if step.timeout is not None and (message := _problem(spec, step, form_of)):
            yield Finding(step.id, "timeout", message)


def _problem(spec: Spec, step: Step, form_of: FormOf | None) -> str:
    if step.timeout not in ACTIONS:
        return f"“{step.name}”的超时处理“{step.timeout}”不认识，请改为 remind、escalate、approve 或 return"
    if step.deadline_kind is None and not spec.nodes[step.id].get("due"):
        return f"“{step.name}”没有期限，超时处理永远不会发生。请先定期限"
    if step.timeout not in {"approve", "return"}:
        return ""
    form = form_of(step.form) if form_of is not None and step.form else None
    return _of_a_decision(step, form, ACTIONS[step.timeout])


def _of_a_decision(step: Step, form: Form | None, action: str) -> str:
    """Say why the product may not decide this step; empty if it may."""
    if step.signing is not None:
        return f"“{step.name}”要会签，不能{action}：各人的签不能由系统代签。请改为 remind 或 escalate"
    if step.article or step.wall or (form is not None and is_signed(form)):
        return f"“{step.name}”要签字、有条款依据或不能撤回，不能{action}。请改为 remind 或 escalate"
    question = question_of(form) if form is not None else None
    values = [option.value for option in question.options] if question is not None else []
    if step.timeout == APPROVAL and (question is None or (question.key and APPROVAL not in values)):
        return f"“{step.name}”的表单不是只要一个结论，不能{action}。请改为 remind 或 escalate"
    return ""
