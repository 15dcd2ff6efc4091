"""Regular expressions: XPath syntax translated to RE2's, compiled by the host's engine. Never Python's `re`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Protocol

from feel.builtins.registry import RefusedError
from feel.limits import PATTERN, Run

FLAGS = frozenset("smixq")
META = frozenset("\\.^$|?*+()[]{}")
CLASSES = {
    "i": r"\p{L}_:",
    "c": r"\p{L}\p{M}\p{Nd}_:.\-·",
}
BLOCKS = {
    "BasicLatin": (0x0000, 0x007F),
    "Latin-1Supplement": (0x0080, 0x00FF),
    "LatinExtended-A": (0x0100, 0x017F),
    "LatinExtended-B": (0x0180, 0x024F),
    "Greek": (0x0370, 0x03FF),
    "Cyrillic": (0x0400, 0x04FF),
    "Hebrew": (0x0590, 0x05FF),
    "Arabic": (0x0600, 0x06FF),
    "Thai": (0x0E00, 0x0E7F),
    "Hiragana": (0x3040, 0x309F),
    "Katakana": (0x30A0, 0x30FF),
    "HangulSyllables": (0xAC00, 0xD7AF),
    "CJKSymbolsandPunctuation": (0x3000, 0x303F),
    "CJKUnifiedIdeographs": (0x4E00, 0x9FFF),
}


class Matcher(Protocol):
    """A compiled pattern of the host."""

    def search(self, string: str, /) -> Any:  # noqa: ANN401 - a match object of the host's own engine
        """Return the first match, or None."""

    def finditer(self, string: str, /) -> Iterable[Any]:
        """Yield every match in turn."""


def pattern(run: Run, source: str, flags: str | None) -> Matcher:
    """Return the compiled pattern; raises RefusedError without an engine, or if the pattern or a flag is wrong."""
    if run.host.patterns is None or len(source) > PATTERN or not set(flags or "") <= FLAGS:
        raise RefusedError(source[:40])
    run.spend(20)
    compiled = run.host.patterns(translated(source, flags or ""))
    if compiled is None:
        raise RefusedError(source[:40])
    return compiled


def translated(source: str, flags: str) -> str:
    """Return an XPath pattern in the syntax of RE2; raises RefusedError for what RE2 cannot do."""
    inline = "".join(flag for flag in "ims" if flag in flags)
    prefix = f"(?{inline})" if inline else ""
    if "q" in flags:
        return prefix + "".join("\\" + sign if sign in META else sign for sign in source)
    if "x" in flags:
        source = _without_space(source)
    return prefix + _Translation(source).whole()


class _Translation:
    """A walk over an XPath pattern."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.place = 0

    def whole(self) -> str:
        """Return the translated pattern."""
        parts = []
        while self.place < len(self.source):
            sign = self.source[self.place]
            if sign == "\\":
                parts.append(self._escape(inside=False))
            elif sign == "[":
                parts.append(self._class())
            elif self.source.startswith("(?", self.place) and not self.source.startswith("(?:", self.place):
                raise RefusedError(self.source[self.place : self.place + 4])
            else:
                parts.append(sign)
                self.place += 1
        return "".join(parts)

    def _escape(self, *, inside: bool) -> str:
        letter = self.source[self.place + 1 : self.place + 2]
        self.place += 2
        if letter.isdigit() or not letter:
            raise RefusedError(f"\\{letter}")
        if letter in "pP" and self.source.startswith("{Is", self.place):
            return self._block(letter, inside=inside)
        if letter.lower() in CLASSES:
            return self._name_class(letter, inside=inside)
        return f"\\{letter}"

    def _block(self, letter: str, *, inside: bool) -> str:
        end = self.source.find("}", self.place)
        bounds = BLOCKS.get(self.source[self.place + 3 : end])
        if end < 0 or bounds is None or (inside and letter == "P"):
            raise RefusedError(self.source[self.place : end + 1])
        self.place = end + 1
        body = f"\\x{{{bounds[0]:x}}}-\\x{{{bounds[1]:x}}}"
        return body if inside else f"[{'^' if letter == 'P' else ''}{body}]"

    def _name_class(self, letter: str, *, inside: bool) -> str:
        body = CLASSES[letter.lower()]
        if inside and letter.isupper():
            raise RefusedError(f"\\{letter}")
        return body if inside else f"[{'^' if letter.isupper() else ''}{body}]"

    def _class(self) -> str:
        """Return a character class; a subtraction has no twin in RE2."""
        parts = ["["]
        self.place += 1
        if self.source.startswith("^", self.place):
            parts.append("^")
            self.place += 1
        while self.place < len(self.source) and self.source[self.place] != "]":
            sign = self.source[self.place]
            if sign == "[":
                raise RefusedError("[…-[…]]")
            parts.append(self._escape(inside=True) if sign == "\\" else sign)
            self.place += sign != "\\"
        if self.place >= len(self.source):
            raise RefusedError("[")
        self.place += 1
        return "".join([*parts, "]"])


def _without_space(source: str) -> str:
    """Return the pattern without white space outside of classes: the meaning of flag x."""
    parts = []
    depth = 0
    for sign in source:
        depth += (sign == "[") - (sign == "]")
        if depth or not sign.isspace():
            parts.append(sign)
    return "".join(parts)
