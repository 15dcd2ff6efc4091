"""Plausible answers for a form that has no recipe, so that a new step needs nothing of the sample data."""

from collections.abc import Callable, Mapping
from decimal import Decimal

from forms.context import FormContext
from forms.model import Component, Field, Form, Group, Kind, Rows

SENTENCE = "已按要求办妥，情况属实，材料齐全。"
PLAIN: Mapping[Kind, object] = {
    Kind.DATE: "今天",
    Kind.MOMENT: "今天 09:00",
    Kind.TIME: "09:00",
    Kind.TICK: True,
}
FILES: Mapping[Kind, str] = {Kind.FILES: "photo", Kind.SIGNATURE: "signature"}
CONTACTS = {"phone": "13800000000", "email": "office@example.cn"}


def guess(form: Form, context: FormContext, make_file: Callable[[str], str]) -> dict[str, object]:
    """Return an answer for each required question; `make_file` keeps a sample file and returns its id."""
    return _answers(form.components, context, make_file)


def _answers(
    components: tuple[Component, ...], context: FormContext, make_file: Callable[[str], str]
) -> dict[str, object]:
    found: dict[str, object] = {}
    for component in components:
        if isinstance(component, Group):
            inner = _answers(component.components, context, make_file)
            found |= inner if component.path is None else {component.path: inner}
        elif isinstance(component, Rows):
            rows = [_answers(component.components, context, make_file) for _ in range(component.min_rows)]
            found[component.path] = rows
        elif isinstance(component, Field) and component.required and component.default is None:
            found[component.key] = _answer(component, context, make_file)
    return found


def _answer(field: Field, context: FormContext, make_file: Callable[[str], str]) -> object:
    match field.kind:
        case Kind.FILES:
            return [make_file(FILES[field.kind]) for _ in range(max(1, field.limits.min_files))]
        case Kind.SIGNATURE:
            return make_file(FILES[field.kind])
        case Kind.NUMBER:
            return str(field.limits.minimum or Decimal(1))
        case Kind.CHOICE | Kind.CHOICES:
            offered = [choice.value for choice in field.options or context.choices(field.source or "")]
            return offered[0] if field.kind is Kind.CHOICE else offered[:1]
        case Kind.TEXT | Kind.LONG_TEXT:
            return CONTACTS.get(field.limits.email_or_phone or "") or _sentence(field)
        case _:
            return PLAIN.get(field.kind)


def _sentence(field: Field) -> str:
    shortest, longest = field.limits.min_length or 0, field.limits.max_length or len(SENTENCE)
    return (SENTENCE * (1 + shortest // len(SENTENCE)))[: max(shortest, longest)]
