"""A form as it stands on the page: every part with its value, its error and whether it is shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from markupsafe import Markup, escape
from msgspec import Struct, field

from forms.conditions import Evaluator
from forms.context import FileFacts
from forms.model import Component, Field, Group, Kind, Rows, Static
from forms.posted import html_name
from forms.reading import Answers, Reader
from forms.visibility import hidden_on_level, own_path, rows_of
from forms.widgets import is_fieldset
from forms.wording import fill, in_words

Bound: TypeAlias = Any  # a level, list or field of WTForms, which ships no types
NEW_ROW = "__row__"  # stands for the number in the row that script copies


class Node(Struct, frozen=True):
    """One part of the page. `kind` names the macro that draws it."""

    kind: str
    spec: Any  # Field, Group, Rows or Static, as the kind says
    path: str
    hidden: bool = False
    error: str = ""
    optional: bool = False
    control: Bound = None
    files: tuple[FileFacts, ...] = ()
    words: str | Markup = ""
    fieldset: bool = False
    children: tuple[Node, ...] = ()
    rows: tuple[RowNode, ...] = ()
    new_row: RowNode | None = None
    link: str = ""  # of a list that opens rows of another: the key there that holds our item
    table: tuple[tuple[str, ...], ...] = ()

    @property
    def name(self) -> str:
        """Return the name of the control in the posted form."""
        return html_name(self.path)

    @property
    def id(self) -> str:
        """Return the id that errors link to."""
        return "f-" + self.name.replace("#", "part-")


class RowNode(Struct, frozen=True):
    """One row of a list: its title in words, its group heading and its parts; `about` stands under the title."""

    number: int | str
    title: str
    group: str
    badge: str
    children: tuple[Node, ...]
    facts: Mapping[str, object] = field(default_factory=dict)
    about: str = ""


class Builder(Struct):
    """Builds the nodes of a form, level by level."""

    evaluator: Evaluator
    reader: Reader
    answers: Answers
    hidden: set[str]
    errors: Mapping[str, str]
    links: Mapping[str, str]

    def nodes(
        self, components: Sequence[Component], bound: Bound, level: Answers, prefix: str = ""
    ) -> tuple[Node, ...]:
        """Return the nodes of one level; `bound` holds its WTForms fields."""
        return tuple(self._node(component, bound, level, prefix) for component in components)

    def _node(self, component: Component, bound: Bound, level: Answers, prefix: str) -> Node:
        path = prefix + own_path(component)
        hidden = path in self.hidden
        match component:
            case Field():
                return self._field(component, bound, level, path, prefix=prefix, hidden=hidden)
            case Rows():
                return self._rows(component, bound[component.path], level, path, hidden=hidden)
            case Static():
                return self._static(component, path, level if prefix else None, hidden=hidden)
            case Group():
                children = self._inside(component, bound, level, prefix)
                return Node(_group_kind(component, children), component, path, hidden, children=children)

    def _inside(self, group: Group, bound: Bound, level: Answers, prefix: str) -> tuple[Node, ...]:
        if group.path is None:
            return self.nodes(group.components, bound, level, prefix)
        inner = level.get(group.path)
        answers = inner if isinstance(inner, dict) else {}
        return self.nodes(group.components, bound[group.path].form, answers, f"{prefix}{group.path}.")

    def _field(
        self, spec: Field, bound: Bound, level: Answers, path: str, *, prefix: str, hidden: bool
    ) -> Node:
        scope = self.evaluator.scope(self.answers, level if prefix else None)
        if spec.kind is Kind.EXPRESSION:
            words = in_words(self.evaluator.value(spec.expression or "null", scope))
            return Node("fact" if spec.widget == "fact" else "computed", spec, path, hidden, words=words)
        if spec.readonly:
            return Node("fact", spec, path, hidden, words=self._choice_words(spec, level.get(spec.key)))
        control = bound[spec.key]
        needed = spec.required or self.evaluator.holds(spec.required_when, scope)
        return Node(
            "unseen" if spec.widget == "hidden" else "field",
            spec,
            path,
            hidden,
            error=self.errors.get(path, ""),
            optional=not needed,
            control=control,
            files=self._files(spec, control.data),
            fieldset=is_fieldset(spec, control.listed),
        )

    def _files(self, spec: Field, data: object) -> tuple[FileFacts, ...]:
        if spec.kind not in {Kind.FILES, Kind.SIGNATURE}:
            return ()
        ids = data if isinstance(data, list) else [data]
        found = (self.evaluator.context.files(str(id_)) for id_ in ids if id_)
        return tuple(facts for facts in found if facts is not None)

    def _choice_words(self, spec: Field, value: object) -> str:
        labels = {choice.value: choice.label for choice in self.reader.choices(spec)}
        return labels.get(str(value), in_words(value))

    def _static(self, static: Static, path: str, row: Answers | None, *, hidden: bool) -> Node:
        scope = self.evaluator.scope(self.answers, row)
        if static.kind == "table":
            value = self.evaluator.value(static.content, scope)
            lines = [line for line in value if isinstance(line, Mapping)] if isinstance(value, list) else []
            table = tuple(
                tuple(in_words(line.get(column.value)) for column in static.columns) for line in lines
            )
            return Node("table", static, path, hidden, table=table)
        if static.kind == "html":
            cleaned = fill(static.content, lambda text: escape(in_words(self.evaluator.value(text, scope))))
            return Node("html", static, path, hidden, words=Markup(cleaned))  # noqa: S704 — nh3 cleaned it, values escaped
        words = self.evaluator.text(static.content, scope) if static.kind == "text" else static.content
        return Node(static.kind, static, path, hidden, words=words)

    def _rows(self, rows: Rows, bound: Bound, level: Answers, path: str, *, hidden: bool) -> Node:
        answers = rows_of(level, rows)
        built = tuple(
            self._row(rows, number, entry.form, answer, path)
            for number, (entry, answer) in enumerate(zip(bound.entries, answers, strict=False))
        )
        blank = None
        if rows.source is None:
            form = bound.unbound_field.args[0](prefix=f"{html_name(path)}-{NEW_ROW}-")
            blank = RowNode(NEW_ROW, "", "", "", self._blank(rows, form, path))
        return Node(
            _rows_kind(rows),
            rows,
            path,
            hidden,
            error=self.errors.get(path, ""),
            rows=built,
            new_row=blank,
            link=self.links.get(path, ""),
        )

    def _blank(self, rows: Rows, bound: Bound, path: str) -> tuple[Node, ...]:
        empty, prefix = self.reader.blank(rows), f"{path}.{NEW_ROW}."
        self.hidden |= set(hidden_on_level(rows.components, empty, self.answers, self.evaluator, prefix))
        return self.nodes(rows.components, bound, empty, prefix)

    def _row(self, rows: Rows, number: int, bound: Bound, level: Answers, path: str) -> RowNode:
        children = self.nodes(rows.components, bound, level, f"{path}.{number}.")
        if rows.source is not None:
            choice = self.reader.listed(rows.source)[number]
            return RowNode(
                number, choice.label, choice.group, choice.note, children, choice.facts, choice.about
            )
        badge = next((_chosen(node) for node in children if node.spec.widget == "level"), "")
        return RowNode(number, _title(children), "", badge, children)


def _group_kind(group: Group, children: Sequence[Node]) -> str:
    if group.widget == "facts":
        return "facts"
    only_lists = children and all(child.kind in {"fixed_rows", "baseline"} for child in children)
    return "nothing" if only_lists and not any(child.rows for child in children) else "section"


def _rows_kind(rows: Rows) -> str:
    if rows.source is None:
        return "free_rows"
    return "baseline" if rows.widget == "baseline" else "fixed_rows"


def _title(children: Sequence[Node]) -> str:
    """Return what a row is about: the library entry that was chosen, else the first long text."""
    picked = [_chosen(node) for node in children if node.spec.widget == "template-picker"]
    written = [str(node.control.data or "") for node in children if _is_long(node)]
    title = next((text for text in [*picked, *written] if text), "")
    return title.split("\n", 1)[0][:24]


def _is_long(node: Node) -> bool:
    return node.control is not None and node.spec.kind is Kind.LONG_TEXT


def _chosen(node: Node) -> str:
    if node.control is None:
        return ""
    return next((choice.label for choice in node.control.listed if choice.value == node.control.data), "")
