"""The story of a case: its events as sentences, newest first."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from itertools import groupby
from uuid import UUID

from flask import url_for
from msgspec import Struct
from msgspec.structs import replace

from store.pages.case import EventLine
from webapp.cases.words import name_of, tone_of
from webapp.dates import moment
from webapp.linking import link_to
from webapp.texts import _
from workflows.engine import Spec

QUIET = frozenset({"engine.message", "engine.signal", "engine.decision", "engine.timer"})
REMINDER = "reminder.sent"
LONGEST_LINKED = 1_000
"""An address with a longer condition in it might be refused by the server as too long."""
ANSWERED = frozenset({"case.opened", "step.completed", "step.signed", "message.sent"})


class Doubt(Struct, frozen=True):
    """Why a condition was not true: its text, and what of it had no value (`feel.NullReason.told`).

    `href` leads to where it can be tried, for those who may.
    """

    condition: str
    reasons: tuple[Mapping[str, str], ...]
    href: str | None


class Entry(Struct, frozen=True):
    """One line of the story; `href` leads to the answers, where there are any to read."""

    tone: str
    icon: str
    time: str
    at: datetime | None
    text: str
    href: str
    link: str
    earlier: tuple["Entry", ...] = ()
    doubt: Doubt | None = None


def story_of(
    case_id: UUID, events: Iterable[EventLine], spec: Spec, roles: frozenset[str]
) -> tuple[Entry, ...]:
    """Return the events as sentences; what the engine did without anybody noticing is left out.

    Reminders that follow each other stand under the latest of them.
    """
    told = [event for event in events if event.kind not in QUIET]
    found: list[Entry] = []
    for kind, members in groupby(told, key=lambda event: event.kind):
        entries = [_entry(case_id, event, spec, roles) for event in members]
        if kind == REMINDER:
            found.append(replace(entries[0], earlier=tuple(entries[1:])))
        else:
            found.extend(entries)
    return tuple(found)


def may_read(event: EventLine, roles: frozenset[str]) -> bool:
    """Tell whether the answers of an event are for these roles.

    The finance people of a provider read their own steps alone: no photos, no personal data.
    """
    if event.kind not in ANSWERED or not isinstance(event.data.get("answers"), dict):
        return False
    return bool(roles - {"provider_finance"}) or event.data.get("role") in roles


def sentence(event: EventLine, spec: Spec) -> str:
    """Return an event as people read it."""
    text = event.data.get("text")
    if event.kind == "timer.fired" and (what := name_of(spec, event.element or "")):
        return _("时间到：%(what)s", what=what)
    if isinstance(text, str) and text:
        return text
    name = str(event.data.get("name") or name_of(spec, event.element or ""))
    if event.kind == "engine.end":
        return _("结束：%(what)s", what=name) if name != event.element else _("结束")
    if event.kind == "engine.call":
        return _("开出下级办件：%(what)s", what=name)
    return name or _("系统记录")


def _entry(case_id: UUID, event: EventLine, spec: Spec, roles: frozenset[str]) -> Entry:
    tone, icon = tone_of(event.kind)
    href = ""
    if may_read(event, roles):
        href = url_for("cases.answers", case_id=case_id, place=f"{event.version}.{event.n}")
    said, link = sentence(event, spec), _("看填了什么")
    return Entry(tone, icon, moment(event.at), event.at, said, href, link, doubt=_doubt(case_id, event))


def _doubt(case_id: UUID, event: EventLine) -> Doubt | None:
    if event.kind != "engine.doubt":
        return None
    condition = event.data["condition"]
    written = condition if len(condition) <= LONGEST_LINKED else None
    href = link_to("studio.expression", case=case_id, expression=written)
    return Doubt(condition, tuple(event.data["reasons"]), href)
