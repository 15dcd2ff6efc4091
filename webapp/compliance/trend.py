"""How each duty stood at the ends of the last twelve months, computed for those days when somebody asks."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any  # Any: url_for takes what the converters of a route take

from flask import url_for
from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy.orm import Session

from rules.articles import chinese_name
from store.compliance.catalogue import Duty, Standing
from webapp.compliance.page import ICONS, WORDS, Request
from workflows.compliance import judge_all

MONTHS = 12


class Mark(Struct, frozen=True):
    """How a duty stood on a day, with the address of the rows behind it."""

    day: date
    standing: Standing
    word: str
    icon: str
    figure: str
    href: str


class TrendLine(Struct, frozen=True):
    """A duty, month by month."""

    duty: Duty
    article: str
    marks: tuple[Mark, ...]


class TrendPage(Struct, frozen=True):
    """All duties over the months."""

    days: tuple[date, ...]
    lines: tuple[TrendLine, ...]
    back: str


def month_ends(day: date) -> Iterator[date]:
    """Yield the last days of the twelve months before the day's own, the earliest first."""
    ends, first = [], day.replace(day=1)
    for _ in range(MONTHS):
        ends.append(first - timedelta(days=1))
        first = ends[-1].replace(day=1)
    yield from reversed(ends)


def build_trend(session: Session, request: Request) -> TrendPage:
    """Return how every duty stood, month by month, as the page of duties says it for each of these days."""
    days = tuple(month_ends(request.asked.day))
    marks: dict[str, list[Mark]] = {}
    known: dict[str, Duty] = {}
    for day in days:
        for one in judge_all(session, replace(request.asked, day=day, most=0)):
            known[one.duty.key] = one.duty
            found = one.found
            address: dict[str, Any] = {**request.address, "on": day.isoformat()}
            mark = Mark(
                day=day,
                standing=one.standing,
                word=str(WORDS[one.standing]),
                icon=ICONS[one.standing],
                figure=f"{found.met}/{found.total}" if found.total else "—",
                href=url_for("compliance.show", key=one.duty.key, **address),
            )
            marks.setdefault(one.duty.key, []).append(mark)
    return TrendPage(
        days=days,
        lines=tuple(
            TrendLine(duty, chinese_name(duty.article), tuple(marks[key])) for key, duty in known.items()
        ),
        back=url_for("compliance.index", **request.address),
    )
