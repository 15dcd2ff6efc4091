"""Words and tones for what the case pages show: events, where a case stands, how it ended."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy.orm import Session

from rules.roles import ROLES
from rules.working_days import Calendar
from store.pages.cases import Awaited, OpenStep
from webapp.dates import Due, due_of, short_date
from webapp.texts import _
from workflows.engine import Spec
from workflows.releases import spec_of
from workflows.runtime import legal_day

SHOWN_AT_MOST = 3
TIMERS_AT_MOST = 2

TONES = (
    ("hazard.", "amber", "alert-triangle"),
    ("visit.archived", "green", "circle-check"),
    ("package.", "green", "file-certificate"),
    ("archive.", "green", "file-certificate"),
    ("document.", "", "file-text"),
    ("message.", "blue", "message-circle"),
    ("record.", "green", "signature"),
    ("refusal.", "red", "alert-circle"),
    ("incident", "red", "alert-circle"),
    ("reminder", "amber", "bell"),
    ("deadline", "amber", "clock"),
    ("engine.timer", "neutral", "clock"),
    ("timer", "neutral", "clock"),
    ("engine.end", "green", "circle-check"),
    ("engine.doubt", "amber", "alert-circle"),
    ("engine.", "neutral", "send"),
    ("step.signed", "", "signature"),
    ("sign.", "neutral", "signature"),
    ("step.returned", "amber", "arrow-back-up"),
    ("step.withdrawn", "amber", "arrow-back-up"),
    ("step.", "", "clipboard-check"),
    ("item.urged", "amber", "bell"),
    ("item.", "neutral", "users"),
    ("case.suspended", "amber", "player-pause"),
    ("case.resumed", "neutral", "player-play"),
    ("case.cancelled", "red", "x"),
    ("tokens.", "amber", "route"),
    ("case.migrated", "neutral", "refresh"),
    ("case.commented", "blue", "message-circle"),
    ("case.copied", "neutral", "users"),
    ("case.", "neutral", "player-play"),
)


class Standing(Struct, frozen=True):
    """Where a case stands: one line per open step, or what it waits for."""

    title: str
    who: str
    due: Due | None


def tone_of(kind: str) -> tuple[str, str]:
    """Return the tone and the icon of an event."""
    for prefix, tone, icon in TONES:
        if kind.startswith(prefix):
            return tone, icon
    return "", "point"


def who_of(step: OpenStep) -> str:
    """Return who is to do a step: the person, else the role."""
    return step.person or ROLES[step.role].title


def together(steps: Iterable[OpenStep]) -> list[OpenStep]:
    """Return open steps, those that several sign as one that waits for all whom it asks now."""
    found: dict[UUID, OpenStep] = {}
    for step in steps:
        key = step.round_id or step.id
        earlier = found.get(key)
        person = step.person if earlier is None else f"{who_of(earlier)}、{who_of(step)}"
        found[key] = replace(earlier or step, person=person)
    return list(found.values())


def step_due(step: OpenStep, today: date, calendar: Calendar) -> Due | None:
    """Return how the deadline of an open step reads."""
    if step.due_on is None:
        return None
    return due_of(step.due_on, today, calendar, provisional=step.provisional, natural=step.natural_days)


def standing_of(
    steps: Iterable[OpenStep], awaited: Iterable[Awaited], spec: Spec, today: date, calendar: Calendar
) -> list[Standing]:
    """Return where an open case stands, in words."""
    found = [Standing(step.title, who_of(step), step_due(step, today, calendar)) for step in together(steps)]
    return found or [Standing(waiting_words(list(awaited), spec, today), "", None)]


def waiting_words(awaited: list[Awaited], spec: Spec, today: date) -> str:
    """Return what a case waits for by itself: its earliest timers, else the messages."""
    timers = [
        _("%(day)s：%(what)s", day=short_date(legal_day(due), today), what=name_of(spec, event.element))
        for event in awaited
        if (due := event.due_at) is not None
    ]
    if timers:
        return _("等到 %(timers)s", timers="；".join(timers[:TIMERS_AT_MOST]))
    names = dict.fromkeys(name_of(spec, event.element) for event in awaited)
    what = "、".join([name for name in names if name][:SHOWN_AT_MOST])
    return _("等：%(what)s", what=what) if what else _("系统正在处理")


def name_of(spec: Spec, element: str) -> str:
    """Return the name of an element; empty for one that nobody named."""
    node = spec.nodes.get(element)
    name = str(node["name"]) if node is not None else ""
    return "" if name == element else name


def end_words(session: Session, status: str, release_id: object, end_event: str | None) -> tuple[str, str]:
    """Return how a case ended, and the tone of its badge."""
    if status == "cancelled" or end_event is None:
        return _("已终止"), ""
    spec = spec_of(session, release_id)  # type: ignore[arg-type]  # a case's release id
    return name_of(spec, end_event) or _("已办结"), "green"
