"""Dates, times and durations: made, taken apart, and the present instant of the caller."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from feel.builtins.registry import RefusedError, builtin
from feel.limits import Run
from feel.properties import weekday
from feel.temporal import AnyDate, DateTime, Time, Zone, day_number, from_datetime, is_region, make_date
from feel.temporal_text import (
    LARGEST_OFFSET,
    months_between,
    parse_date,
    parse_date_time,
    parse_duration,
    parse_time,
)
from feel.values import NUMBERS, SECOND, DaysTime, Value, YearsMonths, whole

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


@builtin("date(from: string)")
def date_from_text(_run: Run, text: str) -> Value:
    """Return the date that a text stands for."""
    return _found(parse_date(text), text)


@builtin("date(from: day)")
def date_from_moment(_run: Run, value: Value) -> AnyDate:
    """Return the day of a date and time."""
    return day_of(value)


@builtin("date(year: number, month: number, day: number)")
def date_from_parts(_run: Run, year: Decimal, month: Decimal, day: Decimal) -> Value:
    """Return the date of year, month and day."""
    parts = [whole(year), whole(month), whole(day)]
    if None in parts:
        raise RefusedError(f"{year}-{month}-{day}")
    return _found(make_date(*(part or 0 for part in parts)), f"{year}-{month}-{day}")


@builtin("time(from: string)")
def time_from_text(_run: Run, text: str) -> Value:
    """Return the time that a text stands for."""
    return _found(parse_time(text), text)


@builtin("time(from: time)")
def time_from_time(_run: Run, value: Time) -> Time:
    """Return the time itself."""
    return value


@builtin("time(from: day)")
def time_from_moment(_run: Run, value: Value) -> Time:
    """Return the time of a date and time; of a date, midnight UTC."""
    return Time(value.nanoseconds, value.zone) if type(value) is DateTime else Time(0, 0)


@builtin("time(hour: number, minute: number, second: number, offset: days?)")
def time_from_parts(
    _run: Run, hour: Decimal, minute: Decimal, second: Decimal, offset: DaysTime | None = None
) -> Time:
    """Return the time of hour, minute and second, with an offset or local."""
    return Time(_clock(hour, minute, second), _offset(offset))


@builtin("date and time(from: string)")
def moment_from_text(_run: Run, text: str) -> Value:
    """Return the date and time that a text stands for."""
    return _found(parse_date_time(text), text)


@builtin("date and time(date: day, time: time)")
def moment_from_parts(_run: Run, day: Value, time: Time) -> DateTime:
    """Return a date and a time in one."""
    return DateTime(day_of(day), time.nanoseconds, time.zone)


@builtin("date and time(from: day)")
def moment_from_day(_run: Run, value: Value) -> DateTime:
    """Return a date and time as it is, a date as its midnight."""
    return value if type(value) is DateTime else DateTime(value, 0)


@builtin("date and time(date: day, timezone: string)")
def moment_in_zone(_run: Run, value: Value, region: str) -> DateTime:
    """Return the local date and time of a value, put into a region."""
    if not is_region(region):
        raise RefusedError(region)
    return DateTime(day_of(value), value.nanoseconds if type(value) is DateTime else 0, region)


@builtin(
    "date and time(year: number, month: number, day: number, hour: number, minute: number, second: number,"
    " offset: days?)"
)
def moment_from_numbers(run: Run, year: Decimal, month: Decimal, day: Decimal, *clock: Value) -> DateTime:
    """Return the date and time of its parts, with an offset or local."""
    offset = clock[3] if len(clock) > 3 else None
    moment = _clock(*clock[:3])
    return DateTime(date_from_parts(run, year, month, day), moment, _offset(offset))


@builtin("duration(from: string)")
def duration_from_text(_run: Run, text: str) -> Value:
    """Return the duration that a text stands for."""
    return _found(parse_duration(text), text)


@builtin("duration(from: duration)")
def duration_from_duration(_run: Run, value: Value) -> Value:
    """Return the duration itself."""
    return value


@builtin("years and months duration(from: day, to: day)")
def years_and_months(_run: Run, start: Value, end: Value) -> YearsMonths:
    """Return the whole months from one day to another."""
    return YearsMonths(months_between(day_of(start), day_of(end)))


@builtin("day of year(date: day)")
def day_of_year(_run: Run, value: Value) -> Decimal:
    """Return 1 for the first of January."""
    day = day_of(value)
    first = make_date(day.year, 1, 1)
    return Decimal(day_number(day) - day_number(first or day) + 1)


@builtin("day of week(date: day)")
def day_of_week(_run: Run, value: Value) -> str:
    """Return the English name of the day of the week."""
    return WEEKDAYS[int(weekday(day_of(value))) - 1]


@builtin("month of year(date: day)")
def month_of_year(_run: Run, value: Value) -> str:
    """Return the English name of the month."""
    return MONTHS[day_of(value).month - 1]


@builtin("week of year(date: day)")
def week_of_year(_run: Run, value: Value) -> Decimal:
    """Return the number of the week by ISO 8601."""
    day = day_of(value)
    if isinstance(day, date):
        return Decimal(day.isocalendar().week)
    twin = make_date(day.year % 400 + 2000, day.month, day.day)  # weeks repeat every 400 years
    return Decimal(twin.isocalendar().week) if isinstance(twin, date) else Decimal(0)


@builtin("now()")
def now(run: Run) -> Value:
    """Return the instant of the caller; never the clock."""
    if run.host.now is None:
        raise RefusedError("now")
    return from_datetime(run.host.now)


@builtin("today()")
def today(run: Run) -> Value:
    """Return the day of the caller's instant, in the zone that the caller gave it."""
    if run.host.now is None:
        raise RefusedError("today")
    return from_datetime(run.host.now).date


def day_of(value: Value) -> AnyDate:
    """Return the day of a date, or of a date and time."""
    day: AnyDate = value.date if type(value) is DateTime else value
    return day


def _found(value: Value, text: str) -> Value:
    if value is None:
        raise RefusedError(text[:40])
    return value


def _clock(hour: Decimal, minute: Decimal, second: Decimal) -> int:
    hours, minutes = whole(hour), whole(minute)
    if hours is None or minutes is None or not (0 <= hours < 24 and 0 <= minutes < 60 and 0 <= second < 60):
        raise RefusedError(f"{hour}:{minute}:{second}")
    return (hours * 60 + minutes) * 60 * SECOND + int(NUMBERS.multiply(second, Decimal(SECOND)))


def _offset(offset: DaysTime | None) -> Zone:
    if offset is None:
        return None
    if abs(offset.nanoseconds) > LARGEST_OFFSET * SECOND:
        raise RefusedError("offset")
    return int(offset.nanoseconds / SECOND)
