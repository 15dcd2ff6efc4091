"""The page of a verb: what it will do, who loses which work, what has to be said; one form for all verbs.

A verb enters itself in `SHEETS` with what its form shows and the command that it gives.
"""

from collections.abc import Callable
from typing import Any  # Any: a posted form
from uuid import UUID

from msgspec import Struct
from werkzeug.datastructures import MultiDict

from webapp.sheets import Sheet
from workflows.people import Actor
from workflows.runtime import Runtime
from workflows.verbs.offer import Asker, Verb

Form = MultiDict[str, Any]  # Any: a part of a form is a text or a file


class Given(Struct, frozen=True):
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
