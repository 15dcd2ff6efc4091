"""Functions of strings. Characters are code points, counted from 1."""

from __future__ import annotations

from decimal import Decimal

from feel.builtins.patterns import pattern
from feel.builtins.registry import RefusedError, builtin
from feel.limits import READ_ITEMS_PER_FUEL, Pattern, Run
from feel.values import Value

DIGITS = "0123456789"


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
    parts = [item for item in items if item is not None]
    if any(type(item) is not str for item in parts):
        raise RefusedError("string join")
    separator = delimiter or ""
    run.spend(len(parts) // READ_ITEMS_PER_FUEL)
    run.refuse_longer_text(sum(map(len, parts)) + len(separator) * len(parts))
    return separator.join(parts)


@builtin("matches(input: string, pattern: string, flags: string?)")
def matches(run: Run, text: str, source: str, flags: str | None = None) -> bool:
    """Tell whether a regular expression is found in the text."""
    matcher = pattern(run, source, flags)
    run.spend_matching(matcher, len(text))
    return matcher.search(text) is not None


@builtin("replace(input: string, pattern: string, replacement: string, flags: string?)")
def replace(run: Run, text: str, source: str, replacement: str, flags: str | None = None) -> str:
    """Return the text with every match replaced; `$1` stands for a group."""
    matcher = _eager(run, source, flags, text)
    return "".join(_replaced(run, matcher, text, replacement, literal="q" in (flags or "")))


@builtin("split(string: string, delimiter: string)")
def split(run: Run, text: str, delimiter: str) -> list[Value]:
    """Return the parts of the text between the matches of a regular expression."""
    parts: list[Value] = []
    place = 0
    matcher = _eager(run, delimiter, None, text)
    for match in matcher.finditer(text):
        run.spend_matching(matcher, match.end() - place)
        parts.append(text[place : match.start()])
        place = match.end()
    return [*parts, text[place:]]


def _eager(run: Run, source: str, flags: str | None, text: str) -> Pattern:
    """Return the compiled pattern; raises RefusedError if it matches the empty text, as XPath wants it."""
    matcher = pattern(run, source, flags)
    run.spend_matching(matcher, len(text))
    if matcher.search("") is not None:
        raise RefusedError(source[:40], "pattern")
    return matcher


def _replaced(run: Run, matcher: Pattern, text: str, replacement: str, *, literal: bool) -> list[str]:
    parts = []
    place = 0
    for match in matcher.finditer(text):
        run.spend_matching(matcher, match.end() - place)
        new = replacement if literal else _filled(replacement, match)
        run.spend(1 + len(new) // 64)
        parts += [text[place : match.start()], new]
        place = match.end()
    return [*parts, text[place:]]


def _filled(replacement: str, match: Value) -> str:
    parts = []
    place = 0
    while place < len(replacement):
        sign = replacement[place]
        following = replacement[place + 1 : place + 2]
        if sign == "\\" and following in ("\\", "$"):
            parts.append(following)
            place += 2
        elif sign == "$" and following in DIGITS and following:
            digits = _group_digits(replacement, place + 1, len(match.groups()))
            parts.append(_group(match, int(digits)))
            place += 1 + len(digits)
        elif sign in "\\$":
            raise RefusedError(replacement[:40])
        else:
            parts.append(sign)
            place += 1
    return "".join(parts)


def _group_digits(replacement: str, start: int, groups: int) -> str:
    """Return the digits that name a group: as many as name one that there is, but at least one."""
    digits = replacement[start]
    while (longer := replacement[start : start + len(digits) + 1]).isdigit() and longer != digits:
        if int(longer) > groups:
            break
        digits = longer
    return digits


def _group(match: Value, number: int) -> str:
    return (match.group(number) or "") if number <= len(match.groups()) else ""
