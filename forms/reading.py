"""Read a whole posted form into answers and first complaints, before any condition is asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from msgspec import Struct, field

from forms.conditions import Evaluator
from forms.context import Choice
from forms.layers import Later
from forms.model import MAX_ROWS, Component, Field, Form, Group, Kind, Rows, inline
from forms.values import AnswerError, Reading, read

Answers = dict[str, object]


class Reader(Struct):
    """Reads level by level; choices are asked from the host once per name."""

    evaluator: Evaluator
    errors: dict[str, str] = field(default_factory=dict)
    known: dict[str, Sequence[Choice]] = field(default_factory=dict)

    def form(self, form: Form, posted: Mapping[str, object]) -> Answers:
        """Return every answer of the form as typed values, None where it cannot be taken."""
        return self._level(form.components, posted, self.evaluator.context.prefill, "")

    def choices(self, field_: Field) -> Sequence[Choice]:
        """Return what may be chosen now, computed here whatever the browser showed."""
        listed = [Choice(option.value, option.label) for option in field_.options]
        if field_.source is not None:
            return [*listed, *self.listed(field_.source)]
        if field_.source_expression is not None:
            value = self.evaluator.value(field_.source_expression, self.evaluator.scope({}))
            return [*listed, *_as_choices(value)]
        return listed

    def listed(self, name: str) -> Sequence[Choice]:
        """Return the host's list or the vocabulary of that name."""
        if name not in self.known:
            self.known[name] = self.evaluator.context.choices(name)
        return self.known[name]

    def blank(self, rows: Rows) -> Answers:
        """Return the answers of a row in which nothing has been entered."""
        errors, self.errors = self.errors, {}
        level = self._level(rows.components, {}, {}, "")
        self.errors = errors
        return level

    def _level(
        self,
        components: tuple[Component, ...],
        posted: Mapping[str, object],
        prefill: Mapping[str, object],
        prefix: str,
    ) -> Answers:
        answers: Answers = {}
        for component in inline(components):
            match component:
                case Field() if component.key:
                    answers[component.key] = self._field(component, posted, prefill, prefix)
                case Group(path=str() as path):
                    inner = self._level(
                        component.components,
                        _mapping(posted.get(path)),
                        Later(partial(_part, prefill, path)),
                        f"{prefix}{path}.",
                    )
                    answers[path] = inner
                case Rows(path=path):
                    answers[path] = self._rows(component, posted.get(path), prefill, prefix)
                case _:
                    pass
        return answers

    def _field(
        self, field_: Field, posted: Mapping[str, object], prefill: Mapping[str, object], prefix: str
    ) -> object:
        raw = (prefill if field_.readonly else posted).get(field_.key)
        reading = Reading(
            self.evaluator.context.today,
            self.evaluator.add_working_days,
            self.choices,
            self.evaluator.context.files,
        )
        try:
            return read(field_, raw, reading)
        except AnswerError as error:
            self.errors[prefix + field_.key] = str(error)
            return [] if field_.kind in {Kind.CHOICES, Kind.FILES} else None

    def _rows(self, rows: Rows, posted: object, prefill: Mapping[str, object], prefix: str) -> list[Answers]:
        sent = self.row_values(rows, posted)
        if len(sent) > rows.max_rows:
            self.errors[prefix + rows.path] = f"“{rows.label}”最多 {rows.max_rows} 行，请删去多的"
        before = prefilled_rows(rows, prefill.get(rows.path)) if rows.source else {}
        answers = []
        for number, row in enumerate(sent[: min(rows.max_rows, MAX_ROWS)]):
            given = before.get(str(row.get("item")), {})
            level = self._level(rows.components, row, given, f"{prefix}{rows.path}.{number}.")
            answers.append({**level, "item": row["item"]} if rows.source else level)
        return answers

    def row_values(self, rows: Rows, posted: object) -> list[dict[str, object]]:
        """Return the posted rows; of a list with a source exactly one row per entry of the source."""
        sent = [dict(_mapping(row)) for row in posted] if isinstance(posted, list | tuple) else []
        if rows.source is None:
            return sent
        by_item = {str(row.get("item")): row for row in sent}
        return [
            {**by_item.get(choice.value, {}), "item": choice.value} for choice in self.listed(rows.source)
        ]


def prefilled_rows(rows: Rows, prefill: object) -> dict[str, Mapping[str, object]]:
    """Return prefilled rows by their item; both a list of rows and a mapping by item are taken."""
    if isinstance(prefill, Mapping):
        return {str(item): _mapping(row) for item, row in prefill.items()}
    if isinstance(prefill, list | tuple) and rows.source is not None:
        found = [_mapping(row) for row in prefill]
        return {str(row.get("item")): row for row in found}
    return {}


def _as_choices(value: object) -> list[Choice]:
    entries = value if isinstance(value, list) else []
    choices = []
    for entry in entries:
        if isinstance(entry, Mapping):
            code = str(entry.get("value"))
            choices.append(Choice(code, str(entry.get("label") or code)))
        else:
            choices.append(Choice(str(entry), str(entry)))
    return choices


def _part(values: Mapping[str, object], path: str) -> Mapping[str, object]:
    return _mapping(values.get(path))


def _mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, Mapping) else {}
