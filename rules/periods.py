"""The natural periods of duties (D13): month, quarter, half-year, year; how each is named and told apart."""

from calendar import monthrange
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import TypeVar

from rules.errors import UnknownKindError
from rules.exchange import MONTHS_OF_QUARTER, quarter_of
from rules.reporting import Period, half_years, month_period

T = TypeVar("T")

_HALF_NAMES = ("上半年", "下半年")
_QUARTER_NAMES = ("第一季度", "第二季度", "第三季度", "第四季度")


def period_of(kind: str, day: date) -> Period:
    """Return the period of that kind in which the day lies. Raises: UnknownKindError."""
    return _known(_PERIODS, kind)(day)


def period_before(kind: str, day: date) -> Period:
    """Return the period of that kind before the one in which the day lies. Raises: UnknownKindError."""
    return period_of(kind, period_of(kind, day).first_day - timedelta(days=1))


def periods_of_year(kind: str, year: int) -> tuple[Period, ...]:
    """Return the periods of that kind that end in the year, in order. Raises: UnknownKindError."""
    return tuple(dict.fromkeys(period_of(kind, date(year, month, 1)) for month in range(1, 13)))


def period_key(kind: str, period: Period) -> str:
    """Return what tells the period from all others: 2026-06, 2026-Q2, 2026-H1, 2026."""
    first = period.first_day
    keys = {
        "month": f"{first:%Y-%m}",
        "quarter": f"{first:%Y}-Q{quarter_of(first)}",
        "half_year": f"{first:%Y}-H{_half(first) + 1}",
        "year": f"{first:%Y}",
    }
    return _known(keys, kind)


def period_name(kind: str, period: Period) -> str:
    """Return how people call the period: 2026年6月, 2026年第二季度, 2026年上半年, 2026年."""
    first = period.first_day
    names = {
        "month": f"{first.month}月",
        "quarter": _QUARTER_NAMES[quarter_of(first) - 1],
        "half_year": _HALF_NAMES[_half(first)],
        "year": "",
    }
    return f"{first.year}年{_known(names, kind)}"


def _half(day: date) -> int:
    return int(half_years(day.year)[1].first_day <= day)


def _quarter(day: date) -> Period:
    last = quarter_of(day) * MONTHS_OF_QUARTER
    end = date(day.year, last, monthrange(day.year, last)[1])
    return Period(date(day.year, last - MONTHS_OF_QUARTER + 1, 1), end)


_PERIODS: Mapping[str, Callable[[date], Period]] = {
    "month": lambda day: month_period(day.year, day.month),
    "quarter": _quarter,
    "half_year": lambda day: half_years(day.year)[_half(day)],
    "year": lambda day: Period(date(day.year, 1, 1), date(day.year, 12, 31)),
}


def _known(table: Mapping[str, T], kind: str) -> T:
    if kind not in table:
        raise UnknownKindError(kind=kind)
    return table[kind]
