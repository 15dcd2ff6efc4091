"""The bounds of an evaluation, and what counts them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from itertools import chain
from typing import Any, Protocol

from msgspec import Struct, field

from feel.costs import CHARACTERS_PER_FUEL, ITEMS_PER_FUEL, WARN_FUEL
from feel.errors import FeelLimitError, NullReason
from feel.nodes import Span
from feel.spelling import nearest

TEXT = 4_000
NODES = 1_000
NESTING = 60
DEPTH = 100
FRAMES = 800
FUEL = 50_000
ADVANCE_FUEL = 200_000
STRING = 100_000
LIST = 10_000
CONTEXT = 1_000
RANGE = 10_000
DIGITS = 100
EXPONENT = 10_000
PATTERN = 200
WARNINGS = 50
SUGGESTIONS = 10
DATA_NESTING = 60


class Pattern(Protocol):
    """A compiled regular expression of the host's RE2: the part of it that FEEL needs."""

    @property
    def programsize(self) -> int:
        """Return the number of instructions: what compiling may have cost."""

    @property
    def groups(self) -> int:
        """Return the number of groups in the pattern."""

    def search(self, string: str, /) -> Any:  # noqa: ANN401 - a match object of the host's own engine
        """Return the first match, or None."""

    def finditer(self, string: str, /) -> Any:  # noqa: ANN401 - match objects of the host's own engine
        """Yield every match in turn."""


class HostFunction(Struct, frozen=True):
    """A function of the host: the names of its parameters in FEEL, and what computes it.

    It takes values of Python and gives them; a `ValueError` makes the call null, with the message as the reason.
    With `kinds` of FEEL an argument of another kind, null included, makes the call null before it is made.
    """

    parameters: tuple[str, ...]
    call: Callable[..., Any]
    kinds: tuple[str, ...] = ()


class Host(Struct, frozen=True):
    """What the surroundings lend to expressions: named functions, a regex engine, the instant of the command.

    `patterns` takes a pattern in RE2 syntax and gives a compiled pattern, or None if it is not valid.
    """

    functions: Mapping[str, HostFunction] = field(default_factory=dict)
    patterns: Callable[[str], Pattern | None] | None = None
    now: datetime | None = None


PLAIN = Host()


class Meter:
    """The fuel that several evaluations share: all expressions of one command."""

    __slots__ = ("fuel",)

    def __init__(self, fuel: int = ADVANCE_FUEL) -> None:
        self.fuel = fuel


class Run:
    """One evaluation under way: its fuel, its depth, its warnings and its host."""

    __slots__ = (
        "calls", "explaining", "fuel", "hinting", "host", "meter", "names", "patterns", "stack", "start", "tables",
        "warnings",
    )  # fmt: skip

    def __init__(self, host: Host, meter: Meter | None = None, *, explaining: bool = False) -> None:
        self.host = host
        self.meter = meter
        self.explaining = explaining
        self.hinting = True
        self.start = self.fuel = FUEL if meter is None else min(FUEL, meter.fuel)
        self.calls = 0
        self.stack = 0
        self.names: Iterable[str] = ()
        self.tables: list[Any] = []
        self.patterns: dict[tuple[str, str], Any] = {}
        self.warnings: dict[tuple[str, Span], NullReason] = {}

    def spend(self, fuel: int) -> None:
        """Take fuel away; raises FeelLimitError when there is none left."""
        self.fuel -= fuel
        if self.fuel < 0:
            raise FeelLimitError("fuel", self.start)

    def settle(self) -> None:
        """Charge the shared meter for what this evaluation took, at least 1."""
        if self.meter is not None:
            self.meter.fuel -= self.start - self.fuel or 1

    def warn(self, code: str, span: Span, detail: str = "", suggestion: str = "") -> None:
        """Note why a part became null, once for each part; the first fifty are kept."""
        self.spend(WARN_FUEL)
        if len(self.warnings) < WARNINGS:
            self.warnings.setdefault((code, span), NullReason(code, *span, detail, suggestion))

    def warn_of_name(self, code: str, span: Span, name: str, *known: Iterable[str]) -> None:
        """Note that nobody knows a name, and which of the known ones may have been meant, if anybody is told.

        Names of a scope may cost much: facts of a case are read when somebody asks which there are.
        """
        if self.hinting and (code, span) not in self.warnings and len(self.warnings) < SUGGESTIONS:
            self.warnings[code, span] = NullReason(code, *span, name, nearest(name, chain(*known)))
        self.warn(code, span, name)

    @contextmanager
    def aside(self) -> Iterator[None]:
        """Evaluate something whose reasons for null are of no interest."""
        outer, self.warnings = self.warnings, {}
        try:
            yield
        finally:
            self.warnings = outer

    def refuse_longer_text(self, length: int) -> None:
        """Raise FeelLimitError if a text of this length, which is about to be made, is too long."""
        if length > STRING:
            raise FeelLimitError("string", STRING)

    def sized_text(self, text: str) -> str:
        """Return the text, charged by its length; raises FeelLimitError if it is too long."""
        self.refuse_longer_text(len(text))
        self.spend(len(text) // CHARACTERS_PER_FUEL)
        return text

    def sized_list(self, items: list[Any]) -> list[Any]:
        """Return the list, charged by its length; raises FeelLimitError if it is too long."""
        if len(items) > LIST:
            raise FeelLimitError("list", LIST)
        self.spend(len(items) // ITEMS_PER_FUEL)
        return items

    def sized_context(self, entries: dict[str, Any]) -> dict[str, Any]:
        """Return the context, charged by its size; raises FeelLimitError if it has too many entries."""
        if len(entries) > CONTEXT:
            raise FeelLimitError("context", CONTEXT)
        self.spend(len(entries) * 2 // ITEMS_PER_FUEL)
        return entries

    def sized(self, value: Any) -> Any:  # noqa: ANN401 - a FEEL value of any kind
        """Return a value, charged by its size if it has one; raises FeelLimitError if it is too large."""
        kind = type(value)
        if kind is str:
            return self.sized_text(value)
        if kind is list:
            return self.sized_list(value)
        return self.sized_context(value) if kind is dict else value
