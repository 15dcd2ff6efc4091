"""The WTForms classes behind a form: one bound field per question, holding what was typed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import wtforms
from wtforms.fields.choices import SelectChoice

from forms.context import Choice
from forms.model import MAX_ROWS, Component, Field, Form, Group, Kind, Rows, inline
from forms.posted import value_of
from forms.widgets import MacroWidget

Choices = Callable[[Field], Sequence[Choice]]


class Level(wtforms.form.BaseForm):  # type: ignore[misc]  # wtforms ships no types
    """The fields of one level, reached by `level[key]` only, so that no key can hide a method."""


class Asked:
    """What all our fields share: the question, its choices, and no judgement of their own."""

    def __init__(self, *, spec: Field, listed: Sequence[Choice], **bound: object) -> None:
        self.spec = spec
        self.listed = listed
        super().__init__(**bound)

    def process_data(self, value: object) -> None:
        """Take a value as it was typed."""
        self.data = value

    def process_formdata(self, valuelist: list[str]) -> None:
        """Take what the browser sent, unread; forms.validate reads it."""
        self.data = value_of(self.spec, valuelist)

    def pre_validate(self, form: object) -> None:
        """Leave the judgement to forms.validate, which knows conditions and choices."""


class TextField(Asked, wtforms.StringField):  # type: ignore[misc]  # wtforms ships no types
    """One line of text; also numbers, dates, positions and signatures, which are read on the server."""


class LongTextField(Asked, wtforms.TextAreaField):  # type: ignore[misc]  # wtforms ships no types
    """Several lines of text."""


class ChoiceField(Asked, wtforms.SelectField):  # type: ignore[misc]  # wtforms ships no types
    """One choice, drawn as a segmented control, a list or a select."""


class ChoicesField(Asked, wtforms.SelectMultipleField):  # type: ignore[misc]  # wtforms ships no types
    """Several choices, drawn as boxes to tick."""


class TickField(Asked, wtforms.BooleanField):  # type: ignore[misc]  # wtforms ships no types
    """One box to tick."""


class FilesField(Asked, wtforms.MultipleFileField):  # type: ignore[misc]  # wtforms ships no types
    """Ids of uploaded files."""


_CLASSES: dict[Kind, Any] = {  # wtforms ships no types
    Kind.LONG_TEXT: LongTextField,
    Kind.CHOICE: ChoiceField,
    Kind.CHOICES: ChoicesField,
    Kind.TICK: TickField,
    Kind.FILES: FilesField,
}


def bind(form: Form, choices: Choices, values: Mapping[str, object] | None, formdata: object = None) -> Level:
    """Return the form's fields holding `values` (texts by key), or what `formdata` (a MultiDict) brings."""
    level = Level(_unbound(form.components, choices))
    level.process(formdata, data=values)
    return level


def _unbound(components: tuple[Component, ...], choices: Choices) -> dict[str, object]:
    fields: dict[str, object] = {}
    for component in inline(components):
        match component:
            case Field(key=key) if key:
                fields[key] = _field(component, choices)
            case Group(path=str() as path):
                fields[path] = wtforms.FormField(_level_of(component.components, choices))
            case Rows(path=path):
                row = wtforms.FormField(_level_of(component.components, choices))
                fields[path] = wtforms.FieldList(row, max_entries=MAX_ROWS)
            case _:
                pass
    return fields


def _level_of(components: tuple[Component, ...], choices: Choices) -> Callable[..., Level]:
    fields = _unbound(components, choices)

    def level(
        formdata: object = None, obj: object = None, prefix: str = "", meta: object = None, **values: object
    ) -> Level:
        del obj, meta  # wtforms hands them over; our levels hold texts only
        bound = Level(fields, prefix=prefix)
        bound.process(formdata, data=values)
        return bound

    return level


def _field(spec: Field, choices: Choices) -> object:
    listed = list(choices(spec))
    more: dict[str, object] = {"validators": []}
    if spec.kind in {Kind.CHOICE, Kind.CHOICES}:
        pairs = [SelectChoice(choice.value, choice.label) for choice in listed]
        more = {"choices": pairs, "coerce": str, "validate_choice": False}
    field_class = _CLASSES.get(spec.kind, TextField)
    return field_class(
        spec=spec, listed=listed, label=spec.label, description=spec.hint, widget=MacroWidget(), **more
    )
