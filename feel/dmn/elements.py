"""Reading of elements of a tree that the hardened loader parsed: by local name, whatever version of DMN."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol, TypeAlias


class Element(Protocol):
    """The part of an element of lxml or ElementTree that is used here."""

    @property
    def tag(self) -> object:
        """Return the qualified name; no string for comments."""

    @property
    def text(self) -> str | None:
        """Return the text before the first child."""

    def get(self, key: str, /) -> str | None:
        """Return an attribute."""

    def __iter__(self) -> Iterator[Element]: ...


Elements: TypeAlias = list[Element]


def local_name(element: Element) -> str:
    """Return the name of an element without its namespace; empty for comments."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def children(element: Element, *names: str) -> Elements:
    """Return the children of those local names."""
    return [child for child in element if local_name(child) in names]


def child(element: Element, *names: str) -> Element | None:
    """Return the first child of those local names, or None."""
    return next(iter(children(element, *names)), None)


def attribute(element: Element | None, name: str) -> str:
    """Return an attribute; empty if it, or the element, is absent."""
    return (element.get(name) or "") if element is not None else ""


def text_of(element: Element | None) -> str:
    """Return the text of a `text` child, or of a bare text element; empty if absent."""
    if element is None:
        return ""
    inner = child(element, "text")
    return ((inner if inner is not None else element).text or "").strip()
