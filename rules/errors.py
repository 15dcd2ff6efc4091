"""What can be wrong with a question put to the rules; each error carries the data for a sentence."""

from dataclasses import dataclass
from datetime import date


class RulesError(Exception):
    """Base of every error that the rules raise."""

    def __str__(self) -> str:
        """Return the error's own fields, for logs; people read the wording that belongs to the page."""
        return ", ".join(f"{name}={value!r}" for name, value in vars(self).items())


@dataclass(eq=False)
class UnknownParameterError(RulesError):
    """No row of this name is in force on this day in this profile."""

    name: str
    on: date
    profile: str


@dataclass(eq=False)
class ParameterKindError(RulesError):
    """The row holds another kind of value than was asked for."""

    row_id: str
    wanted: str


@dataclass(eq=False)
class ParameterRowError(RulesError):
    """A row of parameters.toml is incomplete, has no source, or overlaps another."""

    row_id: str
    problem: str


@dataclass(eq=False)
class UnknownKindError(RulesError):
    """There is no deadline or reminder of this kind."""

    kind: str


@dataclass(eq=False)
class MissingFactError(RulesError):
    """The rule cannot be applied without this fact."""

    rule: str
    fact: str


@dataclass(eq=False)
class UnknownWordError(RulesError):
    """The vocabulary has no such enumeration or no such word in it."""

    enumeration: str
    word: str


@dataclass(eq=False)
class UnknownCodeError(RulesError):
    """A table of codes (regions, checklists, articles) has no such entry."""

    table: str
    code: str


@dataclass(eq=False)
class CalendarFileError(RulesError):
    """A calendar file says something that cannot be."""

    year: int
    problem: str


@dataclass(eq=False)
class NegativeDaysError(RulesError):
    """Working days are counted forwards only."""

    days: int


@dataclass(eq=False)
class TermOrderError(RulesError):
    """A term ends before it starts."""

    first_day: date
    last_day: date
