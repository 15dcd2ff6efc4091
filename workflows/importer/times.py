"""E2: timers that other tools leave empty or write in their own way."""

from __future__ import annotations

import re
from collections.abc import Iterator

import feel
from workflows.engine.xml import child_text, local
from workflows.importer.expressions import is_feel
from workflows.importer.model import Change
from workflows.importer.tree import (
    Diagram,
    Element,
    definitions_of,
    drop,
    id_of,
    name_of,
    note,
    turn_into,
)
from workflows.importer.words import CATCHING, B

_FORMS = ("timeDate", "timeDuration", "timeCycle")
_DURATION = re.compile(r"P[0-9YMDTHS.]{1,30}", re.ASCII)
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?", re.ASCII)
_CYCLE = re.compile(r"R(\d{0,3})/(P[0-9YMDTHS.]{1,30})", re.ASCII)
_ZONE = "+08:00"
_MOST = 100


def timers(diagram: Diagram) -> Iterator[Change]:
    """E2: a timer says exactly one instant, duration or cycle that we can reckon with, or a person goes on."""
    for event in diagram.all_nodes(CATCHING):
        for definition in definitions_of(event):
            if local(definition) != "timerEventDefinition" or diagram.is_off("E2", id_of(event)):
                continue
            told = {form: child_text(definition, form) or "" for form in _FORMS}
            given = {form: text for form, text in told.items() if text}
            form, text = _settled(diagram, event, given)
            before = "；".join(given.values())
            if form and [*given.items()] == [(form, text)]:
                continue
            yield _mend(event, definition, (form, text, before))


def _settled(diagram: Diagram, event: Element, given: dict[str, str]) -> tuple[str, str]:
    """Return the form and the text that stand for what is given; empty if nothing does."""
    if diagram.ours and len(given) == 1:
        form, text = next(iter(given.items()))
        usable = _CYCLE.fullmatch(text) or _DURATION.fullmatch(text) or is_feel(text)
        return (form, text) if usable or _MOMENT.match(text) else ("", "")
    may_repeat = local(event) == "startEvent" or event.get("cancelActivity") == "false"
    cycle = _CYCLE.fullmatch(given.get("timeCycle", ""))
    if cycle and may_repeat and _is_duration(cycle[2]):
        rounds = cycle[1] if cycle[1] and 1 <= int(cycle[1]) <= _MOST else str(_MOST)
        return "timeCycle", f"R{rounds}/{cycle[2]}"
    if _is_duration(duration := given.get("timeDuration", "")):
        return "timeDuration", duration
    moment = given.get("timeDate", "")
    if moment and _is_moment(moment):
        return "timeDate", moment
    if _MOMENT.fullmatch(moment) and _is_moment(moment + _ZONE):
        return "timeDate", moment + _ZONE
    return "", ""


def _is_duration(text: str) -> bool:
    return bool(_DURATION.fullmatch(text)) and feel.evaluate(f'duration("{text}")', {}) is not None


def _is_moment(text: str) -> bool:
    if not re.fullmatch(r"[0-9T:.+Z-]{10,40}", text, re.ASCII):
        return False
    value = feel.evaluate(f'date and time("{text}")', {})
    return value is not None and getattr(value, "tzinfo", None) is not None


def _mend(event: Element, definition: Element, told: tuple[str, str, str]) -> Change:
    form, text, before = told
    name = name_of(event)
    if form:
        for child in list(definition):
            definition.remove(child)
        made = definition.makeelement(f"{B}{form}")
        made.text = text
        definition.append(made)
        return Change(
            "E2", id_of(event), f"“{name}”的定时已改写为 {text}，请核对。", before, text, decide=True
        )
    if before:
        note(event, "timer", before)
    after = leave_to_people(event, definition)
    return Change("E2", id_of(event), f"“{name}”的定时条件缺失或不能执行，{after}。", before, decide=True)


def leave_to_people(event: Element, definition: Element) -> str:
    """Let people do what an event cannot, and return it in words; a boundary event becomes a choice by E7."""
    if local(event) == "intermediateCatchEvent" and len(definitions_of(event)) == 1:
        kind = name_of(event)
        turn_into(event, "userTask")
        if not event.get("name"):
            event.set("name", f"继续（{kind}）")
        return "已改为人工环节"
    drop(definition)
    return {
        "startEvent": "已改为普通开始",
        "boundaryEvent": "办完时由人选择走不走这一路",
    }.get(local(event), "已去掉这个条件")
