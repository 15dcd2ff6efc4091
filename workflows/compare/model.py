"""A change: where it is, what happened to what, and the sentence that says so."""

from collections.abc import Iterator, Mapping
from enum import StrEnum

from msgspec import Struct


class Area(StrEnum):
    """Which part of a process changed; the order is that of the list that people read."""

    FLOW = "flow"
    FORM = "form"
    DECISION = "decision"
    BESIDE = "beside"
    LAYOUT = "layout"


class Kind(StrEnum):
    """What happened."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    RENAMED = "renamed"
    REWIRED = "rewired"
    MOVED = "moved"
    """Only drawn elsewhere, or written otherwise: nothing runs differently."""


class Place(Struct, frozen=True):
    """Where something stands: the file's name in the bundle, what it is of (`任务`), its id, and its name."""

    area: Area
    file: str
    noun: str
    id: str
    name: str


class Change(Struct, frozen=True):
    """One difference. `what` is the property that changed, empty where the whole thing came or went."""

    kind: Kind
    place: Place
    what: str = ""
    before: str = ""
    after: str = ""

    @property
    def element(self) -> str:
        """Return the id of what changed, as the drawing has it."""
        return self.place.id

    @property
    def text(self) -> str:
        """Return the sentence that tells the change."""
        return sentence(self)

    def as_data(self) -> dict[str, str]:
        """Return the change as JSON has it."""
        place = self.place
        told = {"kind": self.kind, "area": place.area, "file": place.file, "what": self.what}
        return {
            **told,
            "element": place.id,
            "name": place.name,
            "before": self.before,
            "after": self.after,
            "text": self.text,
        }


def sentence(change: Change) -> str:
    """Return what a change says, read aloud without editing."""
    whose = _whose(change.place)
    if change.kind is Kind.ADDED:
        return f"新增{whose}{_told(change.after)}。"
    if change.kind is Kind.REMOVED:
        return f"删去{whose}{_told(change.before)}。"
    if change.kind is Kind.RENAMED:
        return f"{change.place.noun}“{change.before}”改名为“{change.after}”。"
    if change.kind is Kind.MOVED:
        return f"{whose}{change.what}，办起来没有不同。"
    return _difference(whose, change)


def _whose(place: Place) -> str:
    return f"{place.noun}“{place.name}”" if place.name else place.noun


def _told(text: str) -> str:
    return f"（{text}）" if text else ""


def _difference(whose: str, change: Change) -> str:
    subject = f"{whose}的{change.what}"
    if not change.before:
        return f"{subject}设为“{change.after}”。"
    if not change.after:
        return f"{subject}原为“{change.before}”，现在没有了。"
    return f"{subject}由“{change.before}”改为“{change.after}”。"


def told(value: object) -> str:
    """Return a property's value as a text for people; nothing for what is not said."""
    if value is None or value is False or value == "":
        return ""
    if value is True:
        return "是"
    if isinstance(value, Mapping):
        pairs = ((str(name), told(one)) for name, one in value.items())
        return "，".join(f"{name}：{text}" for name, text in pairs if text)
    if isinstance(value, list | tuple):
        return "；".join(_member(one) for one in value)
    return str(value)


def _member(value: object) -> str:
    if isinstance(value, list | tuple) and len(value) == 2:
        return f"{value[0]} = {told(value[1]) or '同名变量'}"
    return told(value)


def differences(
    place: Place, before: Mapping[str, object], after: Mapping[str, object], words: Mapping[str, str]
) -> Iterator[Change]:
    """Yield a change for each property that differs; those that have no word of their own are named by their key."""
    for name in dict.fromkeys((*words, *sorted(before.keys() | after.keys()))):
        old, new = before.get(name), after.get(name)
        if old == new:
            continue
        old_text, new_text = told(old), told(new)
        if old_text == new_text:  # only its kind differs: nothing said and said to be nothing are one
            continue
        yield Change(Kind.CHANGED, place, words.get(name, name), old_text, new_text)
