"""What a form asks at least: nothing, one decision, or more; what can be answered without looking at it."""

from collections.abc import Iterable, Iterator

from msgspec import Struct

from forms.model import Component, Field, Form, Group, Kind, Option, Rows
from rules import vocabulary


class Question(Struct, frozen=True):
    """What a step asks that may be done in bulk: one decision, or nothing at all (an empty key)."""

    key: str = ""
    label: str = ""
    options: tuple[Option, ...] = ()


def question_of(form: Form) -> Question | None:
    """Return what a step asks in bulk; None if it asks for more than one decision, or for a signature."""
    asked = list(_required(form.components))
    if not asked:
        return Question()
    first = asked[0]
    if len(asked) > 1 or not isinstance(first, Field) or first.kind is not Kind.CHOICE:
        return None
    options = first.options or _words(first.source)
    return Question(first.key, first.label, options) if options else None


def _words(source: str | None) -> tuple[Option, ...]:
    """Return the words of a vocabulary; none of a list that depends on the case."""
    if source is None or source not in vocabulary.enumerations():
        return ()
    return tuple(
        Option(code, label) for _, words in vocabulary.grouped_choices(source) for code, label in words
    )


def is_signed(form: Form) -> bool:
    """Tell whether a form asks for a signature anywhere."""
    return any(isinstance(one, Field) and one.kind is Kind.SIGNATURE for one in _all(form.components))


def _all(components: Iterable[Component]) -> Iterator[Component]:
    for one in components:
        yield one
        if isinstance(one, Group | Rows):
            yield from _all(one.components)


def _required(components: Iterable[Component]) -> Iterator[Component]:
    """Yield what has to be filled in whatever else is; a signature has, whatever the form says.

    What shows only after some answer is left to the check of the answers, which names it.
    """
    for one in components:
        if isinstance(one, Group) and not one.hide:
            yield from _required(one.components)
        elif isinstance(one, Rows):
            if one.min_rows or one.source:
                yield one
        elif isinstance(one, Field) and not one.hide and (one.required or one.kind is Kind.SIGNATURE):
            yield one
