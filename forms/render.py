"""Draw a form: error box, numbered sections, fields, rows. The page around it brings `<form>` and buttons."""

from __future__ import annotations

from collections.abc import Mapping

from markupsafe import Markup
from msgspec import Struct

import feel
from forms.conditions import Evaluator
from forms.context import FormContext
from forms.fields import bind
from forms.initial import as_texts, initial_values
from forms.model import Field, Form, inline, walk
from forms.nodes import Builder, Node
from forms.posted import Posted, html_name, nest
from forms.reading import Reader
from forms.rows import opening_links
from forms.validate import SummaryLine, summary
from forms.visibility import hidden_paths, own_path
from forms.widgets import environment

NUMBERED_FROM = 3  # fewer sections need no numbers


class OutlineItem(Struct, frozen=True):
    """A section for the outline beside the form."""

    id: str
    label: str
    errors: int


class FormView:
    """A form with values and errors, ready to stand in a page as `{{ view }}`.

    `values` may be what was posted, a draft or typed answers; without them the prefilled form is shown.
    """

    def __init__(
        self,
        form: Form,
        context: FormContext,
        values: Posted | None = None,
        errors: Mapping[str, str] | None = None,
    ) -> None:
        self.form = form
        self.errors = dict(errors or {})
        evaluator = Evaluator(context)
        reader = Reader(evaluator)
        texts = (
            initial_values(form, context) if values is None else as_texts(form, nest(form, values), context)
        )
        answers = reader.form(form, texts)
        hidden = hidden_paths(form, answers, evaluator)
        builder = Builder(evaluator, reader, answers, hidden, self.errors, opening_links(form))
        self.nodes = builder.nodes(form.components, bind(form, reader.choices, texts), answers)
        self.facts = {name: evaluator.variables.get(name) for name in _names_in_conditions(form)}

    @property
    def title(self) -> str:
        """Return the name of the step."""
        return self.form.title

    @property
    def summary(self) -> tuple[SummaryLine, ...]:
        """Return the lines of the error box."""
        return tuple(summary(self.form, self.errors))

    @property
    def sections(self) -> tuple[Node, ...]:
        """Return the sections that are shown."""
        kinds = {"section", "facts"}
        return tuple(node for node in self.nodes if node.kind in kinds and not node.hidden)

    @property
    def outline(self) -> tuple[OutlineItem, ...]:
        """Return the sections with how many errors each holds."""
        return tuple(OutlineItem(node.id, node.spec.label, _errors_in(node)) for node in self.sections)

    @property
    def numbered(self) -> bool:
        """Tell whether sections carry numbers."""
        return len(self.sections) >= NUMBERED_FROM

    def __html__(self) -> Markup:
        """Return the HTML of the form's inside."""
        template = environment().get_template("forms/form.html")
        links = [(f"f-{html_name(line.path)}", line.text) for line in self.summary]
        return Markup(template.render(view=self, links=links))  # noqa: S704 — an escaped template

    __str__ = __html__


def _errors_in(node: Node) -> int:
    own = 1 if node.error else 0
    rows = sum(_errors_in(child) for row in node.rows for child in row.children)
    return own + rows + sum(_errors_in(child) for child in node.children)


def _names_in_conditions(form: Form) -> set[str]:
    expressions = [part.hide for part in walk(form.components)]
    expressions += [part.required_when for part in walk(form.components) if isinstance(part, Field)]
    asked = {own_path(part) for part in inline(form.components)}
    names = {name for text in expressions if text for name in feel.references(text).names}
    return names - asked - {"this", "parent"}
