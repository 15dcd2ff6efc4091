"""The texts of templates as they come with the product."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from msgspec import Struct

TEMPLATES = Path(__file__).parent / "templates"
MAIN, FRAME = "main.typ", "_paper.typ"


class Source(Struct, frozen=True):
    """A template's text, and the frame (``_paper.typ``) that it imports."""

    text: str
    frame: str


def shipped_source(template: str) -> Source:
    """Return a template as it comes with the product."""
    return Source(_text(f"{template}.typ"), _text(FRAME))


@cache
def _text(name: str) -> str:
    return (TEMPLATES / name).read_text(encoding="utf-8")
