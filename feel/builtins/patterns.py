"""Regular expressions of XPath, compiled by the host's engine. Never Python's `re`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from msgspec import Struct

from feel.builtins.registry import RefusedError
from feel.builtins.xpath import UntranslatableError, translated
from feel.costs import (
    INSTRUCTIONS_PER_FUEL,
    MATCH_FUEL,
    PATTERN_FUEL,
    POSITIONS_PER_FUEL,
    REFUSED_PATTERN_FUEL,
    SUBTRACTION_FUEL,
    TRANSLATION_FUEL,
)
from feel.limits import PATTERN, Pattern, Run

FLAGS = frozenset("smixq")


class Matcher(Struct, frozen=True):
    """A compiled pattern with its price: RE2 is linear, but in the text and in the pattern."""

    pattern: Pattern
    positions: int

    def search(self, run: Run, text: str) -> bool:
        """Tell whether the pattern is found in the text."""
        self._pay(run, len(text))
        return self.pattern.search(text) is not None

    def matches(self, run: Run, text: str) -> Iterable[Any]:
        """Yield every match in turn."""
        self._pay(run, len(text))
        place = 0
        for match in self.pattern.finditer(text):
            self._pay(run, match.end() - place)
            place = match.end()
            yield match

    def _pay(self, run: Run, characters: int) -> None:
        run.spend(MATCH_FUEL + (characters + MATCH_FUEL) * self.positions // POSITIONS_PER_FUEL)


def matcher(run: Run, source: str, flags: str | None) -> Matcher:
    """Return the compiled pattern; raises RefusedError without an engine, or if the pattern or a flag is wrong."""
    if len(source) > PATTERN or not set(flags or "") <= FLAGS:
        raise RefusedError(_short(source, flags), "pattern")
    found = run.patterns.get((source, flags or "")) or _compiled(run, source, flags or "")
    run.patterns[source, flags or ""] = found
    return found


def _compiled(run: Run, source: str, flags: str) -> Matcher:
    if run.host.patterns is None:
        raise RefusedError("没有正则引擎", "pattern")
    run.spend(_translation_fuel(source))
    try:
        text, positions = translated(source, flags)
    except UntranslatableError as error:
        raise RefusedError(_short(source, flags), "pattern") from error
    pattern = run.host.patterns(text)
    if pattern is None:
        run.spend(REFUSED_PATTERN_FUEL)
        raise RefusedError(_short(source, flags), "pattern")
    run.spend(PATTERN_FUEL + pattern.programsize // INSTRUCTIONS_PER_FUEL)
    return Matcher(pattern, positions)


def _translation_fuel(source: str) -> int:
    """Return what it costs to translate a pattern; a subtraction computes with the sets on both its sides."""
    subtractions = source.count("-[")
    return TRANSLATION_FUEL + SUBTRACTION_FUEL * (subtractions and subtractions + source.count("\\"))


def _short(source: str, flags: str | None) -> str:
    return f"{source[:40]} {flags or ''}".rstrip()
