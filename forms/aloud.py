"""Read given answers aloud: the questions of their form with the answers in words, for pages that show them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime

from msgspec import Struct

from forms.context import Choice, FileFacts
from forms.model import Component, Field, Form, Group, Kind, Rows
from forms.wording import in_words

UNSEEN = "hidden"


class Said(Struct, frozen=True):
    """A question and its answer: words, files, or rows of further answers."""

    label: str
    words: str = ""
    unit: str = ""
    files: tuple[FileFacts, ...] = ()
    rows: tuple[tuple[Said, ...], ...] = ()


class Part(Struct, frozen=True):
    """Answers under one heading."""

    title: str
    said: tuple[Said, ...]


class Speaker(Struct, frozen=True):
    """Where words come from: lists by name, people by id, files by id."""

    choices: Callable[[str], Sequence[Choice]]
    person: Callable[[str], str]
    file: Callable[[str], FileFacts | None]


def read_aloud(form: Form, answers: Mapping[str, object], speaker: Speaker) -> tuple[Part, ...]:
    """Return the answers that were given, in the order of the form; what was left empty is left out."""
    parts = []
    loose: list[Said] = []
    for component in form.components:
        said = tuple(_said(component, answers, speaker))
        if isinstance(component, Group):
            parts.append(Part(component.label, said))
        else:
            loose.extend(said)
    return tuple(part for part in (Part("", tuple(loose)), *parts) if part.said)


def _said(component: Component, answers: Mapping[str, object], speaker: Speaker) -> Iterator[Said]:
    match component:
        case Field() if component.stored and component.widget != UNSEEN:
            value = answers.get(component.key)
            if value not in (None, "", []):
                yield _field(component, value, speaker)
        case Group():
            inner = answers.get(component.path) if component.path is not None else answers
            for child in component.components:
                yield from _said(child, inner if isinstance(inner, Mapping) else {}, speaker)
        case Rows():
            rows = answers.get(component.path)
            told = (
                tuple(_row(component, row, speaker) for row in rows or () if isinstance(row, Mapping))
                if isinstance(rows, list)
                else ()
            )
            if any(told):
                yield Said(component.label, rows=told)
        case _:
            return


def _row(rows: Rows, row: Mapping[str, object], speaker: Speaker) -> tuple[Said, ...]:
    said = [each for component in rows.components for each in _said(component, row, speaker)]
    if rows.source is not None and said:
        said.insert(0, Said("", _word(speaker.choices(rows.source), row.get("item"), speaker)))
    return tuple(said)


def _field(field: Field, value: object, speaker: Speaker) -> Said:
    if field.kind in {Kind.FILES, Kind.SIGNATURE}:
        ids = value if isinstance(value, list) else [value]
        files = tuple(found for id_ in ids if (found := speaker.file(str(id_))) is not None)
        return Said(field.label, "" if files else "已上传，现在看不到", files=files)
    return Said(field.label, _words(field, value, speaker), field.unit)


def _words(field: Field, value: object, speaker: Speaker) -> str:
    match field.kind:
        case Kind.CHOICE | Kind.CHOICES:
            listed = [Choice(option.value, option.label) for option in field.options]
            if field.source is not None:
                listed += speaker.choices(field.source)
            many = value if isinstance(value, list) else [value]
            return "、".join(_word(listed, each, speaker) for each in many)
        case Kind.MOMENT:
            return _moment(str(value))
        case Kind.POSITION if isinstance(value, Mapping):
            return f"纬度 {value.get('latitude', '')}，经度 {value.get('longitude', '')}"
        case _:
            return in_words(value)


def _word(listed: Sequence[Choice], value: object, speaker: Speaker) -> str:
    code = str(value).lower() if isinstance(value, bool) else str(value)
    known = next((choice.label for choice in listed if choice.value == code), "")
    return known or speaker.person(code) or in_words(value)


def _moment(text: str) -> str:
    try:
        return in_words(datetime.fromisoformat(text))
    except ValueError:
        return text
