"""The diagram of a case as its page shows it: the pinned drawing, what is done, where it stands, what may come."""

from collections.abc import Iterable, Mapping
from datetime import date

from msgspec import Struct

from rules.roles import ROLES
from rules.working_days import Calendar
from store.pages.case import StepRun
from store.pages.cases import Awaited, OpenStep
from webapp.cases.words import Standing, name_of, step_due, together, who_of
from webapp.dates import Due, moment, short_date
from webapp.texts import _
from workflows.engine import Spec
from workflows.journey import BESIDE, Journey, journey_of
from workflows.runtime import legal_day
from workflows.statuses import DONE

AHEAD_SHOWN = 6


class OutlineStep(Struct, frozen=True):
    """A step in the outline beside the drawing; `state` is done, now, waiting or ahead."""

    element: str
    title: str
    state: str
    note: str
    due: Due | None
    pill: str
    day: str


class Drawing(Struct, frozen=True):
    """What the drawing marks, and the same as a list."""

    done: str
    flows: str
    now: str
    steps: tuple[OutlineStep, ...]
    journey: Journey


def draw(
    spec: Spec,
    heard: Iterable[str],
    runs: list[StepRun],
    open_steps: Iterable[OpenStep],
    awaited: list[Awaited],
    today: date,
    calendar: Calendar,
) -> Drawing:
    """Return what to mark in the diagram of a case."""
    steps = together(open_steps)
    waiting = {step.step for step in steps} | {event.element for event in awaited}
    journey = journey_of(spec, heard, waiting)
    outline = [
        *_done(runs, journey),
        *_now(steps, today, calendar),
        *_awaited(spec, awaited, today, {step.step for step in steps}),
        *_ahead(spec, journey),
    ]
    return Drawing(
        done=" ".join(sorted(journey.done)),
        flows=" ".join(sorted(journey.flows)),
        now=" ".join(sorted(journey.now)),
        steps=tuple(outline),
        journey=journey,
    )


def _done(runs: list[StepRun], journey: Journey) -> list[OutlineStep]:
    latest: dict[str, StepRun] = {run.step: run for run in runs if run.status == DONE}
    ordered = sorted(latest.values(), key=lambda run: (run.done_at is None, run.done_at))
    return [
        OutlineStep(
            element=run.step,
            title=run.title,
            state="done",
            note=f"{moment(run.done_at)} {run.person}".strip(),
            due=None,
            pill="",
            day=short_date(legal_day(run.done_at)) if run.done_at is not None else "",
        )
        for run in ordered
        if run.step not in journey.now
    ]


def _now(steps: Iterable[OpenStep], today: date, calendar: Calendar) -> list[OutlineStep]:
    found = []
    for step in steps:
        due = step_due(step, today, calendar)
        pill = who_of(step) if due is None else _("%(who)s，%(due)s", who=who_of(step), due=due.text)
        found.append(OutlineStep(step.step, step.title, "now", who_of(step), due, pill, ""))
    return found


def _awaited(spec: Spec, awaited: list[Awaited], today: date, open_steps: set[str]) -> list[OutlineStep]:
    """Return the events on the way that the case waits for; those at the edge of an open step say nothing new."""
    nodes: Mapping[str, Mapping[str, object]] = spec.nodes
    found = []
    for event in awaited:
        node = nodes.get(event.element)
        if node is None or node["type"] in BESIDE:
            continue
        day = short_date(legal_day(event.due_at), today) if event.due_at is not None else ""
        note = _("到 %(day)s", day=day) if day else _("等消息")
        title = name_of(spec, event.element)
        if title:
            found.append(OutlineStep(event.element, title, "waiting", note, None, day and note, ""))
    return found if not open_steps else found[:AHEAD_SHOWN]


def _ahead(spec: Spec, journey: Journey) -> list[OutlineStep]:
    steps = [spec.steps[id_] for id_ in journey.ahead if id_ in spec.steps and id_ not in journey.done]
    return [
        OutlineStep(step.id, step.name, "ahead", _role_title(step.role), None, "", "")
        for step in steps[:AHEAD_SHOWN]
    ]


def _role_title(role: str | None) -> str:
    return ROLES[role].title if role in ROLES else ""  # type: ignore[index]  # `in` has told that it is a text


def waits_for(standing: Iterable[Standing]) -> str:
    """Return the first line of the story: what the case waits for, in one sentence."""
    parts = []
    for each in standing:
        if not each.who:
            parts.append(each.title)
        elif each.due is None:
            parts.append(_("%(who)s办“%(what)s”", who=each.who, what=each.title))
        else:
            day = each.due.date_text
            parts.append(_("%(who)s办“%(what)s”（%(day)s 前）", who=each.who, what=each.title, day=day))
    return "；".join(parts)
