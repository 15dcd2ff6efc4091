"""Functions of strings. Characters are code points, counted from 1."""

from __future__ import annotations

import re
from decimal import Decimal

from feel.builtins.patterns import Matcher, matcher
from feel.builtins.registry import RefusedError, builtin
from feel.costs import CHARACTERS_PER_FUEL, READ_ITEMS_PER_FUEL
from feel.limits import Run
from feel.values import Value

PIECE = re.compile(r"(?P<plain>[^\\$]+)|\\(?P<escaped>[\\$])|\$(?P<digits>[0-9]{1,3})")


@builtin("substring(string: string, start position: number, length: number~)")
def substring(_run: Run, text: str, start: Decimal, length: Decimal | None = None) -> str:
    """Return the part from a place on, counted from the end if negative."""
    place = int(start)
    if place == 0 or abs(place) > len(text) or (length is not None and length < 1):
        raise RefusedError(str(start))
    first = place - 1 if place > 0 else len(text) + place
    return text[first:] if length is None else text[first : first + int(length)]


@builtin("string length(string: string)")
def string_length(_run: Run, text: str) -> Decimal:
    """Return the number of characters."""
    return Decimal(len(text))


@builtin("upper case(string: string)")
def upper_case(_run: Run, text: str) -> str:
    """Return the text in capitals."""
    return text.upper()


@builtin("lower case(string: string)")
def lower_case(_run: Run, text: str) -> str:
    """Return the text in small letters."""
    return text.lower()


@builtin("substring before(string: string, match: string)")
def substring_before(_run: Run, text: str, match: str) -> str:
    """Return what stands before the first occurrence; nothing if there is none."""
    place = text.find(match)
    return text[:place] if place > 0 else ""


@builtin("substring after(string: string, match: string)")
def substring_after(_run: Run, text: str, match: str) -> str:
    """Return what stands after the first occurrence; nothing if there is none."""
    place = text.find(match)
    return text[place + len(match) :] if place >= 0 else ""


@builtin("contains(string: string, match: string)")
def contains(_run: Run, text: str, match: str) -> bool:
    """Tell whether the text has the other in it."""
    return match in text


@builtin("starts with(string: string, match: string)")
def starts_with(_run: Run, text: str, match: str) -> bool:
    """Tell whether the text begins with the other."""
    return text.startswith(match)


@builtin("ends with(string: string, match: string)")
def ends_with(_run: Run, text: str, match: str) -> bool:
    """Tell whether the text ends with the other."""
    return text.endswith(match)


@builtin("string join(list: list, delimiter: string?)")
def string_join(run: Run, items: list[Value], delimiter: str | None = None) -> str:
    """Return the strings of a list in one, nulls left out."""
    run.spend(len(items) // READ_ITEMS_PER_FUEL)
    parts = [item for item in items if item is not None]
    if any(type(item) is not str for item in parts):
        raise RefusedError("string join")
    separator = delimiter or ""
    run.refuse_longer_text(sum(map(len, parts)) + len(separator) * len(parts))
    return separator.join(parts)


@builtin("matches(input: string, pattern: string, flags: string?)")
def matches(run: Run, text: str, source: str, flags: str | None = None) -> bool:
    """Tell whether a regular expression is found in the text."""
    return matcher(run, source, flags).search(run, text)


@builtin("replace(input: string, pattern: string, replacement: string, flags: string?)")
def replace(run: Run, text: str, source: str, replacement: str, flags: str | None = None) -> str:
    """Return the text with every match replaced; `$1` stands for a group."""
    found = _eager(run, source, flags)
    template = [replacement] if "q" in (flags or "") else _template(run, replacement, found.pattern.groups)
    parts = []
    place = 0
    for match in found.matches(run, text):
        new = "".join(piece if isinstance(piece, str) else match.group(piece) or "" for piece in template)
        run.spend(len(new) // CHARACTERS_PER_FUEL)
        parts += [text[place : match.start()], new]
        place = match.end()
    return "".join([*parts, text[place:]])


@builtin("split(string: string, delimiter: string)")
def split(run: Run, text: str, delimiter: str) -> list[Value]:
    """Return the parts of the text between the matches of a regular expression."""
    parts: list[Value] = []
    place = 0
    for match in _eager(run, delimiter, None).matches(run, text):
        parts.append(text[place : match.start()])
        place = match.end()
    return [*parts, text[place:]]


def _eager(run: Run, source: str, flags: str | None) -> Matcher:
    """Return the compiled pattern; raises RefusedError if it matches the empty text, as XPath wants it."""
    found = matcher(run, source, flags)
    if found.search(run, ""):
        raise RefusedError(source[:40], "pattern")
    return found


def _template(run: Run, replacement: str, groups: int) -> list[str | int]:
    """Return a replacement as pieces of text and numbers of groups; raises RefusedError for a lone `$` or backslash."""
    run.spend(len(replacement) // READ_ITEMS_PER_FUEL)
    pieces: list[str | int] = []
    place = 0
    while match := PIECE.match(replacement, place):
        place = match.end()
        if match["digits"] is None:
            pieces.append(match["plain"] or match["escaped"])
            continue
        digits = _group_digits(match["digits"], groups)
        place -= len(match["digits"]) - len(digits)
        pieces.append(int(digits) if int(digits) <= groups else "")
    if place < len(replacement):
        raise RefusedError(replacement[:40], "pattern")
    return pieces


def _group_digits(digits: str, groups: int) -> str:
    """Return the digits that name a group: as many as name one that there is, but at least one."""
    return next((digits[:n] for n in range(len(digits), 1, -1) if int(digits[:n]) <= groups), digits[0])
