"""What a form shows before anyone has typed, and how typed answers are written into its controls."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time
from decimal import Decimal

from forms.context import FormContext
from forms.model import Component, Field, Form, Group, Rows, inline
from forms.reading import prefilled_rows
from forms.wording import SHANGHAI

Texts = dict[str, object]


def initial_values(form: Form, context: FormContext) -> Texts:
    """Return prefilled values, defaults and the rows that a list begins with."""
    return _level(form.components, context.prefill, context)


def as_texts(form: Form, values: Mapping[str, object], context: FormContext) -> Texts:
    """Return values (posted texts, a draft or typed answers) as the texts that the controls show."""
    return _texts(form.components, values, context)


def as_text(value: object) -> str:
    """Return one typed value as it would be typed."""
    if isinstance(value, datetime):
        local = value.astimezone(SHANGHAI) if value.tzinfo else value
        return local.strftime("%Y-%m-%d %H:%M")
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, time):
        return value.strftime("%H:%M")
    return "" if value is None else str(value)


def _level(components: tuple[Component, ...], prefill: Mapping[str, object], context: FormContext) -> Texts:
    values: Texts = {}
    for component in inline(components):
        match component:
            case Field(key=key) if key:
                values[key] = _written(prefill.get(key, component.default))
            case Group(path=str() as path):
                values[path] = _level(component.components, _mapping(prefill.get(path)), context)
            case Rows(path=path):
                values[path] = _rows(component, prefill.get(path), context)
            case _:
                pass
    return values


def _rows(rows: Rows, prefill: object, context: FormContext) -> list[Texts]:
    if rows.source is not None:
        before = prefilled_rows(rows, prefill)
        return [
            {**_level(rows.components, before.get(choice.value, {}), context), "item": choice.value}
            for choice in context.choices(rows.source)
        ]
    given = prefill if isinstance(prefill, list | tuple) else []
    blank = max(0, rows.min_rows - len(given))
    return [_level(rows.components, _mapping(row), context) for row in [*given, *({} for _ in range(blank))]]


def _texts(components: tuple[Component, ...], values: Mapping[str, object], context: FormContext) -> Texts:
    texts: Texts = {}
    for component in inline(components):
        match component:
            case Field(key=key) if key:
                texts[key] = _written(values.get(key))
            case Group(path=str() as path):
                texts[path] = _texts(component.components, _mapping(values.get(path)), context)
            case Rows(path=path):
                texts[path] = _row_texts(component, values.get(path), context)
            case _:
                pass
    return texts


def _row_texts(rows: Rows, values: object, context: FormContext) -> list[Texts]:
    sent = [_mapping(row) for row in values] if isinstance(values, list | tuple) else []
    if rows.source is not None:
        by_item = {str(row.get("item")): row for row in sent}
        items = [choice.value for choice in context.choices(rows.source)]
        sent = [{**by_item.get(item, {}), "item": item} for item in items]
    return [_texts(rows.components, row, context) for row in sent[: rows.max_rows]]


def _written(value: object) -> object:
    if isinstance(value, list | tuple):
        return [as_text(entry) for entry in value]
    if isinstance(value, Mapping):
        return ",".join(as_text(value.get(name)) for name in ("latitude", "longitude", "accuracy"))
    return as_text(value)


def _mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, Mapping) else {}
