"""The policy years (保单年度) of a term; the service cycle is the policy's term of validity (第十二条)."""

from datetime import date, timedelta
from fractions import Fraction

from msgspec import Struct

from rules.errors import TermOrderError

ONE_DAY = timedelta(days=1)


class PolicyYear(Struct, frozen=True):
    """One policy year of a term, both ends inclusive; `complete` unless the term ends within it."""

    index: int
    first_day: date
    last_day: date
    complete: bool

    @property
    def days(self) -> int:
        """The number of days, both ends counted."""
        return days_of_term(self.first_day, self.last_day)


def days_of_term(first_day: date, last_day: date) -> int:
    """Return the number of days of a term, both ends counted (第十二条, D5)."""
    return (last_day - first_day).days + 1


def policy_years(first_day: date, last_day: date) -> tuple[PolicyYear, ...]:
    """Return the policy years of a term, in order (第十四条: the visits are owed in each of them).

    A year that begins on 29 February ends on the next 28 February: every full year has 365 or 366 days.

    Raises: TermOrderError if the term ends before it starts.
    """
    if last_day < first_day:
        raise TermOrderError(first_day=first_day, last_day=last_day)
    years: list[PolicyYear] = []
    start = first_day
    while start <= last_day:
        following = anniversary(first_day, len(years) + 1)
        end = min(following - ONE_DAY, last_day)
        years.append(PolicyYear(len(years) + 1, start, end, complete=end == following - ONE_DAY))
        start = following
    return tuple(years)


def year_before(first_day: date) -> tuple[date, date]:
    """Return the first and last day of the year before a policy year (第十四条第三档, D7: 上一保单年度)."""
    return anniversary(first_day, -1), first_day - ONE_DAY


def share_of_term(term: tuple[date, date], first_day: date, last_day: date) -> Fraction:
    """Return how much of a term, its first and last day given, lies in [first_day, last_day]: 0 to 1."""
    common = days_of_term(max(term[0], first_day), min(term[1], last_day))
    return Fraction(max(0, common), days_of_term(*term))


def anniversary(day: date, years: int) -> date:
    """Return the same day some years on; 29 February becomes 1 March where there is none."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)
