"""Every enumeration once, with its Chinese words; pages, forms, papers and sheets take their words here."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from msgspec import Struct

from rules.errors import UnknownWordError

VOCABULARY = Path(__file__).parent / "vocabulary.toml"


class Enumeration(Struct, frozen=True):
    """A closed set of codes with their Chinese words, in the order in which people are shown them."""

    name: str
    title: str
    words: Mapping[str, str]
    groups: Mapping[str, tuple[str, ...]]


def label(enumeration: str, code: str) -> str:
    """Return the Chinese word of a code: `label("hazard_level", "major")` is 重大.

    Raises: UnknownWordError if there is no such enumeration or code.
    """
    words = find(enumeration).words
    if code not in words:
        raise UnknownWordError(enumeration=enumeration, word=code)
    return words[code]


def code_of(enumeration: str, word: str) -> str:
    """Return the code whose Chinese word this is, for sheets that people fill in.

    Raises: UnknownWordError if there is no such enumeration or word.
    """
    for code, known in find(enumeration).words.items():
        if known == word:
            return code
    raise UnknownWordError(enumeration=enumeration, word=word)


def choices(enumeration: str) -> tuple[tuple[str, str], ...]:
    """Return the (code, word) pairs in the order of display; errors as for `find`."""
    return tuple(find(enumeration).words.items())


def grouped_choices(enumeration: str) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    """Return (group, (code, word) pairs) in the order of display; one nameless group if there are none."""
    found = find(enumeration)
    if not found.groups:
        return (("", choices(enumeration)),)
    return tuple(
        (group, tuple((code, found.words[code]) for code in codes)) for group, codes in found.groups.items()
    )


def find(enumeration: str) -> Enumeration:
    """Return an enumeration by its name; UnknownWordError if there is none."""
    found = enumerations().get(enumeration)
    if found is None:
        raise UnknownWordError(enumeration=enumeration, word="")
    return found


@cache
def enumerations() -> Mapping[str, Enumeration]:
    """Return every enumeration by name, in the order of the file."""
    tables = tomllib.loads(VOCABULARY.read_text(encoding="utf-8"))
    return MappingProxyType({name: _parse(name, table) for name, table in tables.items()})


def _parse(name: str, table: Mapping[str, Any]) -> Enumeration:  # Any: TOML, whose shape the tests hold
    groups = {group: tuple(codes) for group, codes in table.get("groups", {}).items()}
    return Enumeration(name, table["title"], MappingProxyType(table["words"]), MappingProxyType(groups))
