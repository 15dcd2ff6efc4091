"""The guide of the expression language: docs/feel.md in parts, and the functions that it explains.

What a function gives is written down there and nowhere else: the page shows it, and the editor completes with it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from markupsafe import Markup
from msgspec import Struct

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "feel.md"
GIVEN, ANSWER = "给定 ", "→ "
LANGUAGES = ("feel", "feel-cell")


class Heading(Struct, frozen=True):
    """A heading of the guide; `place` is its anchor."""

    level: int
    text: str
    place: str


class Example(Struct, frozen=True):
    """An example: what is given, the expression, what it gives; `tested` where it is a cell of a table."""

    given: str
    text: str
    answer: str
    tested: str | None = None


class Function(Struct, frozen=True):
    """A way to call a function: as it is written, and what it gives. `group` is the heading above it."""

    name: str
    signature: str
    gives: str
    group: str


class Guide(Struct, frozen=True):
    """The guide: its title, its parts in order, the functions."""

    title: str
    parts: tuple[Heading | Example | Markup, ...]
    functions: tuple[Function, ...]

    @property
    def sections(self) -> tuple[Heading, ...]:
        """Return the headings of the sections."""
        return tuple(part for part in self.parts if isinstance(part, Heading) and part.level == 2)

    @property
    def by_group(self) -> Mapping[str, Sequence[Function]]:
        """Return the functions by their headings, in the order of the text."""
        found: dict[str, list[Function]] = {}
        for function in self.functions:
            found.setdefault(function.group, []).append(function)
        return found


@cache
def read_guide() -> Guide:
    """Return the guide; it is read once."""
    return guide_of(GUIDE.read_text(encoding="utf-8"))


def guide_of(text: str) -> Guide:
    """Return the guide that a Markdown text is. HTML in it is shown, never obeyed."""
    from markdown_it import MarkdownIt  # noqa: PLC0415  # needed by one page, and 0.1 s of each start

    markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
    blocks = list(_blocks(markdown.parse(text)))
    parts = [_part(markdown, block, n) for n, block in enumerate(blocks)]
    title, *rest = parts
    return Guide(title.text if isinstance(title, Heading) else "", tuple(rest), tuple(_functions(blocks)))


def _blocks(tokens: Sequence[Token]) -> Iterator[list[Token]]:
    """Yield the tokens of each block of the document."""
    block: list[Token] = []
    for token in tokens:
        block.append(token)
        if token.level == 0 and token.nesting <= 0:
            yield block
            block = []


def _part(markdown: MarkdownIt, block: list[Token], n: int) -> Heading | Example | Markup:
    first = block[0]
    if first.type == "heading_open":
        return Heading(int(first.tag[1:]), block[1].content, f"part-{n}")
    if first.type == "fence" and first.info in LANGUAGES:
        return _example(first.content.strip("\n"), is_cell=first.info == LANGUAGES[1])
    return Markup(markdown.renderer.render(block, markdown.options, {}))  # noqa: S704 — it escapes; HTML is off


def _example(text: str, *, is_cell: bool) -> Example:
    if is_cell:
        cell, _, answer = text.partition("\n")
        return Example("", cell, answer, answer.partition(f" {ANSWER}")[0])
    question, _, answer = text.partition(f"\n{ANSWER}")
    lines = question.splitlines()
    given = lines.pop(0).removeprefix(GIVEN) if question.startswith(GIVEN) else ""
    return Example(given, "\n".join(lines), answer)


def _functions(blocks: Sequence[list[Token]]) -> Iterator[Function]:
    """Yield the functions of the tables under headings of the third level."""
    group = ""
    for block in blocks:
        if block[0].type == "heading_open":
            group = block[1].content if block[0].tag == "h3" else ""
        elif block[0].type == "table_open" and group:
            cells = [token for token in block if token.type == "inline"][2:]
            for written, gives in zip(cells[::2], cells[1::2], strict=True):
                yield from _ways(written, _plain(gives), group)


def _ways(written: Token, gives: str, group: str) -> Iterator[Function]:
    for token in written.children or ():
        if token.type == "code_inline":
            yield Function(token.content.partition("(")[0], token.content, gives, group)


def _plain(cell: Token) -> str:
    return "".join(token.content for token in cell.children or ())
