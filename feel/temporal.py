"""Dates, times and date-times beyond what `datetime` holds: wide years, nanoseconds, offsets and zones.

A date is a `datetime.date` where that fits and a `WideDate` elsewhere; both have year, month and day.
A zone is an offset in seconds (int), the name of a region (str), or None for local time.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, timezone
from functools import lru_cache
from typing import TypeAlias
from zoneinfo import ZoneInfo, available_timezones

from msgspec import Struct

from feel.values import DAY, SECOND

LAST_YEAR = 999_999_999
LAST_ORDINAL = date.max.toordinal()
REFERENCE_DAY = date(2000, 1, 1)  # decides the offset of a region for a time that has no date
MONTH_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)

Zone: TypeAlias = int | str | None


class WideDate(Struct, frozen=True):
    """A day before year 1 or after year 9999, in the proleptic Gregorian calendar with a year 0."""

    year: int
    month: int
    day: int


AnyDate: TypeAlias = date | WideDate


class Time(Struct, frozen=True):
    """A time of day in nanoseconds since midnight."""

    nanoseconds: int
    zone: Zone = None


class DateTime(Struct, frozen=True):
    """A date and a time of day in nanoseconds since midnight."""

    date: AnyDate
    nanoseconds: int
    zone: Zone = None


def make_date(year: int, month: int, day: int) -> AnyDate | None:
    """Return the day, or None if there is no such day."""
    if not (-LAST_YEAR <= year <= LAST_YEAR and 1 <= month <= 12 and 1 <= day <= days_in_month(year, month)):
        return None
    return date(year, month, day) if 1 <= year <= 9999 else WideDate(year, month, day)


def days_in_month(year: int, month: int) -> int:
    """Return the number of days of a month."""
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return 29 if month == 2 and leap else MONTH_DAYS[month - 1]


def day_number(day: AnyDate) -> int:
    """Return the number of a day; 0001-01-01 is 1, as in `date.toordinal`."""
    if isinstance(day, date):
        return day.toordinal()
    cycle, year = divmod(day.year, 400)
    return date(year + 400, day.month, day.day).toordinal() + (cycle - 1) * 146_097


def day_of_number(ordinal: int) -> AnyDate | None:
    """Return the day of a number, or None beyond the years that FEEL knows."""
    if 1 <= ordinal <= LAST_ORDINAL:
        return date.fromordinal(ordinal)
    cycle, rest = divmod(ordinal - 1, 146_097)
    day = date.fromordinal(rest + 1)
    return make_date(day.year + cycle * 400, day.month, day.day)


def add_months(day: AnyDate, months: int) -> AnyDate | None:
    """Return the day so many months later, clamped to the last day of its month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return make_date(year, month + 1, min(day.day, days_in_month(year, month + 1)))


def is_region(name: str) -> bool:
    """Tell whether the time zone database knows the region."""
    return name in _regions()


def offset_seconds(zone: Zone, day: AnyDate, nanoseconds: int) -> int:
    """Return the offset from UTC in force in the zone at a local time."""
    if not isinstance(zone, str):
        return zone or 0
    region = _region(zone)
    local = _within_datetime(day, nanoseconds)
    return _seconds(region.utcoffset(local)) if region is not None else 0


def instant(moment: DateTime) -> int:
    """Return nanoseconds on the line of instants; local time counts as if it were UTC."""
    local = day_number(moment.date) * DAY + moment.nanoseconds
    return local - offset_seconds(moment.zone, moment.date, moment.nanoseconds) * SECOND


def at_instant(nanoseconds: int, zone: Zone) -> DateTime | None:
    """Return the date and time in the zone at an instant, or None beyond the years that FEEL knows."""
    ordinal, rest = divmod(nanoseconds, DAY)
    day = day_of_number(ordinal)
    if zone is None or day is None:
        return None if day is None else DateTime(day, rest, zone)
    ordinal, rest = divmod(nanoseconds + _offset_at(zone, day, rest) * SECOND, DAY)
    local = day_of_number(ordinal)
    return None if local is None else DateTime(local, rest, zone)


def time_instant(value: Time) -> int:
    """Return nanoseconds since midnight UTC; may be negative."""
    return value.nanoseconds - offset_seconds(value.zone, REFERENCE_DAY, value.nanoseconds) * SECOND


def from_datetime(moment: datetime) -> DateTime:
    """Return Python's date and time as a FEEL value."""
    return DateTime(date(moment.year, moment.month, moment.day), _nanoseconds(moment), _zone(moment))


def from_time(value: time) -> Time:
    """Return Python's time as a FEEL value."""
    return Time(_nanoseconds(value), _zone(value))


def to_datetime(value: DateTime) -> datetime | DateTime:
    """Return Python's date and time where it can hold the value exactly, else the value itself."""
    if not isinstance(value.date, date) or value.nanoseconds % 1000:
        return value
    clock = _clock(value.nanoseconds)
    return datetime.combine(value.date, clock, tzinfo=_tzinfo(value.zone))


def to_time(value: Time) -> time | Time:
    """Return Python's time where it can hold the value exactly, else the value itself."""
    if value.nanoseconds % 1000:
        return value
    return _clock(value.nanoseconds).replace(tzinfo=_tzinfo(value.zone))


@lru_cache(maxsize=1)
def _regions() -> frozenset[str]:
    """Return every region of the time zone database; its list is read once, for each look at the disk is slow."""
    return frozenset(available_timezones())


@lru_cache(maxsize=700)
def _region(name: str) -> ZoneInfo | None:
    return ZoneInfo(name) if is_region(name) else None


def _within_datetime(day: AnyDate, nanoseconds: int) -> datetime:
    year = day.year
    if not 2 <= year <= 9998:  # offsets far away repeat with the calendar
        year = year % 400 + (9200 if year > 0 else 400)
    seconds, rest = divmod(nanoseconds, SECOND)
    hours, seconds = divmod(seconds, 3600)
    minutes, seconds = divmod(seconds, 60)
    return datetime(year, day.month, day.day, hours, minutes, seconds, rest // 1000)  # noqa: DTZ001 - local time


def _offset_at(zone: int | str, day: AnyDate, nanoseconds: int) -> int:
    region = _region(zone) if isinstance(zone, str) else None
    if region is None:
        return offset_seconds(zone, day, nanoseconds)
    return _seconds(region.fromutc(_within_datetime(day, nanoseconds).replace(tzinfo=region)).utcoffset())


def _seconds(offset: timedelta | None) -> int:
    return 0 if offset is None else offset.days * 86_400 + offset.seconds


def _clock(nanoseconds: int) -> time:
    seconds, rest = divmod(nanoseconds, SECOND)
    return time(seconds // 3600, seconds // 60 % 60, seconds % 60, rest // 1000)


def _nanoseconds(value: datetime | time) -> int:
    seconds = value.hour * 3600 + value.minute * 60 + value.second
    return seconds * SECOND + value.microsecond * 1000


def _zone(value: datetime | time) -> Zone:
    """Return the zone; the second of two hours that bear the same name is told apart by its offset."""
    offset = value.utcoffset()
    is_second = value.fold == 1 and offset != value.replace(fold=0).utcoffset()
    if isinstance(value.tzinfo, ZoneInfo) and is_region(value.tzinfo.key) and not is_second:
        return value.tzinfo.key
    return None if offset is None else _seconds(offset)


def _tzinfo(zone: Zone) -> timezone | ZoneInfo | None:
    if isinstance(zone, str):
        return _region(zone)
    return None if zone is None else timezone(timedelta(seconds=zone))
