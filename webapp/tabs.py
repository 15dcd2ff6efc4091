"""A tab over a list or a page; `ui.tabs` draws them."""

from msgspec import Struct


class Tab(Struct, frozen=True):
    """One choice of what to look at; `count` says how much there is, None if that is not told."""

    title: str
    href: str
    current: bool
    count: int | None = None
