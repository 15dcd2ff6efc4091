"""The working days of this installation: the published calendar, and what the office set on top."""

from msgspec.structs import replace
from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from rules.working_days import Calendar, DayKind, published_calendar
from store.tables import CalendarDay

HAS_OWN_DAYS = exists(select(CalendarDay.day))
"""Whether the office set any day: asked along with another question, it spares reading them."""
_OWN_DAYS = select(CalendarDay.day, CalendarDay.kind, CalendarDay.provisional)


def load_calendar(session: Session, *, has_own_days: bool = True) -> Calendar:
    """Return the published calendar with the days of the table `calendar_day`, if it has any, laid over it.

    Days of years that are not yet published there extend it, once the office has confirmed
    (`provisional` off) the last day of such a year.
    """
    published = published_calendar()
    if not has_own_days:
        return published
    rows = session.connection().execute(_OWN_DAYS).all()  # each command reads them, everybody may
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
