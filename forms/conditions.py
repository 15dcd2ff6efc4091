"""Evaluate the expressions of a form: what is hidden, what is required, what a text says."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from uuid import UUID

from msgspec.structs import replace

import feel
from forms.context import FormContext
from forms.layers import Layers
from forms.wording import SHANGHAI, fill

Scope = Mapping[str, object]


class Evaluator:
    """Evaluates FEEL for one form and one set of facts; programs are kept while it lives.

    A name means: the row (`this`) or the whole form (`parent`) where these words are used, else an answer of
    the form, else a variable of the case. What is unknown is null.
    """

    def __init__(self, context: FormContext) -> None:
        """Read the facts of `context` as FEEL does, at its moment."""
        self.context = context
        self.programs: dict[str, Callable[[Scope], object]] = {}
        self.variables = AsFeel(context.variables)
        self.host = replace(context.feel_host, now=context.now.astimezone(SHANGHAI))

    def scope(self, data: Mapping[str, object], row: Mapping[str, object] | None = None) -> Scope:
        """Return what an expression sees: variables, answers over them, and the row."""
        words: dict[str, object] = {"parent": data} if row is None else {"parent": data, "this": row}
        return Layers(words, data, self.variables)

    def value(self, expression: str, scope: Scope) -> object:
        """Return the value of an expression."""
        if expression not in self.programs:
            self.programs[expression] = feel.compile(expression, host=self.host)
        return self.programs[expression](scope)

    def holds(self, expression: str | None, scope: Scope) -> bool:
        """Tell whether a condition is true; null and anything else is not."""
        return expression is not None and self.value(expression, scope) is True

    def text(self, template: str, scope: Scope) -> str:
        """Return a text with its `{{expressions}}` replaced."""
        return fill(template, lambda expression: self.value(expression, scope))

    def add_working_days(self, start: date, days: int) -> date | None:
        """Return the day that many working days later, None when the host counts none."""
        scope = {"start": start, "days": Decimal(days)}
        later = feel.evaluate("add workdays(start, days)", scope, host=self.host)
        return later if isinstance(later, date) else None


class AsFeel(Mapping[str, object]):
    """The facts of a case as FEEL knows them, each converted when an expression first reads it."""

    def __init__(self, facts: Mapping[str, object]) -> None:
        self._facts = facts
        self._known: dict[str, object] = {}

    def __getitem__(self, name: str) -> object:
        """Return a fact. Raises: KeyError."""
        if name not in self._known:
            self._known[name] = as_feel(self._facts[name])
        return self._known[name]

    def __contains__(self, name: object) -> bool:
        """Tell whether there is such a fact."""
        return name in self._known or name in self._facts

    def __iter__(self) -> Iterator[str]:
        """Give the names."""
        return iter(self._facts)

    def __len__(self) -> int:
        """Return how many facts there are."""
        return len(self._facts)


def as_feel(value: object) -> object:
    """Return a value as FEEL knows it: numbers are Decimal, ids are text, sequences are lists."""
    if isinstance(value, int) and not isinstance(value, bool):
        return Decimal(value)
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, Mapping):
        return {str(name): as_feel(entry) for name, entry in value.items()}
    if isinstance(value, list | tuple):
        return [as_feel(entry) for entry in value]
    return value
