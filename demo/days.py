"""The working days before the present, counted backwards, and the hours at which people sit down to work."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

from rules.working_days import ONE_DAY, Calendar
from workflows.runtime import SHANGHAI, legal_day

HOURS = (time(9, 10), time(14, 30), time(16, 40))
"""When the inbox is looked at: in the morning, after lunch, before going home."""


class Clock:
    """A clock that the loading moves from some months ago to the present."""

    def __init__(self, at: datetime) -> None:
        """Begin at this moment."""
        self.at = at

    def __call__(self) -> datetime:
        """Return the moment of the story."""
        return self.at


class Days:
    """Days as seen from the present."""

    def __init__(self, present: datetime, calendar: Calendar) -> None:
        """Look back from this moment."""
        self.present, self.today, self.calendar = present, legal_day(present), calendar

    def ago(self, days: int) -> date:
        """Return the working day that lies so many working days before the present; 0 is today's or the last."""
        day = self.calendar.last_working_day_on_or_before(self.today)
        for _ in range(days):
            day = self.calendar.last_working_day_on_or_before(day - ONE_DAY)
        return day

    def working_day_from(self, day: date) -> date:
        """Return that day if offices work on it, else the next one on which they do."""
        return day if self.calendar.is_working_day(day) else self.calendar.add(day, 1)

    def sittings(self, first: date) -> Iterator[datetime]:
        """Give the moments at which people look at their inbox, from that day to the present."""
        day = first
        while day <= self.today:
            if self.calendar.is_working_day(day):
                for hour in HOURS:
                    moment = datetime.combine(day, hour, SHANGHAI).astimezone(UTC)
                    if moment < self.present:
                        yield moment
            day += timedelta(days=1)
