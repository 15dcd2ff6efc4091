"""Search in Chinese: words of one character and more, alike on both databases.

A text becomes tokens, one per pair of neighbouring characters and one for the last. A token is
plain ASCII (`x` and five hexadecimal digits per character), because both databases split ASCII
alike in every locale. A query of several characters is a phrase of pairs, one character a prefix.
"""

import unicodedata
from functools import lru_cache
from typing import Any  # Any: compilers of SQLAlchemy are untyped

from sqlalchemy import Boolean, ColumnElement, and_, false, literal
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.sql.functions import FunctionElement

_GAP = "x"
_WIDEST = 0xFFFFF


def bigrams(*texts: str) -> str:
    """Return the tokens of these texts, to be stored in a `bigrams` column."""
    return f" {_GAP} ".join(tokens for tokens in map(_tokens, texts) if tokens)


def matches(column: InstrumentedAttribute[str], query: str) -> ColumnElement[bool]:
    """Return the condition that the text behind a `bigrams` column holds every word of the query.

    A query without a single letter, digit or character finds nothing.
    """
    words = [word for word in (_letters(part) for part in query.split()) if word]
    if not words:
        return false()
    return and_(*(_Match(column, *map(literal, _phrases(word))) for word in words))


def holds(column: ColumnElement[str], query: str) -> ColumnElement[bool]:
    """Return the same condition for rows that were found by another way: each is read, no index is asked.

    What it costs follows from how many rows those are, not from how many others hold the query too.
    """
    words = [word for word in (_letters(part) for part in query.split()) if word]
    if not words:
        return false()
    return and_(*(column.contains(_phrase(word)) for word in words))


class _Match(FunctionElement[bool]):
    """`column holds phrase`; each database takes the phrase that is written for it."""

    inherit_cache = True
    name = "bigram_match"
    type = Boolean()


@compiles(_Match, "sqlite")
def _on_sqlite(element: _Match, compiler: Any, **options: Any) -> str:  # noqa: ANN401  # Any: untyped compiler
    column, phrase, _ = element.clauses
    table = compiler.process(column, **options).rpartition(".")[0]
    index = f"{getattr(column.table, 'element', column.table).name}_search"
    query = compiler.process(phrase, **options)
    return f"{table}.rowid IN (SELECT rowid FROM {index} WHERE {index} MATCH {query})"  # noqa: S608  # names of ours


@compiles(_Match, "postgresql")
def _on_postgresql(element: _Match, compiler: Any, **options: Any) -> str:  # noqa: ANN401  # Any: untyped compiler
    column, _, phrase = element.clauses
    vector = f"to_tsvector('simple'::regconfig, {compiler.process(column, **options)})"
    return f"{vector} @@ to_tsquery('simple'::regconfig, {compiler.process(phrase, **options)})"


def _phrases(word: str) -> tuple[str, str]:
    """Return what FTS5 and what PostgreSQL looks for: neighbouring pairs, or one character as a prefix."""
    phrase = _phrase(word)
    if len(word) == 1:
        return f"{phrase}*", f"{phrase}:*"
    return f'"{phrase}"', phrase.replace(" ", " <-> ")


def _phrase(word: str) -> str:
    """Return the tokens that stand one behind the other where the word stands; of one character, how they begin."""
    pairs = [_token(word[i : i + 2]) for i in range(len(word) - 1)]
    return " ".join(pairs) or _token(word)


def _tokens(text: str) -> str:
    letters = _letters(text)
    return " ".join(_token(letters[i : i + 2]) for i in range(len(letters)))


@lru_cache(maxsize=65536)
def _token(characters: str) -> str:
    return "x" + "".join(f"{ord(character):05x}" for character in characters)


def _letters(text: str) -> str:
    """Keep letters, digits and characters, folded; blanks and punctuation do not separate words."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(c for c in folded if c.isalnum() and ord(c) <= _WIDEST)
