"""Dates, times and durations as text, read strictly: `fromisoformat` accepts more than FEEL."""

from __future__ import annotations

import re

from feel.temporal import (
    AnyDate,
    DateTime,
    Time,
    Zone,
    day_number,
    day_of_number,
    is_region,
    make_date,
)
from feel.values import DAY, SECOND, DaysTime, Value, YearsMonths

LARGEST_OFFSET = 18 * 3600

# These patterns are ours and linear; people's own patterns never come to `re`.
_DATE = r"(-?(?:[1-9][0-9]{4,8}|[0-9]{4}))-([0-9]{2})-([0-9]{2})"
_TIME = (
    r"([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]+))?"
    r"(Z|[+-][0-9]{2}:[0-9]{2}(?::[0-9]{2})?|@[A-Za-z][A-Za-z0-9_+/-]*)?"
)
DATE = re.compile(_DATE)
TIME = re.compile(_TIME)
DATE_TIME = re.compile(f"{_DATE}T{_TIME}")
YEARS_MONTHS = re.compile(r"(-?)P(?:([0-9]{1,30})Y)?(?:([0-9]{1,30})M)?")
DAYS_TIME = re.compile(
    r"(-?)P(?:([0-9]{1,30})D)?"
    r"(?:T(?:([0-9]{1,30})H)?(?:([0-9]{1,30})M)?(?:([0-9]{1,30})(?:\.([0-9]{0,30}))?S)?)?"
)


def parse_date(text: str) -> AnyDate | None:
    """Return the date that the text stands for, or None."""
    match = DATE.fullmatch(text)
    return make_date(int(match[1]), int(match[2]), int(match[3])) if match else None


def parse_time(text: str) -> Time | None:
    """Return the time that the text stands for, or None."""
    match = TIME.fullmatch(text)
    parts = _time_parts(match.groups()) if match else None
    return Time(parts[0] % DAY, parts[1]) if parts else None


def parse_date_time(text: str) -> DateTime | None:
    """Return the date and time that the text stands for, or None; 24:00:00 is the next midnight."""
    match = DATE_TIME.fullmatch(text)
    if not match:
        day = parse_date(text)
        return DateTime(day, 0) if day is not None else None
    parts = _time_parts(match.groups()[3:])
    day = make_date(int(match[1]), int(match[2]), int(match[3]))
    if day is None or parts is None:
        return None
    if parts[0] == DAY:
        day = day_of_number(day_number(day) + 1)
    return DateTime(day, parts[0] % DAY, parts[1]) if day is not None else None


def parse_duration(text: str) -> YearsMonths | DaysTime | None:
    """Return the duration that the text stands for, or None."""
    match = YEARS_MONTHS.fullmatch(text)
    if match and (match[2] or match[3]):
        months = int(match[2] or 0) * 12 + int(match[3] or 0)
        return YearsMonths(-months if match[1] else months)
    match = DAYS_TIME.fullmatch(text)
    if not match or text.endswith(("P", "T")):
        return None
    days, hours, minutes, seconds = (int(match[place] or 0) for place in (2, 3, 4, 5))
    total = ((days * 24 + hours) * 60 + minutes) * 60 + seconds
    nanoseconds = total * SECOND + _fraction(match[6])
    return DaysTime(-nanoseconds if match[1] else nanoseconds)


def parse_temporal(text: str) -> Value:
    """Return what an `@` literal stands for: date, time, date and time or duration; None if nothing."""
    if "P" in text[:2]:
        return parse_duration(text)
    if "T" in text:
        return parse_date_time(text)
    return parse_time(text) if ":" in text else parse_date(text)


def date_text(value: AnyDate) -> str:
    """Return a date as FEEL writes it."""
    sign = "-" if value.year < 0 else ""
    return f"{sign}{abs(value.year):04}-{value.month:02}-{value.day:02}"


def time_text(value: Time | DateTime) -> str:
    """Return the time of day as FEEL writes it, with fraction and zone only if there are any."""
    seconds, rest = divmod(value.nanoseconds, SECOND)
    fraction = f".{rest:09}".rstrip("0") if rest else ""
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}{fraction}{_zone_text(value.zone)}"


def date_time_text(value: DateTime) -> str:
    """Return a date and time as FEEL writes it."""
    return f"{date_text(value.date)}T{time_text(value)}"


def years_months_text(value: YearsMonths) -> str:
    """Return a years and months duration as FEEL writes it."""
    years, months = divmod(abs(value.months), 12)
    parts = (f"{years}Y" if years else "") + (f"{months}M" if months else "")
    return f"{'-' if value.months < 0 else ''}P{parts or '0M'}"


def days_time_text(value: DaysTime) -> str:
    """Return a days and time duration as FEEL writes it."""
    seconds, rest = divmod(abs(value.nanoseconds), SECOND)
    days, seconds = divmod(seconds, 86_400)
    fraction = f".{rest:09}".rstrip("0") if rest else ""
    clock = "".join(
        f"{amount}{unit}"
        for amount, unit in (
            (seconds // 3600, "H"),
            (seconds // 60 % 60, "M"),
            (f"{seconds % 60}{fraction}", "S"),
        )
        if amount not in (0, "0")
    )
    parts = (f"{days}D" if days else "") + (f"T{clock}" if clock else "")
    return f"{'-' if value.nanoseconds < 0 else ''}P{parts or 'T0S'}"


def months_between(start: AnyDate, end: AnyDate) -> int:
    """Return the whole months from one day to another, towards zero."""
    if day_number(end) < day_number(start):
        return -months_between(end, start)
    months = (end.year - start.year) * 12 + end.month - start.month
    return months - 1 if end.day < start.day else months


def _time_parts(groups: tuple[str | None, ...]) -> tuple[int, Zone] | None:
    hour, minute, second = (int(part or 0) for part in groups[:3])
    nanoseconds = ((hour * 60 + minute) * 60 + second) * SECOND + _fraction(groups[3])
    zone = _parse_zone(groups[4])
    if hour > 24 or minute > 59 or second > 59 or nanoseconds > DAY or zone == "":
        return None
    return nanoseconds, zone


def _fraction(digits: str | None) -> int:
    return int((digits or "0")[:9].ljust(9, "0"))


def _parse_zone(text: str | None) -> Zone:
    if text is None or text == "Z":
        return None if text is None else 0
    if text[0] == "@":
        return text[1:] if is_region(text[1:]) else ""
    parts = [int(part) for part in text[1:].split(":")]
    seconds = parts[0] * 3600 + parts[1] * 60 + (parts[2] if len(parts) > 2 else 0)
    if parts[1] > 59 or seconds > LARGEST_OFFSET:
        return ""
    return -seconds if text[0] == "-" else seconds


def _zone_text(zone: Zone) -> str:
    if zone is None or isinstance(zone, str):
        return "" if zone is None else f"@{zone}"
    if zone == 0:
        return "Z"
    minutes, seconds = divmod(abs(zone), 60)
    rest = f":{seconds:02}" if seconds else ""
    return f"{'-' if zone < 0 else '+'}{minutes // 60:02}:{minutes % 60:02}{rest}"
