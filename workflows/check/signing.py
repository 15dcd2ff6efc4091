"""What countersigning needs of this product: signers who are roles, a vote that the step's form asks for."""

from collections.abc import Callable, Iterator
from uuid import UUID

from forms.model import Field, Form, Kind, inline
from rules.errors import UnknownWordError
from rules.roles import ROLES
from rules.vocabulary import choices
from workflows.engine import Finding, Spec, Step, named_signers

FormOf = Callable[[str], Form | None]


def signing_findings(spec: Spec, form_of: FormOf | None) -> Iterator[Finding]:
    """Give what is wrong with signers, vetoes and votes; votes only where the forms can be read."""
    for step in spec.steps.values():
        for message in _signers(step):
            yield Finding(step.id, "signers", f"“{step.name}”{message}")
        form = form_of(step.form) if form_of is not None and step.vote is not None else None
        for message in _vote(step, form) if form is not None else ():
            yield Finding(step.id, "vote", f"“{step.name}”{message}")


def _signers(step: Step) -> Iterator[str]:
    if step.signing is None:
        return
    for name in dict.fromkeys(name for names in named_signers(step.signing.signers) for name in names):
        if not _is_signer(name):
            yield f"的会签人“{name}”不在角色表中，也不是人的编号，请改为 coordinator、expert 等"
    for role in step.signing.veto:
        if not _is_role(role):
            yield f"的一票否决“{role}”不在角色表中，请写角色，例如 provider_manager；人人都能否决就用会签（all）"


def _is_signer(name: str) -> bool:
    try:
        UUID(name)
    except ValueError:
        return _is_role(name)
    return True


def _is_role(name: str) -> bool:
    return name in ROLES and ROLES[name].lane


def _vote(step: Step, form: Form) -> Iterator[str]:
    if step.vote is None:
        return
    name, approve = step.vote.field, step.vote.approve
    fields = [part for part in inline(form.components) if isinstance(part, Field) and part.key == name]
    if not fields:
        yield f"的表决“{name}”不在表单“{step.form}”里，请改成表单里单选的一项"
        return
    field = fields[0]
    if field.kind is not Kind.CHOICE:
        yield f"的表决“{name}”在表单里不是单选，请换一项或改成单选"
    if not field.required or field.hide is not None:
        yield f"的表决“{name}”在表单里可以不填，请改成必填、不隐藏"
    known = _values(field)
    if known and approve not in known:
        yield f"的表决“{name}”没有“{approve}”这个选项，可以写：{'、'.join(known)}"


def _values(field: Field) -> list[str]:
    """Return the values of a choice; none where its list is only known when it is asked."""
    if field.options:
        return [option.value for option in field.options]
    try:
        return [value for value, _ in choices(field.source or "")]
    except UnknownWordError:
        return []
