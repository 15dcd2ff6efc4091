"""Dates and deadlines in the words of the pages: working days, and always the date beside them."""

from datetime import date, datetime

from flask import Flask, g
from msgspec import Struct

from rules.hazards import lateness
from rules.working_days import Calendar
from webapp.identity import the_runtime
from webapp.texts import _
from workflows.runtime import SHANGHAI

SOON = 2
WEEKDAYS = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")


class Due(Struct, frozen=True):
    """A deadline as it is shown: what is left of it in words, and its date."""

    on: date
    text: str
    tone: str
    date_text: str
    provisional: bool = False


def due_of(
    due: date, today: date, calendar: Calendar, *, provisional: bool = False, natural: bool = False
) -> Due:
    """Return how a deadline reads today; `natural` counts all days (a hazard's deadline)."""
    if due < today:
        text, tone = _late_words(due, today, calendar, natural=natural), "red"
    elif due == today:
        text, tone = _("今天到期"), "amber"
    else:
        left = (due - today).days if natural else calendar.between(today, due)
        tone = "amber" if left <= SOON else ""
        text = _left_words(left, natural=natural)
    return Due(due, text, tone, short_date(due, today), provisional)


def short_date(day: date, today: date | None = None) -> str:
    """Return 11-23 within the current year, else 2027-01-14."""
    reference = today or this_day()
    return f"{day:%m-%d}" if day.year == reference.year else f"{day:%Y-%m-%d}"


def day_with_weekday(day: date, today: date | None = None) -> str:
    """Return 11-27 周五."""
    return f"{short_date(day, today)} {WEEKDAYS[day.weekday()]}"


def moment(at: datetime | None, today: date | None = None) -> str:
    """Return 11-23 09:41 in Shanghai, with the year when it is another one."""
    if at is None:
        return ""
    local = at.astimezone(SHANGHAI)
    return f"{short_date(local.date(), today)} {local:%H:%M}"


def clock_time(at: datetime) -> str:
    """Return 09:41 in Shanghai."""
    return f"{at.astimezone(SHANGHAI):%H:%M}"


def this_day() -> date:
    """Return the legal day of this request."""
    if "today" not in g:
        g.today = the_runtime().now().astimezone(SHANGHAI).date()
    today: date = g.today
    return today


def init_dates(app: Flask) -> None:
    """Give templates the filters `short_date`, `weekday`, `moment`, `clock_time` and `yuan`."""
    app.jinja_env.filters.update(
        short_date=short_date,
        weekday=day_with_weekday,
        moment=moment,
        clock_time=clock_time,
        yuan=lambda amount: "—" if amount is None else f"{amount:,.2f} 元",
        grouped=lambda number: "—" if number is None else f"{number:,}",
    )


def _late_words(due: date, today: date, calendar: Calendar, *, natural: bool) -> str:
    if natural:
        return _("逾期 %(n)s 天", n=lateness(due, None, today).days)
    late = calendar.between(due, today)
    return _("逾期 %(n)s 个工作日", n=late) if late else _("已逾期")


def _left_words(left: int, *, natural: bool) -> str:
    if natural:
        return _("剩 %(n)s 天", n=left)
    return _("剩 %(n)s 个工作日", n=left) if left else _("剩不到 1 个工作日")
