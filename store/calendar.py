"""The working days of this installation: the published calendar, and what the office set on top."""

from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from rules.working_days import Calendar, DayKind, published_calendar
from store.tables import CalendarDay

_OWN_DAYS = select(CalendarDay.day, CalendarDay.kind, CalendarDay.provisional)


def load_calendar(session: Session) -> Calendar:
    """Return the published calendar with the days of the table `calendar_day` laid over it.

    Days of years that are not yet published there extend it, once the office has confirmed
    (`provisional` off) the last day of such a year.
    """
    rows = session.connection().execute(_OWN_DAYS).all()  # each command reads them, everybody may
    published = published_calendar()
    if not rows:
        return published
    own = {row.day: DayKind(row.kind) for row in rows if not row.provisional}
    through = max(
        (day for day in own if (day.month, day.day) == (12, 31)), default=published.published_through
    )
    stamp = f"{len(own)}-{max(own, default=published.published_through)}"
    return replace(
        published,
        days={**published.days, **own},
        published_through=max(through, published.published_through),
        version=f"{published.version}+{stamp}",
    )
