"""A tab over a list or a page; `ui.tabs` draws them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tab:
    """One choice of what to look at; `count` says how much there is, None if that is not told."""

    title: str
    href: str
    current: bool
    count: int | None = None
