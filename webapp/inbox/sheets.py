"""The page of a verb: what it will do, who loses which work, what has to be said; one form for all verbs.

A verb enters itself in `SHEETS` with what its form shows and the command that it gives.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any  # Any: a posted form
from uuid import UUID

from werkzeug.datastructures import MultiDict

from workflows.people import Actor
from workflows.runtime import Runtime
from workflows.verbs.offer import Asker, Verb

Form = MultiDict[str, Any]  # Any: a part of a form is a text or a file


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several to choose from; `notes` say what follows, `reason` why it may not be chosen."""

    value: str
    title: str
    notes: tuple[str, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Pick:
    """A question with choices: radio buttons, or boxes where several may be chosen."""

    name: str
    label: str
    choices: tuple[Choice, ...]
    many: bool = False
    is_needed: bool = False
    hint: str = ""
    nobody: str = ""
    """What is said where there is nothing to choose from."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """The form of a verb."""

    title: str
    explains: str
    button: str
    picks: tuple[Pick, ...] = ()
    reason_label: str = ""
    """The label of the text; empty where none is asked for."""
    reason_optional: bool = False
    losses: tuple[str, ...] = ()
    """Who loses which work, one sentence each."""
    hidden: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Given:
    """A posted form, with the item or case it is about."""

    target: UUID
    version: int
    key: str
    fields: Form

    def text(self, name: str) -> str:
        """Return a field's text."""
        return str(self.fields.get(name, ""))

    def texts(self, name: str) -> list[str]:
        """Return all values of a field."""
        return [str(value) for value in self.fields.getlist(name)]


Show = Callable[[Asker], Sheet]
CarryOut = Callable[[Runtime, Given, Actor], str]
"""Gives the command; returns what the person is told then."""

SHEETS: dict[Verb, tuple[Show, CarryOut]] = {}


def enter(verb: Verb, show: Show, carry_out: CarryOut) -> None:
    """Give a verb its page."""
    SHEETS[verb] = (show, carry_out)
