"""Check posted answers: one truth for pages, the JSON interface and jobs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import Struct

from forms.conditions import Evaluator
from forms.context import FormContext
from forms.model import Check, Component, Field, Form, Group, Kind, Rows, Static, walk
from forms.posted import Posted, nest
from forms.reading import Answers, Reader
from forms.values import too_few_files
from forms.visibility import hidden_paths, is_hidden, own_path, rows_of, without_hidden


class SummaryLine(Struct, frozen=True):
    """One line of the box on top: where, and the sentence with the row in front."""

    path: str
    text: str


class Checked(Struct, frozen=True):
    """The outcome: typed answers (hidden ones None) and one sentence per wrong path."""

    answers: Answers
    errors: dict[str, str]
    summary: tuple[SummaryLine, ...]
    hidden: frozenset[str]

    @property
    def valid(self) -> bool:
        """Tell whether the answers may be taken."""
        return not self.errors


def check(form: Form, posted: Posted, context: FormContext) -> Checked:
    """Return the answers that `posted` means, with an error for everything that must be changed."""
    evaluator = Evaluator(context)
    reader = Reader(evaluator)
    read = reader.form(form, nest(form, posted))
    hidden = hidden_paths(form, read, evaluator)
    answers = without_hidden(form, read, hidden)
    _compute(form, answers, evaluator, hidden)
    errors = {path: text for path, text in reader.errors.items() if not is_hidden(path, hidden)}
    for path, text in _missing(form.components, answers, answers, evaluator, hidden):
        errors.setdefault(path, text)
    for path, text in _broken_checks(form, answers, evaluator):
        if not is_hidden(path, hidden):
            errors.setdefault(path, text)
    order = {path: number for number, path in enumerate(_paths(form.components, answers))}
    errors = dict(sorted(errors.items(), key=lambda entry: order.get(entry[0], len(order))))
    return Checked(answers, errors, tuple(summary(form, errors)), frozenset(hidden))


def summary(form: Form, errors: Mapping[str, str]) -> Iterator[SummaryLine]:
    """Yield the lines of the error box: a row's error begins with the row, 隐患 1：…."""
    labels = {part.path: part.item_label for part in walk(form.components) if isinstance(part, Rows)}
    for path, text in errors.items():
        parts = path.split(".")
        in_row = len(parts) > 1 and parts[1].isdigit() and parts[0] in labels
        yield SummaryLine(path, f"{labels[parts[0]]} {int(parts[1]) + 1}：{text}" if in_row else text)


def _compute(form: Form, answers: Answers, evaluator: Evaluator, hidden: set[str]) -> None:
    for component in walk(form.components):
        if isinstance(component, Field) and component.kind is Kind.EXPRESSION and component.key in answers:
            shown = component.key not in hidden and component.expression is not None
            answers[component.key] = (
                evaluator.value(component.expression or "null", evaluator.scope(answers)) if shown else None
            )


def _missing(
    components: tuple[Component, ...],
    level: Answers,
    root: Answers,
    evaluator: Evaluator,
    hidden: set[str],
    prefix: str = "",
) -> Iterator[tuple[str, str]]:
    scope = evaluator.scope(root, level if prefix else None)
    for component in components:
        path = prefix + own_path(component)
        if path in hidden or isinstance(component, Static):
            continue
        match component:
            case Field() if component.required or evaluator.holds(component.required_when, scope):
                if _is_empty(component, level.get(component.key)):
                    yield path, _ask_for(component)
            case Group():
                inner = level if component.path is None else level.get(component.path)
                at = prefix if component.path is None else f"{path}."
                if isinstance(inner, dict):
                    yield from _missing(component.components, inner, root, evaluator, hidden, at)
            case Rows():
                yield from _missing_rows(component, level, root, evaluator, hidden, path)
            case _:
                pass


def _missing_rows(
    rows: Rows, level: Answers, root: Answers, evaluator: Evaluator, hidden: set[str], path: str
) -> Iterator[tuple[str, str]]:
    found = rows_of(level, rows)
    if len(found) < rows.min_rows:
        yield path, f"“{rows.label}”至少要 {rows.min_rows} 行，请点“{rows.add_label}”"
    for number, row in enumerate(found):
        yield from _missing(rows.components, row, root, evaluator, hidden, f"{path}.{number}.")


def _is_empty(field: Field, answer: object) -> bool:
    """Tell whether an answer is none: 0 and 否 among choices are answers, an empty box is not."""
    return answer is None or answer == [] or (answer is False and field.kind is Kind.TICK)


def _ask_for(field: Field) -> str:
    match field.kind:
        case Kind.CHOICE | Kind.CHOICES:
            return f"请选择“{field.label}”"
        case Kind.TICK:
            return f"请勾选“{field.label}”"
        case Kind.FILES:
            return too_few_files(field, 0)
        case Kind.SIGNATURE:
            return f"请在“{field.label}”处签字"
        case Kind.POSITION:
            return f"请取“{field.label}”"
        case _:
            return f"请填写“{field.label}”"


def _broken_checks(form: Form, answers: Answers, evaluator: Evaluator) -> Iterator[tuple[str, str]]:
    for rule in form.checks:
        for prefix, row in _places(rule, answers):
            scope = evaluator.scope(answers, row)
            if evaluator.holds(rule.when, scope):
                yield prefix + rule.field, evaluator.text(rule.message, scope)


def _places(rule: Check, answers: Answers) -> list[tuple[str, Answers | None]]:
    if rule.each is None:
        return [("", None)]
    rows = answers.get(rule.each)
    found = rows if isinstance(rows, list) else []
    return [(f"{rule.each}.{number}.", row) for number, row in enumerate(found) if isinstance(row, dict)]


def _paths(components: tuple[Component, ...], level: Answers, prefix: str = "") -> Iterator[str]:
    for component in components:
        path = prefix + own_path(component)
        yield path
        if isinstance(component, Rows):
            for number, row in enumerate(rows_of(level, component)):
                yield from _paths(component.components, row, f"{path}.{number}.")
        elif isinstance(component, Group):
            inner = level if component.path is None else level.get(component.path)
            inside = inner if isinstance(inner, dict) else {}
            yield from _paths(component.components, inside, prefix if component.path is None else f"{path}.")
