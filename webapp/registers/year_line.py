"""The policy year as a line: months, visits done, arranged and missed, today. Positions are SVG attributes."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from msgspec import Struct

from rules.vocabulary import label
from store.pages.policy_page import PlannedRow
from store.pages.unit_page import VisitRow
from webapp.dates import short_date
from webapp.texts import _

WIDTH, EDGE = 760, 24
LABEL = 118
ROWS = 3
DONE, PLANNED, MISSED = "done", "planned", "owed"
_OVER = frozenset({"completed", "archived"})
_FAILED = frozenset({"cancelled", "entry_refused"})


class Mark(Struct, frozen=True):
    """A visit on the line: where, what kind, and its two lines of words; `row` keeps words apart."""

    x: int
    kind: str
    title: str
    note: str
    text_x: int
    row: int


class Month(Struct, frozen=True):
    """The first day of a month on the line."""

    x: int
    name: str


class YearLine(Struct, frozen=True):
    """A term as a line; `today` is None outside it."""

    months: tuple[Month, ...]
    marks: tuple[Mark, ...]
    today: int | None
    today_text: str
    run_to: int
    height: int
    spoken: str


class _Found(Struct, frozen=True):
    on: date
    kind: str
    title: str
    note: str


def year_line(
    first: date, last: date, today: date, visits: Iterable[VisitRow], planned: Iterable[PlannedRow]
) -> YearLine:
    """Return the line of a term."""
    found = [item for item in _found(list(visits), list(planned), today) if first <= item.on <= last]
    found.sort(key=lambda item: (item.on, item.title))
    marks = _marks(found, first, last)
    here = _x(today, first, last) if first <= today <= last else None
    rows = max((mark.row for mark in marks), default=0)
    return YearLine(
        months=tuple(_months(first, last)),
        marks=marks,
        today=here,
        today_text=_("今天 %(day)s", day=short_date(today, today)),
        run_to=here if here is not None else (WIDTH - EDGE if today > last else EDGE),
        height=118 + 36 * rows,
        spoken="；".join(f"{mark.title} {mark.note}" for mark in marks),
    )


def _found(visits: Sequence[VisitRow], planned: Sequence[PlannedRow], today: date) -> Iterable[_Found]:
    for visit in visits:
        on = visit.completed_on or visit.planned_on
        if on is None:
            continue
        name = _("第 %(n)s 次 %(day)s", n=visit.sequence or "", day=short_date(on, today))
        if visit.state in _OVER:
            yield _Found(on, DONE, name, _("已归档") if visit.state == "archived" else _("回访与整理中"))
        elif visit.state in _FAILED:
            note = _("被拒入场") if visit.state == "entry_refused" else _("已取消")
            yield _Found(on, MISSED, _("原定 %(day)s", day=short_date(on, today)), note)
        else:
            note = label("visit_state", visit.state) if on >= today else _("计划日已过")
            yield _Found(on, PLANNED, name, note)
    for row in planned:
        if row.state == "planned":
            name = _("第 %(n)s 次 %(day)s", n=row.sequence, day=short_date(row.planned_on, today))
            yield _Found(row.planned_on, PLANNED, name, _("已排"))


def _marks(found: Sequence[_Found], first: date, last: date) -> tuple[Mark, ...]:
    """Place the marks; words that would meet go one row down."""
    ends = [-WIDTH] * ROWS
    marks = []
    for item in found:
        x = _x(item.on, first, last)
        middle = min(max(x, LABEL // 2), WIDTH - LABEL // 2)
        free = [row for row in range(ROWS) if middle - ends[row] >= LABEL]
        row = free[0] if free else ROWS - 1
        ends[row] = middle
        marks.append(Mark(x, item.kind, item.title, item.note, middle, row))
    return tuple(marks)


def _months(first: date, last: date) -> Iterable[Month]:
    """Return the months that begin in the term, as many as have room for their names."""
    starts = []
    day = (first.replace(day=1) + timedelta(days=32)).replace(day=1)
    while day <= last:
        starts.append(day)
        day = (day + timedelta(days=32)).replace(day=1)
    step = max(1, -(-len(starts) // 12))
    for start in starts[::step]:
        name = _("%(n)s 年", n=start.year) if start.month == 1 else _("%(n)s 月", n=start.month)
        yield Month(_x(start, first, last), name)


def _x(day: date, first: date, last: date) -> int:
    days = max(1, (last - first).days)
    return EDGE + round((WIDTH - 2 * EDGE) * (day - first).days / days)
