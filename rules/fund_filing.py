"""Filing the fund of a year in the first quarter of the next (第六条, D9)."""

from datetime import date

from msgspec import Struct

from rules.deadlines import deadline
from rules.parameters import month_days, standard_day
from rules.working_days import Calendar


class FilingWindow(Struct, frozen=True):
    """First and last day for filing, both inclusive; `reminder` is the last working day by the due day."""

    start: date
    due: date
    reminder: date


class FilingVerdict(Struct, frozen=True):
    """Whether the filing came within its window, and how many natural days after it."""

    on_time: bool
    days_late: int


def filing_window(fund_year: int, calendar: Calendar) -> FilingWindow:
    """Return the window for filing a year's fund (第六条: the first quarter); rest days do not move it."""
    anchor = date(fund_year, 12, 31)
    due = deadline("fund_filing", anchor, calendar).due
    start = month_days("fund_filing_window_start", standard_day(anchor)).value[0].of(fund_year + 1)
    return FilingWindow(start, due, calendar.last_working_day_on_or_before(due))


def judge_filing(window: FilingWindow, filed_on: date) -> FilingVerdict:
    """Return whether a filing was in time (第六条); before its window opens a year cannot yet be filed."""
    late = max(0, (filed_on - window.due).days)
    return FilingVerdict(on_time=window.start <= filed_on <= window.due, days_late=late)
