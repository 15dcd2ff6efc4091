"""The controls: which macro of `templates/forms/controls.html` draws which question."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from forms.context import Choice
from forms.model import Field, Kind
from forms.posted import html_name

SEGMENTS = 5  # up to so many choices stand side by side …
SEGMENT_CHARACTERS = 26  # … if their words fit into one line
_MACROS = {
    Kind.TEXT: "line",
    Kind.LONG_TEXT: "lines",
    Kind.NUMBER: "number",
    Kind.DATE: "day",
    Kind.TIME: "line",
    Kind.MOMENT: "moment",
    Kind.CHOICES: "boxes",
    Kind.TICK: "tick",
    Kind.FILES: "files",
    Kind.SIGNATURE: "signature",
    Kind.POSITION: "position",
    Kind.EXPRESSION: "computed",
}


@cache
def environment() -> Environment:
    """Return the templates of forms: escaped, and undefined names raise.

    The global `_` marks texts for translation; the pages put their own gettext there.
    """
    jinja = Environment(
        loader=PackageLoader("forms", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    jinja.globals["_"] = str
    jinja.filters["as_json"] = as_json
    jinja.filters["html_name"] = html_name
    return jinja


class MacroWidget:
    """A WTForms widget that draws its field by a macro."""

    def __call__(self, field: Any, **more: object) -> Markup:  # noqa: ANN401 — wtforms ships no types
        """Return the control; `more` is what the page knows of it (described_by, invalid, files)."""
        module = environment().get_template("forms/controls.html").module
        drawn: Markup = getattr(module, macro_of(field.spec, field.listed))(field, more)
        return drawn


def macro_of(spec: Field, choices: Sequence[Choice]) -> str:
    """Return the macro for a question, by its kind, its widget and how many choices it has."""
    if spec.widget == "hidden":
        return "unseen"
    if spec.kind is Kind.CHOICE:
        if spec.widget in {"conformity", "scale"}:
            return spec.widget
        picker = spec.widget in {"template-picker", "person-picker"}
        few = 1 < len(choices) <= SEGMENTS
        short = sum(len(choice.label) for choice in choices) <= SEGMENT_CHARACTERS
        return "segments" if few and short and not picker else "dropdown"
    return _MACROS[spec.kind]


def is_fieldset(spec: Field, choices: Sequence[Choice]) -> bool:
    """Tell whether the control is a group of inputs, which takes a legend instead of a label."""
    return macro_of(spec, choices) in {"segments", "scale", "conformity", "boxes", "files", "signature"}


def as_json(value: object) -> str:
    """Return a value for a data attribute; dates as text, numbers as numbers."""
    return json.dumps(_plain(value), ensure_ascii=False, separators=(",", ":"))


def _plain(value: object) -> object:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(name): _plain(entry) for name, entry in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(entry) for entry in value]
    return value if value is None or isinstance(value, str | int | float) else str(value)
