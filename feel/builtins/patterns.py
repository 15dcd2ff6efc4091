"""Regular expressions: XPath syntax translated to RE2's, compiled by the host's engine. Never Python's `re`."""

from __future__ import annotations

from functools import lru_cache

from feel.builtins import characters
from feel.builtins.characters import BLOCKS, Ranges, complement, difference, pattern_class, union
from feel.builtins.registry import RefusedError
from feel.limits import PATTERN, PATTERN_FUEL, Pattern, Run

FLAGS = frozenset("smixq")
META = frozenset("\\.^$|?*+()[]{}")
BLANKS = frozenset(" \t\n\r")
CONTROLS = {"n": 0xA, "r": 0xD, "t": 0x9}
LITERALS = META | {"-"}
NO_WORD = (
    "P",
    "Z",
    "Cc",
    "Cf",
    "Co",
)  # the unassigned would make the class, and what RE2 makes of it, four times as large


def pattern(run: Run, source: str, flags: str | None) -> Pattern:
    """Return the compiled pattern; raises RefusedError without an engine, or if the pattern or a flag is wrong."""
    if run.host.patterns is None:
        raise RefusedError("没有正则引擎", "pattern")
    if len(source) > PATTERN or not set(flags or "") <= FLAGS:
        raise RefusedError(_short(source, flags), "pattern")
    run.spend(PATTERN_FUEL)
    compiled = run.host.patterns(translated(source, flags or ""))
    if compiled is None:
        raise RefusedError(_short(source, flags), "pattern")
    return compiled


@lru_cache(maxsize=256)
def translated(source: str, flags: str) -> str:
    """Return an XPath pattern in the syntax of RE2; raises RefusedError for what is wrong or RE2 cannot do."""
    inline = "".join(flag for flag in ("i" if "q" in flags else "ims") if flag in flags)
    prefix = f"(?{inline})" if inline else ""
    if "q" in flags:
        return prefix + "".join("\\" + sign if sign in META else sign for sign in source)
    try:
        return prefix + _Translation(_without_blanks(source) if "x" in flags else source).whole()
    except UntranslatableError as error:
        raise RefusedError(_short(source, flags), "pattern") from error


class UntranslatableError(ValueError):
    """A pattern is no XPath pattern, or RE2 has nothing like it: a back-reference, a look around."""


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
                parts.append(self._lone_escape())
            elif sign == "[":
                parts.append(pattern_class(self._class()))
            else:
                parts.append(self._plain(sign))
        return "".join(parts)

    def _plain(self, sign: str) -> str:
        ahead = self.source[self.place + 1 : self.place + 3]
        if sign in "]}" or (sign == "(" and ahead.startswith("?") and ahead != "?:"):
            raise UntranslatableError
        if sign == "{":
            return self._count()
        self.place += 1
        return sign

    def _count(self) -> str:
        """Return `{n}`, `{n,}` or `{n,m}`; a brace means nothing else."""
        end = self.source.find("}", self.place)
        least, comma, most = self.source[self.place + 1 : max(end, 0)].partition(",")
        if end < 0 or not _is_count(least) or (most and not _is_count(most)):
            raise UntranslatableError
        self.place = end + 1
        return f"{{{least}{comma}{most}}}"

    def _lone_escape(self) -> str:
        """Return an escape outside of a class, as short as RE2 has it."""
        start = self.place
        found = self._escape()
        if isinstance(found, int):
            return f"\\x{{{found:x}}}"
        name = self.source[start + 1 : self.place]
        return f"\\{name}" if name[0] in "pP" and not name.startswith("Is", 2) else pattern_class(found)

    def _escape(self) -> int | Ranges:
        """Return what a backslash stands for: one code point, or a set."""
        letter = self.source[self.place + 1 : self.place + 2]
        self.place += 2
        if letter in LITERALS and letter:
            return ord(letter)
        if letter in CONTROLS:
            return CONTROLS[letter]
        found = self._property() if letter in ("p", "P") else _named_class(letter.lower())
        return found if letter.islower() else complement(found)

    def _property(self) -> Ranges:
        end = self.source.find("}", self.place)
        name = self.source[self.place + 1 : max(end, 0)]
        if not self.source.startswith("{", self.place) or end < 0:
            raise UntranslatableError
        self.place = end + 1
        if found := characters.of_category(name):
            return found
        if name.startswith("Is") and name[2:] in BLOCKS:
            return (BLOCKS[name[2:]],)
        raise UntranslatableError

    def _class(self) -> Ranges:
        """Return the set of a character class, with what is subtracted from it taken out."""
        self.place += 1
        negated = self.source.startswith("^", self.place)
        self.place += negated
        parts: list[Ranges] = []
        while not self.source.startswith("]", self.place) or not parts:
            if self.source.startswith("-[", self.place) and parts:
                return self._subtracted(parts, negated=negated)
            parts.append(self._piece())
        self.place += 1
        return complement(union(*parts)) if negated else union(*parts)

    def _subtracted(self, parts: list[Ranges], *, negated: bool) -> Ranges:
        self.place += 1
        taken = self._class()
        if not self.source.startswith("]", self.place):
            raise UntranslatableError
        self.place += 1
        return difference(complement(union(*parts)) if negated else union(*parts), taken)

    def _piece(self) -> Ranges:
        """Return one character, range or escape inside of a class."""
        first = self._member()
        if not isinstance(first, int):
            return first
        ahead = self.source[self.place : self.place + 2]
        if not ahead.startswith("-") or ahead in ("-]", "-["):
            return ((first, first),)
        self.place += 1
        last = self._member()
        if not isinstance(last, int) or last < first:
            raise UntranslatableError
        return ((first, last),)

    def _member(self) -> int | Ranges:
        sign = self.source[self.place : self.place + 1]
        if sign == "\\":
            return self._escape()
        if sign in ("", "[", "]"):
            raise UntranslatableError
        self.place += 1
        return ord(sign)


def _named_class(letter: str) -> Ranges:
    r"""Return the set of `\\s`, `\\d`, `\\w`, `\\i` or `\\c`."""
    if letter == "s":
        return characters.SPACE
    if letter == "d":
        return characters.of_category("Nd")
    if letter == "i":
        return characters.NAME_START
    if letter == "c":
        return union(characters.NAME_START, characters.NAME_MORE)
    if letter == "w":
        return complement(union(*(characters.of_category(name) for name in NO_WORD)))
    raise UntranslatableError


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


def _short(source: str, flags: str | None) -> str:
    return f"{source[:40]} {flags or ''}".rstrip()
