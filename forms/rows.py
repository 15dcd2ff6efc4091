"""Buttons that change rows work without script: the page is posted, changed here and shown again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import cast

from forms.context import Choice, FormContext
from forms.initial import Texts, as_text, as_texts
from forms.model import Field, Form, Rows, inline, walk
from forms.posted import ManyValues, Posted, nest

COMMANDS = ("_add", "_remove", "_fill", "_open", "_bring", "_drop")


def apply_row_command(form: Form, posted: Posted, context: FormContext) -> Texts | None:
    """Return the posted texts after the pressed row button, None when another button was pressed.

    `_add=hazards` a blank row · `_remove=hazards-0` that row goes · `_fill=baseline` the first choice where
    nothing is chosen · `_open=baseline-3` a row of another list about this one · `_bring=hazards-0` what the
    chosen library entry brings · `_drop=photos:ID` one file goes.
    """
    pressed = _pressed(posted)
    if pressed is None:
        return None
    command, target = pressed
    texts = as_texts(form, nest(form, posted), context)
    if command == "_drop":
        _drop(texts, target)
    else:
        path, _, number = target.partition("-")
        rows = next(
            (part for part in walk(form.components) if isinstance(part, Rows) and part.path == path), None
        )
        if rows is not None:
            _change(form, texts, rows, command, int(number) if number.isdecimal() else -1, context)
    return texts


def _pressed(posted: Posted) -> tuple[str, str] | None:
    for command in COMMANDS:
        sent = posted.getlist(command) if isinstance(posted, ManyValues) else [posted.get(command)]
        if sent and sent[-1]:
            return command, str(sent[-1])
    return None


def _change(form: Form, texts: Texts, rows: Rows, command: str, number: int, context: FormContext) -> None:
    entries = cast("list[Texts]", texts.get(rows.path) or [])
    row = entries[number] if 0 <= number < len(entries) else None
    if command == "_add" and rows.source is None and len(entries) < rows.max_rows:
        entries.append(blank_row(rows))
    elif command == "_remove" and rows.source is None and row is not None:
        entries.remove(row)
    elif command == "_fill":
        _fill(rows, entries, context)
    elif command == "_open" and row is not None:
        _open(form, texts, rows, str(row.get("item")), context)
    elif command == "_bring" and row is not None:
        for field in _pickers(rows):
            _bring(row, _chosen(context, field, row))
    texts[rows.path] = entries


def opening_links(form: Form) -> dict[str, str]:
    """Return, per list that opens rows of another, the key there that holds the item."""
    lists = {part.path: part for part in walk(form.components) if isinstance(part, Rows)}
    links = {}
    for rows in lists.values():
        target = lists.get(rows.opens or "")
        link = next((one for one in _fields(target) if one.source == rows.source), None) if target else None
        if link is not None:
            links[rows.path] = link.key
    return links


def blank_row(rows: Rows) -> Texts:
    """Return a new row with its defaults."""
    return {field.key: as_text(field.default) for field in _fields(rows) if field.key}


def _fill(rows: Rows, entries: list[Texts], context: FormContext) -> None:
    for field in _fields(rows):
        if field.widget == "conformity":
            listed = [option.value for option in field.options]
            listed += [choice.value for choice in context.choices(field.source)] if field.source else []
            for entry in entries:
                entry[field.key] = entry.get(field.key) or (listed[0] if listed else "")


def _open(form: Form, texts: Texts, rows: Rows, item: str, context: FormContext) -> None:
    lists = {part.path: part for part in walk(form.components) if isinstance(part, Rows)}
    target, link = lists.get(rows.opens or ""), opening_links(form).get(rows.path)
    listed = context.choices(rows.source) if rows.source else []
    choice = next((choice for choice in listed if choice.value == item), None)
    if target is None or link is None or choice is None:
        return
    opened = cast("list[Texts]", texts.get(target.path) or [])
    if all(row.get(link) != item for row in opened):
        row = {**blank_row(target), link: item}
        _bring(row, choice)
        texts[target.path] = [*opened, row]


def _bring(row: Texts, choice: Choice | None) -> None:
    """Fill what is still empty with what a choice brings; nothing that was typed is lost."""
    for name, fact in (choice.facts if choice else {}).items():
        if name in row and not row[name]:
            row[name] = as_text(fact)


def _chosen(context: FormContext, field: Field, row: Mapping[str, object]) -> Choice | None:
    listed = context.choices(field.source) if field.source else []
    return next((choice for choice in listed if choice.value == row.get(field.key)), None)


def _pickers(rows: Rows) -> Iterator[Field]:
    return (field for field in _fields(rows) if field.widget == "template-picker")


def _fields(rows: Rows) -> Iterator[Field]:
    return (part for part in inline(rows.components) if isinstance(part, Field))


def _drop(texts: Texts, target: str) -> None:
    name, _, file_id = target.partition(":")
    holder: object = texts
    *path, key = name.split("-")
    for part in path:
        if isinstance(holder, list) and part.isdecimal() and int(part) < len(holder):
            holder = holder[int(part)]
        elif isinstance(holder, dict):
            holder = holder.get(part)
    if isinstance(holder, dict) and isinstance(held := holder.get(key), list):
        holder[key] = [id_ for id_ in held if id_ != file_id]
    elif isinstance(holder, dict) and holder.get(key) == file_id:
        holder[key] = ""
