"""Read dates and times as people type them; the zone is Asia/Shanghai."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime, time, timedelta

from forms.wording import SHANGHAI

FIRST_YEAR, LAST_YEAR = 1900, 2199
_SEPARATED = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_SHORT = re.compile(r"(\d{1,2})[-/.月](\d{1,2})日?")
_TIME = re.compile(r"([01]?\d|2[0-3])[::时]([0-5]\d)(?:[::分]([0-5]\d))?(?:\.\d+)?秒?分?")
_LATER = re.compile(r"\+(\d{1,3})\s*(天|日|个?工作日)")
_WORDS = {"今天": 0, "明天": 1, "后天": 2, "昨天": -1}

AddWorkingDays = Callable[[date, int], date | None]


def read_date(text: str, today: date, add_working_days: AddWorkingDays) -> date | None:
    """Return the date that `text` means, or None.

    Taken: 2026-11-23, 2026/11/23, 20261123, 11.23, 今天, +3天, +10工作日.
    """
    text = unicodedata.normalize("NFKC", text).strip()
    if text in _WORDS:
        return today + timedelta(days=_WORDS[text])
    if later := _LATER.fullmatch(text):
        days = int(later[1])
        return add_working_days(today, days) if later[2].endswith("工作日") else today + timedelta(days=days)
    if short := _SHORT.fullmatch(text):
        return _date(today.year, int(short[1]), int(short[2]))
    found = _SEPARATED.fullmatch(text) or _COMPACT.fullmatch(text)
    return _date(int(found[1]), int(found[2]), int(found[3])) if found else None


def read_time(text: str) -> time | None:
    """Return the time of day that `text` means, or None: 9:41, 09:41:00, 9时41分."""
    found = _TIME.fullmatch(unicodedata.normalize("NFKC", text).strip())
    return time(int(found[1]), int(found[2]), int(found[3] or 0)) if found else None


def read_moment(text: str, today: date, add_working_days: AddWorkingDays) -> datetime | None:
    """Return the moment that `text` means, or None: a date and a time, or ISO 8601 with an offset."""
    text = unicodedata.normalize("NFKC", text).strip()
    moment = _with_offset(text)
    if moment is not None:
        return moment
    day, _, clock = text.replace("T", " ", 1).rpartition(" ")
    read_day, read_clock = read_date(day, today, add_working_days), read_time(clock)
    if read_day is None or read_clock is None:
        return None
    return datetime.combine(read_day, read_clock, SHANGHAI)


def _with_offset(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is None:
            return None
        local = moment.astimezone(SHANGHAI)
    except (ValueError, OverflowError):
        return None
    return local if FIRST_YEAR <= local.year <= LAST_YEAR else None


def _date(year: int, month: int, day: int) -> date | None:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None
