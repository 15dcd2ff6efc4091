"""Recorded answers in the kinds that they had: events keep them as plain JSON, the form knows what each one is."""

from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal

from forms.model import Component, Field, Form, Group, Kind, Rows, inline

_READERS = {
    Kind.DATE: date.fromisoformat,
    Kind.TIME: time.fromisoformat,
    Kind.MOMENT: datetime.fromisoformat,
    Kind.NUMBER: Decimal,
}


def typed_answers(form: Form, kept: Mapping[str, object]) -> dict[str, object]:
    """Return answers as they were given; what the form does not ask stays as it is kept."""
    return _level(form.components, kept)


def _level(components: tuple[Component, ...], kept: Mapping[str, object]) -> dict[str, object]:
    answers = dict(kept)
    for component in inline(components):
        if isinstance(component, Field):
            if component.key in kept:
                answers[component.key] = _value(component, kept[component.key])
        elif isinstance(component, Group | Rows) and (path := component.path) and path in kept:
            answers[path] = _inside(component, kept[path])
    return answers


def _inside(component: Group | Rows, value: object) -> object:
    if isinstance(value, Mapping):
        return _level(component.components, value)
    if isinstance(value, list):
        return [_level(component.components, row) if isinstance(row, Mapping) else row for row in value]
    return value


def _value(field: Field, value: object) -> object:
    kind = Kind.NUMBER if field.answer == "number" else field.kind
    if not isinstance(value, str) or kind not in _READERS:
        return value
    return _READERS[kind](value)


def never_answered(form: Form, kept: Mapping[str, object]) -> str:
    """Return the label of a question that must be answered and has no recorded answer, empty if there is none."""
    for component in inline(form.components):
        if (
            isinstance(component, Field)
            and component.stored
            and component.required
            and component.hide is None
        ):
            is_calculated = component.kind is Kind.EXPRESSION or component.readonly
            if not is_calculated and component.key not in kept:
                return component.label
    return ""
