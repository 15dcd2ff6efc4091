"""When a timer is due: our own arithmetic on the command's instant, never the library's."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from msgspec import Struct

from workflows.engine.environment import FeelEngine
from workflows.engine.errors import ExpressionError
from workflows.engine.feel_values import LONGEST, is_duration, moment_after

SHANGHAI = ZoneInfo("Asia/Shanghai")
MAX_ROUNDS = 100
SHORTEST = timedelta(seconds=60)
ROUNDS = re.compile(r"R\d*/", re.ASCII)
"""How a cycle begins, whatever follows."""
CYCLE = re.compile(r"R(\d{1,3})/(P[0-9YMDTHS.]+)", re.ASCII)
_DURATION = re.compile(r"P[0-9YMDTHS.]{1,30}", re.ASCII)
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\S{5,60}", re.ASCII)


class Due(Struct, frozen=True):
    """When a timer fires, and for a cycle how often still (this time included) and after which duration."""

    at: datetime
    rounds: int = 1
    every: object = None


def feel_text(text: str) -> str:
    """Return the FEEL text for what stands in a timer: plain ISO durations and moments are taken as meant."""
    if _DURATION.fullmatch(text):
        return f'duration("{text}")'
    if _MOMENT.fullmatch(text):
        return f'date and time("{text}")'
    return text


def due(form: str, text: str, scope: dict[str, object], engine: FeelEngine, element: str) -> Due:
    """Return when the timer of an element is due, reckoned from the command's instant.

    Raises: ExpressionError for a naive moment, a value of another kind, or one beyond ten years.
    """
    if form == "cycle":
        return _cycle(text, scope, engine, element)
    value = engine.value(feel_text(text), scope, element, "timer")
    return Due(_moment(value, text, engine, element))


def next_round(last: Due, element: str) -> Due | None:
    """Return the following round of a cycle, None after the last one."""
    if last.rounds <= 1:
        return None
    at = moment_after(last.at.astimezone(SHANGHAI), last.every)
    if at is None:  # pragma: no cover - the first round has refused such a period
        raise ExpressionError(element, site="timer", text="", reason="horizon")
    return Due(at, last.rounds - 1, last.every)


def _cycle(text: str, scope: dict[str, object], engine: FeelEngine, element: str) -> Due:
    told = text if CYCLE.fullmatch(text) else engine.value(text, scope, element, "timer")
    match = CYCLE.fullmatch(told) if isinstance(told, str) else None
    if match is None:
        raise ExpressionError(element, site="timer", text=text, value=repr(told), reason="cycle")
    rounds = int(match[1])
    every = engine.value(f'duration("{match[2]}")', {}, element, "timer")
    if not is_duration(every) or not 1 <= rounds <= MAX_ROUNDS:
        raise ExpressionError(element, site="timer", text=text, value=told, reason="cycle")
    first = _moment(every, text, engine, element)
    if first - engine.now < SHORTEST:
        raise ExpressionError(element, site="timer", text=text, value=told, reason="period")
    return Due(first, rounds, every)


def _moment(value: object, text: str, engine: FeelEngine, element: str) -> datetime:
    moment = moment_after(engine.now.astimezone(SHANGHAI), value) if is_duration(value) else value
    if moment is None:
        raise ExpressionError(element, site="timer", text=text, value=repr(value), reason="horizon")
    if isinstance(moment, date) and (not isinstance(moment, datetime) or moment.tzinfo is None):
        raise ExpressionError(element, site="timer", text=text, value=repr(value), reason="zone")
    if not isinstance(moment, datetime):
        raise ExpressionError(element, site="timer", text=text, value=repr(value), reason="timer")
    if abs(moment - engine.now) > LONGEST:
        raise ExpressionError(element, site="timer", text=text, value=repr(value), reason="horizon")
    return moment
