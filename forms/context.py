"""What a form is answered against: facts, choices, files and the time, all handed in by the caller."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime

from msgspec import Struct, field

import feel
from rules import vocabulary


class Choice(Struct, frozen=True):
    """One answer that may be chosen; `facts` are what choosing it brings along, `about` a sentence under a row."""

    value: str
    label: str
    group: str = ""
    note: str = ""
    about: str = ""
    facts: Mapping[str, object] = field(default_factory=dict)


class FileFacts(Struct, frozen=True):
    """What a form shows of an uploaded file."""

    id: str
    name: str
    media_type: str
    url: str = ""
    thumb: str = ""
    taken_at: datetime | None = None


class FormContext(Struct, frozen=True):
    """Everything that a form reads and does not ask.

    `now` is aware; `today` its date in Asia/Shanghai; `choices` answers for vocabularies and host lists.
    """

    variables: Mapping[str, object]
    choices: Callable[[str], Sequence[Choice]]
    files: Callable[[str], FileFacts | None]
    now: datetime
    today: date
    feel_host: feel.Host
    prefill: Mapping[str, object] = field(default_factory=dict)


def choices_from(host_lists: Mapping[str, Sequence[Choice]]) -> Callable[[str], Sequence[Choice]]:
    """Return a source of choices: the lists given here first, then the vocabulary of that name."""

    def choices(name: str) -> Sequence[Choice]:
        if name in host_lists:
            return host_lists[name]
        grouped = vocabulary.grouped_choices(name)
        return [Choice(code, label, group) for group, words in grouped for code, label in words]

    return choices
