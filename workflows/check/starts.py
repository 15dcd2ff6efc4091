"""A check of start events that people begin a case by: who may, about what, and how its number reads."""

from collections.abc import Iterator

from rules.roles import ROLES
from workflows.engine import Finding, Spec, StartPoint

ABOUT = ("policy",)
"""What a person may begin a case about."""
KINDS = frozenset({"none", "message"})


def start_findings(spec: Spec) -> Iterator[Finding]:
    """Give what is wrong with the start events of a process that have a form, and with those that need one."""
    for point in spec.starts.values():
        reasons = _of_form(point) if point.form else _without_form(point)
        for code, reason in reasons:
            yield Finding(point.id, code, f"启动事件“{point.name}”{reason}")


def _of_form(point: StartPoint) -> Iterator[tuple[str, str]]:
    if point.kind not in KINDS:
        yield "start_form", "有表单，只能是普通开始或消息开始"
    if not point.roles:
        yield "start_roles", "有表单，但没有写哪些角色可以发起（roles）"
    for role in sorted(set(point.roles) - ROLES.keys()):
        yield "role", f"的角色“{role}”不在角色表中"
    if not point.number:
        yield "start_number", "有表单，但没有写办件号的代码（number），如 TS"
    if point.about is not None and point.about not in ABOUT:
        yield "start_about", f"的 about“{point.about}”不认识，可用的：{'、'.join(ABOUT)}"


def _without_form(point: StartPoint) -> Iterator[tuple[str, str]]:
    if point.roles or point.about or point.number:
        yield "start_form", "写了 roles、about 或 number，但没有表单（form）"
