"""Chinese working days: weekends, public holidays and the make-up days that replace them (第十九条, D1).

A year whose holidays the State Council has not yet published is counted with weekends and the holidays of
fixed date alone; every answer that reaches into it is provisional and never an error.
"""

import hashlib
import tomllib
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from msgspec import Struct
from msgspec.structs import replace

from rules.errors import CalendarFileError, NegativeDaysError

CALENDARS = Path(__file__).parent / "calendars"
LEGAL_ZONE = ZoneInfo("Asia/Shanghai")
ONE_DAY = timedelta(days=1)
SATURDAY = 5
# 《全国年节及纪念日放假办法》: the days off that fall on the same date of every year.
FIXED_HOLIDAYS = frozenset({(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)})


class DayKind(StrEnum):
    """What a day of the calendar is: a working day, a day off, or a weekend day worked in exchange."""

    WORK = "work"
    REST = "rest"
    MAKE_UP = "make_up"


class Calendar(Struct, frozen=True):
    """Working days by exception: `days` holds the holidays and make-up days; all others follow the weekday.

    `published_from` and `published_through` bound the years whose holidays are known, both ends inclusive.
    """

    days: Mapping[date, DayKind]
    published_through: date
    version: str
    published_from: date = date(2020, 1, 1)

    def is_working_day(self, day: date) -> bool:
        """Tell whether offices work on that day (第十九条: make-up days do, holidays do not)."""
        if self.is_provisional(day):
            return day.weekday() < SATURDAY and (day.month, day.day) not in FIXED_HOLIDAYS
        kind = self.days.get(day)
        if kind is None:
            return day.weekday() < SATURDAY
        return kind is not DayKind.REST

    def is_provisional(self, day: date) -> bool:
        """Tell whether that day lies outside the years whose holidays are published."""
        return not self.published_from <= day <= self.published_through

    def add(self, day: date, days: int) -> date:
        """Return the `days`-th working day after `day`, which itself never counts; 0 gives `day` (第十九条).

        Raises: NegativeDaysError for fewer than 0 days.
        """
        if days < 0:
            raise NegativeDaysError(days=days)
        while days:
            day += ONE_DAY
            days -= self.is_working_day(day)
        return day

    def between(self, after: date, through: date) -> int:
        """Return how many working days lie in (after, through]; 0 if `through` is not later."""
        span = (through - after).days
        return sum(self.is_working_day(after + timedelta(days=n)) for n in range(1, span + 1))

    def last_working_day_on_or_before(self, day: date) -> date:
        """Return that day if offices work on it, else the nearest working day before it."""
        while not self.is_working_day(day):
            day -= ONE_DAY
        return day

    def known_through(self, day: date) -> "Calendar":
        """Return the calendar as it was known when the holidays were published only through that day."""
        through = min(day, self.published_through)
        return replace(self, published_through=through, version=f"{self.version}@{through}")


def legal_day(moment: datetime) -> date:
    """Return the day that an aware moment falls on in Beijing (D21: legal days are taken there alone)."""
    return moment.astimezone(LEGAL_ZONE).date()


@cache
def published_calendar() -> Calendar:
    """Return the calendar of all years in rules/calendars, read once."""
    return read_calendars(sorted(CALENDARS.glob("*.toml")))


def read_calendars(files: Iterable[Path]) -> Calendar:
    """Return one calendar of the given year files, which must follow each other without a gap.

    Raises: CalendarFileError if a year is missing between two files, or a file contradicts itself.
    """
    days: dict[date, DayKind] = {}
    years: list[int] = []
    digest = hashlib.sha256()
    for file in files:
        content = file.read_bytes()
        digest.update(content)
        year, year_days = _read_year(content.decode())
        if years and year != years[-1] + 1:
            raise CalendarFileError(year=year, problem="does not follow the year before it")
        years.append(year)
        days |= year_days
    if not years:
        raise CalendarFileError(year=0, problem="no calendar file at all")
    return Calendar(
        days=days,
        published_through=date(years[-1], 12, 31),
        version=f"{years[-1]}-{digest.hexdigest()[:12]}",
        published_from=date(years[0], 1, 1),
    )


def render_year(year: int, source: str, rests: Mapping[date, str], make_ups: Mapping[date, str]) -> str:
    """Return the text of one year's file: its days off and make-up days, each with the holiday's name."""
    lines = [f"year = {year}", f'source = "{source}"', "", "[rest]"]
    lines += [f'{day} = "{name}"' for day, name in sorted(rests.items())]
    lines += ["", "[make_up]"]
    lines += [f'{day} = "{name}"' for day, name in sorted(make_ups.items())]
    return "\n".join(lines) + "\n"


def _read_year(text: str) -> tuple[int, dict[date, DayKind]]:
    table = tomllib.loads(text)
    year = int(table["year"])
    rests = {date.fromisoformat(day): DayKind.REST for day in table["rest"]}
    make_ups = {date.fromisoformat(day): DayKind.MAKE_UP for day in table["make_up"]}
    if any(day.year != year for day in (*rests, *make_ups)):
        raise CalendarFileError(year=year, problem="holds a day of another year")
    if rests.keys() & make_ups.keys():
        raise CalendarFileError(year=year, problem="calls a day both off and worked")
    return year, rests | make_ups
