"""When the visits of a term are planned, their cases opened, and the cycle looked at (第十二条、第十四条)."""

from collections.abc import Container
from datetime import date, timedelta

from msgspec import Struct

from rules.parameters import number, offsets, standard_day
from rules.policy_years import days_of_term
from rules.working_days import ONE_DAY, Calendar


class Checkpoint(Struct, frozen=True):
    """A day before the end of the term on which the cycle looks at itself: shortfall or rate_evidence."""

    on: date
    kind: str


def plan_visits(
    first_day: date, last_day: date, visits: int, calendar: Calendar, avoid: Container[date] = ()
) -> tuple[date, ...]:
    """Return planned days spread evenly over a term (第十四条): the i-th near the middle of the i-th part.

    Working days where there are any, different ones while there are enough, none on a day to `avoid` (a
    unit's shutdown), none in the last 30 days of a longer term.
    """
    length = days_of_term(first_day, last_day)
    spare = number("visit_latest_before_end", standard_day(first_day)).value
    latest = last_day - timedelta(days=spare) if length > spare else last_day
    planned: list[date] = []
    for part in range(visits):
        wished = first_day + timedelta(days=length * (2 * part + 1) // (2 * visits))
        day = _nearest_free(min(wished, latest), first_day, latest, (calendar, avoid, planned))
        planned.append(day)
    return tuple(sorted(planned))


def opening_day(planned_on: date, first_day: date) -> date:
    """Return the day on which a planned visit's case is opened (第十四条), never before the term."""
    days = number("visit_open_before", standard_day(planned_on)).value
    return max(first_day, planned_on - timedelta(days=days))


def checkpoints(last_day: date) -> tuple[Checkpoint, ...]:
    """Return the days on which a cycle is looked at before its term ends (第十四条、第十九条), in order."""
    on = standard_day(last_day)
    found = [
        Checkpoint(last_day - timedelta(days=days), kind)
        for kind in ("shortfall", "rate_evidence")
        for days in offsets(f"remind_{kind}", on).value
    ]
    return tuple(sorted(found, key=lambda item: item.on))


def unseen_checkpoints(last_day: date, since: date, today: date) -> tuple[Checkpoint, ...]:
    """Return the checkpoints in [since, today] that nobody has looked at, oldest first (第十四条、第十九条).

    Of several of a kind only the last one: a look at the shortfall covers the earlier ones.
    """
    passed = [checkpoint for checkpoint in checkpoints(last_day) if since <= checkpoint.on <= today]
    latest = {checkpoint.kind: checkpoint for checkpoint in passed}
    return tuple(checkpoint for checkpoint in passed if latest[checkpoint.kind] is checkpoint)


def _nearest_free(
    wished: date, first_day: date, latest: date, taken: tuple[Calendar, Container[date], Container[date]]
) -> date:
    """Give the working day nearest to the wished one that is not taken; the wished one if there is none."""
    calendar, avoid, planned = taken
    for distance in range(days_of_term(first_day, latest)):
        for day in (wished + distance * ONE_DAY, wished - distance * ONE_DAY):
            is_free = first_day <= day <= latest and day not in avoid and day not in planned
            if is_free and calendar.is_working_day(day):
                return day
    return wished
