"""Which services count as visits, what is still owed, what a surrender ends (第十二条、第十四条; D6, D18)."""

from collections.abc import Iterable
from datetime import date, timedelta
from enum import StrEnum

from msgspec import Struct

from rules.visit_quota import Quota

SURRENDERED = "terminated_by_surrender"


class ActivityKind(StrEnum):
    """What was done for the policyholder; only offline visits count towards the quota (第十四条)."""

    OFFLINE_VISIT = "offline_visit"
    ONLINE_PUSH = "online_push"
    CENTRAL_TRAINING = "central_training"


class ActivityStatus(StrEnum):
    """How it went; PLANNED stands for everything that is not yet over."""

    PLANNED = "planned"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    ENTRY_REFUSED = "entry_refused"


class NextAction(StrEnum):
    """What is to be done next for the quota."""

    NONE = "none"
    SCHEDULE_VISIT = "schedule_visit"
    RECORD_REFUSAL = "record_refusal_and_send_written_notice"


class Activity(Struct, frozen=True):
    """A service on its completion day in Beijing (or the day of the refusal, or the planned day)."""

    kind: ActivityKind
    on: date
    status: ActivityStatus


class Counting(StrEnum):
    """Why an activity counts towards the quota or does not (D18)."""

    COUNTED = "counted"
    SAME_DAY = "same_day"
    NOT_OVER = "not_over"
    CANCELLED = "cancelled"
    ENTRY_REFUSED = "entry_refused"
    OUTSIDE_TERM = "outside_term"
    NOT_OFFLINE = "not_offline"


class Progress(Struct, frozen=True):
    """Visits that count, visits still owed, and what to do next; `days` are the counted days in order."""

    counted: int
    shortfall: int
    next_action: NextAction
    days: tuple[date, ...]


class Surrender(Struct, frozen=True):
    """What a surrender (退保) ends: the last day in force, the visits that fall away; nothing stays owed."""

    effective_end: date
    cancelled: tuple[date, ...]
    status: str = SURRENDERED
    shortfall: int = 0


def count_visits(
    activities: Iterable[Activity],
    required: int,
    first_day: date,
    last_day: date,
    *,
    one_per_day: bool = True,
) -> Progress:
    """Return the progress of a quota over [first_day, last_day] (第十四条, D18).

    Offline, completed and within the days in force; several visits on one day count once unless that is
    turned off. Pushes, group trainings (第十五条), cancelled visits and refused entries do not count.
    """
    offline = [item for item in activities if item.kind is ActivityKind.OFFLINE_VISIT]
    done = sorted(
        item.on
        for item in offline
        if item.status is ActivityStatus.COMPLETED and first_day <= item.on <= last_day
    )
    days = tuple(dict.fromkeys(done)) if one_per_day else tuple(done)
    shortfall = max(0, required - len(days))
    return Progress(len(days), shortfall, _next_action(offline, shortfall), days)


def explain_counting(
    activities: Iterable[Activity], first_day: date, last_day: date, *, one_per_day: bool = True
) -> tuple[Counting, ...]:
    """Return for each activity, in the given order, why it counts or does not (第十四条, D18)."""
    found: list[Counting] = []
    days: set[date] = set()
    for item in activities:
        reason = _counting(item, first_day, last_day)
        if reason is Counting.COUNTED and one_per_day and item.on in days:
            reason = Counting.SAME_DAY
        if reason is Counting.COUNTED:
            days.add(item.on)
        found.append(reason)
    return tuple(found)


def count_by_policy_year(
    quota: Quota, activities: Iterable[Activity], last_effective_day: date, *, one_per_day: bool = True
) -> tuple[Progress, ...]:
    """Return the progress of each policy year begun by `last_effective_day` (第十四条: owed in each year)."""
    known = tuple(activities)
    return tuple(
        count_visits(
            known,
            item.required,
            item.year.first_day,
            min(item.year.last_day, last_effective_day),
            one_per_day=one_per_day,
        )
        for item in quota.years
        if item.year.first_day <= last_effective_day
    )


def missing_visits(years: Iterable[Progress], surrender_effective: date | None) -> int:
    """Return what is missing over the whole term: each policy year for itself (第十四条：每年不少于).

    Visits beyond what one year is owed do not make up for another; nothing stays owed after a surrender (D6).
    """
    return 0 if surrender_effective is not None else sum(year.shortfall for year in years)


def last_effective_day(term_end: date, surrender_effective: date | None) -> date:
    """Return the last day in force: the eve of a surrender, at most the end of the term (D6)."""
    if surrender_effective is None:
        return term_end
    return min(term_end, surrender_effective - timedelta(days=1))


def after_surrender(term_end: date, surrender_effective: date, not_started: Iterable[date]) -> Surrender:
    """Return what a surrender ends (第十二条, D6): visits not started are cancelled and owed no more.

    Visits already completed keep their return visit and their archiving (第十九条).
    """
    return Surrender(last_effective_day(term_end, surrender_effective), tuple(sorted(not_started)))


def _counting(item: Activity, first_day: date, last_day: date) -> Counting:
    reasons = {
        Counting.NOT_OFFLINE: item.kind is not ActivityKind.OFFLINE_VISIT,
        Counting.CANCELLED: item.status is ActivityStatus.CANCELLED,
        Counting.ENTRY_REFUSED: item.status is ActivityStatus.ENTRY_REFUSED,
        Counting.NOT_OVER: item.status is ActivityStatus.PLANNED,
        Counting.OUTSIDE_TERM: not first_day <= item.on <= last_day,
    }
    return next((reason for reason, applies in reasons.items() if applies), Counting.COUNTED)


def _next_action(offline: list[Activity], shortfall: int) -> NextAction:
    """Ask for the written notice while no visit followed the last refused entry (第十三条)."""
    refused = [item.on for item in offline if item.status is ActivityStatus.ENTRY_REFUSED]
    completed = [item.on for item in offline if item.status is ActivityStatus.COMPLETED]
    if refused and max(completed, default=date.min) < max(refused):
        return NextAction.RECORD_REFUSAL
    return NextAction.SCHEDULE_VISIT if shortfall else NextAction.NONE
