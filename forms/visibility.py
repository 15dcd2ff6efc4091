"""Decide which parts of a form are shown for given answers; what is hidden has no answer."""

from __future__ import annotations

from collections.abc import Iterator

from forms.conditions import Evaluator
from forms.model import Component, Field, Form, Group, Rows, Static
from forms.reading import Answers

_PASSES = 20  # a chain of conditions settles in as many passes as it has links


def hidden_paths(form: Form, answers: Answers, evaluator: Evaluator) -> set[str]:
    """Return the paths that are not shown; what a hidden field held counts as null for the others."""
    hidden: set[str] = set()
    for _ in range(_PASSES):
        seen = without_hidden(form, answers, hidden)
        found = set(hidden_on_level(form.components, seen, seen, evaluator, ""))
        if found == hidden:
            break
        hidden = found
    return hidden


def hidden_on_level(
    components: tuple[Component, ...], level: Answers, root: Answers, evaluator: Evaluator, prefix: str
) -> Iterator[str]:
    """Yield the hidden paths of one level; `root` holds the answers of the whole form."""
    scope = evaluator.scope(root, level if prefix else None)
    for component in components:
        path = prefix + own_path(component)
        if evaluator.holds(component.hide, scope):
            yield path
            if isinstance(component, Group) and component.path is None:
                yield from (prefix + key for key in _keys(component.components))
        elif isinstance(component, Group) and component.path is None:
            yield from hidden_on_level(component.components, level, root, evaluator, prefix)
        elif isinstance(component, Group):
            inner = level.get(own_path(component))
            inner = inner if isinstance(inner, dict) else {}
            yield from hidden_on_level(component.components, inner, root, evaluator, f"{path}.")
        elif isinstance(component, Rows):
            for number, row in enumerate(rows_of(level, component)):
                yield from hidden_on_level(component.components, row, root, evaluator, f"{path}.{number}.")


def own_path(component: Component) -> str:
    """Return the name of a component on its level; what has no answer goes by its id."""
    match component:
        case Field(key=key) if key:
            return key
        case Rows(path=path):
            return path
        case Group(path=str() as path):
            return path
        case Field(id=id_) | Static(id=id_) | Group(id=id_):
            return f"#{id_}"


def _keys(components: tuple[Component, ...]) -> Iterator[str]:
    for component in components:
        yield own_path(component)
        if isinstance(component, Group) and component.path is None:
            yield from _keys(component.components)


def without_hidden(form: Form, answers: Answers, hidden: set[str]) -> Answers:
    """Return a copy of the answers in which every hidden one is None."""
    return _shown(form.components, answers, hidden, "")


def _shown(components: tuple[Component, ...], level: Answers, hidden: set[str], prefix: str) -> Answers:
    copy: Answers = dict(level)
    for component in components:
        name = own_path(component)
        if isinstance(component, Group) and component.path is None:
            copy = _shown(component.components, copy, hidden, prefix)
        elif name in copy and prefix + name in hidden:
            copy[name] = None
        elif isinstance(component, Group) and isinstance(inner := copy.get(name), dict):
            copy[name] = _shown(component.components, inner, hidden, f"{prefix}{name}.")
        elif isinstance(component, Rows):
            copy[name] = [
                _shown(component.components, row, hidden, f"{prefix}{name}.{number}.")
                for number, row in enumerate(rows_of(copy, component))
            ]
    return copy


def rows_of(level: Answers, rows: Rows) -> list[Answers]:
    """Return the rows that a level holds, none when the list is hidden."""
    value = level.get(rows.path)
    return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []


def is_hidden(path: str, hidden: set[str]) -> bool:
    """Tell whether a path or something around it is hidden."""
    parts = path.split(".")
    return any(".".join(parts[: length + 1]) in hidden for length in range(len(parts)))
