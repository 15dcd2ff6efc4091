"""XPath's regular expressions in the syntax of RE2, with a measure of what a character of text may cost."""

from __future__ import annotations

from typing import NamedTuple

from feel.builtins import characters
from feel.builtins.characters import (
    BLOCKS,
    CATEGORIES,
    Piece,
    Ranges,
    complement,
    difference,
    of_categories,
    of_ranges,
    union,
)

META = frozenset("\\.^$|?*+()[]{}")
BLANKS = frozenset(" \t\n\r")
CONTROLS = {"n": 0xA, "r": 0xD, "t": 0x9}
LITERALS = META | {"-"}
SHORTER = {characters.WORD.text: f"^{characters.NO_WORD.text}"}  # a quarter of the program for RE2
NOWHERE: Ranges = ((0xE000, 0xE000),)  # RE2 has no empty class; nobody uses this private code point


class Translated(NamedTuple):
    """A pattern for RE2, and how many places of it a character of the text may be compared with."""

    text: str
    positions: int


class UntranslatableError(ValueError):
    """A pattern is no XPath pattern, or RE2 has nothing like it: a back-reference, a look around."""


def translated(source: str, flags: str) -> Translated:
    """Return an XPath pattern in the syntax of RE2; raises UntranslatableError for what is wrong or RE2 cannot do."""
    inline = "".join(flag for flag in ("i" if "q" in flags else "ims") if flag in flags)
    prefix = f"(?{inline})" if inline else ""
    if "q" in flags:
        plain = "".join("\\" + sign if sign in META else sign for sign in source)
        return Translated(prefix + plain, len(source))
    walk = _Translation(_without_blanks(source) if "x" in flags else source)
    return Translated(prefix + walk.whole(), walk.groups[0])


class _Translation:
    """A walk over an XPath pattern; `groups` holds the positions in each group that is open, and the last one's."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.place = 0
        self.groups = [0]
        self.last = 0

    def whole(self) -> str:
        """Return the translated pattern."""
        parts = []
        while self.place < len(self.source):
            sign = self.source[self.place]
            if sign == "\\":
                parts.append(self._atom(self._lone_escape()))
            elif sign == "[":
                parts.append(self._atom(f"[{self._class().text}]"))
            elif sign in "()":
                parts.append(self._group(sign))
            else:
                parts.append(self._plain(sign))
        if len(self.groups) > 1:
            raise UntranslatableError
        return "".join(parts)

    def _atom(self, text: str) -> str:
        self.last = 1
        self.groups[-1] += 1
        return text

    def _group(self, sign: str) -> str:
        self.place += 1
        if sign == "(":
            ahead = self.source[self.place : self.place + 2]
            if ahead.startswith("?") and ahead != "?:":
                raise UntranslatableError
            self.groups.append(0)
            self.place += 2 * (ahead == "?:")
            return "(?:" if ahead == "?:" else "("
        if len(self.groups) == 1:
            raise UntranslatableError
        self.last = self.groups.pop()
        self.groups[-1] += self.last
        return ")"

    def _plain(self, sign: str) -> str:
        if sign in "]}":
            raise UntranslatableError
        if sign == "{":
            return self._count()
        self.place += 1
        return sign if sign in "?*+|" else self._atom(sign)

    def _count(self) -> str:
        """Return `{n}`, `{n,}` or `{n,m}`; a brace means nothing else."""
        end = self.source.find("}", self.place)
        least, comma, most = self.source[self.place + 1 : max(end, 0)].partition(",")
        if end < 0 or not _is_count(least) or (most and not _is_count(most)):
            raise UntranslatableError
        self.place = end + 1
        times = max(int(most or least), 1)
        self.groups[-1] += self.last * (times - 1)
        self.last *= times
        return f"{{{least}{comma}{most}}}"

    def _lone_escape(self) -> str:
        found = self._escape()
        if isinstance(found, int):
            return f"\\x{{{found:x}}}"
        return f"[{SHORTER.get(found.text, found.text)}]"

    def _escape(self) -> int | Piece:
        """Return what a backslash stands for: one code point, or a set."""
        letter = self.source[self.place + 1 : self.place + 2]
        self.place += 2
        if letter in LITERALS and letter:
            return ord(letter)
        if letter in CONTROLS:
            return CONTROLS[letter]
        found = self._property(letter) if letter in ("p", "P") else characters.escaped(letter or "?")
        if found is None:
            raise UntranslatableError
        return found

    def _property(self, letter: str) -> Piece | None:
        end = self.source.find("}", self.place)
        name = self.source[self.place + 1 : max(end, 0)]
        if not self.source.startswith("{", self.place):
            return None
        self.place = end + 1
        if name in CATEGORIES:
            return of_categories(name, negated=letter == "P")
        if not name.startswith("Is") or name[2:] not in BLOCKS:
            return None
        block = (BLOCKS[name[2:]],)
        return of_ranges(complement(block) if letter == "P" else block)

    def _class(self) -> Piece:
        """Return a character class, with what is subtracted from it taken out."""
        self.place += 1
        negated = self.source.startswith("^", self.place)
        self.place += negated
        parts: list[Piece] = []
        while not self.source.startswith("]", self.place) or not parts:
            if self.source.startswith("-[", self.place) and parts:
                return self._subtracted(_joined(parts, negated=negated))
            parts.append(self._piece())
        self.place += 1
        return _joined(parts, negated=negated)

    def _subtracted(self, base: Piece) -> Piece:
        self.place += 1
        taken = self._class()
        if not self.source.startswith("]", self.place):
            raise UntranslatableError
        self.place += 1
        return of_ranges(difference(base.members(), taken.members()) or NOWHERE)

    def _piece(self) -> Piece:
        """Return one character, range or escape inside of a class."""
        first = self._member()
        if not isinstance(first, int):
            return first
        ahead = self.source[self.place : self.place + 2]
        if not ahead.startswith("-") or ahead in ("-]", "-["):
            return of_ranges(((first, first),))
        self.place += 1
        last = self._member()
        if not isinstance(last, int) or last < first:
            raise UntranslatableError
        return of_ranges(((first, last),))

    def _member(self) -> int | Piece:
        sign = self.source[self.place : self.place + 1]
        if sign == "\\":
            return self._escape()
        if sign in ("", "[", "]"):
            raise UntranslatableError
        self.place += 1
        return ord(sign)


def _joined(parts: list[Piece], *, negated: bool) -> Piece:
    text = "".join(part.text for part in parts)

    def members() -> Ranges:
        found = union(*(part.members() for part in parts))
        return complement(found) if negated else found

    return Piece(f"^{text}" if negated else text, members)


def _is_count(text: str) -> bool:
    return text.isascii() and text.isdigit()


def _without_blanks(source: str) -> str:
    """Return the pattern without white space outside of classes: the meaning of flag x."""
    parts = []
    depth = 0
    escaped = False
    for sign in source:
        if not depth and sign in BLANKS:
            continue
        if not escaped:
            depth += (sign == "[") - (sign == "]")
        escaped = sign == "\\" and not escaped
        parts.append(sign)
    return "".join(parts)
