"""The form of one deed: what it does, who loses which work, what is chosen and said; drawn by `_sheet.html`."""

from collections.abc import Mapping

from msgspec import Struct, field


class Choice(Struct, frozen=True):
    """One of several to choose from; `notes` say what follows, `reason` why it may not be chosen."""

    value: str
    title: str
    notes: tuple[str, ...] = ()
    reason: str = ""


class Pick(Struct, frozen=True):
    """A question with choices: radio buttons, or boxes where several may be chosen."""

    name: str
    label: str
    choices: tuple[Choice, ...]
    many: bool = False
    is_needed: bool = False
    hint: str = ""
    nobody: str = ""
    """What is said where there is nothing to choose from."""


class Sheet(Struct, frozen=True):
    """The form of a verb."""

    title: str
    explains: str
    button: str
    picks: tuple[Pick, ...] = ()
    reason_label: str = ""
    """The label of the text; empty where none is asked for."""
    reason_optional: bool = False
    losses: tuple[str, ...] = ()
    """Who loses which work, one sentence each."""
    lost_title: str = ""
    """What stands over them."""
    hidden: Mapping[str, str] = field(default_factory=dict)
    is_final: bool = False
    """Whether it cannot be taken back."""
