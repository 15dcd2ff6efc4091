"""The list of hazards as the page shows it."""

from datetime import date

from flask import url_for
from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy.orm import Session

from rules.vocabulary import choices, label
from rules.working_days import Calendar
from store.calendar import load_calendar
from store.pages.hazards import (
    ENDED,
    REFUSED,
    Asked,
    Cursor,
    HazardRow,
    View,
    districts,
    hazard_page,
)
from webapp import addresses
from webapp.dates import Due, due_of, this_day
from webapp.tabs import Tab
from webapp.texts import _, lazy

LONGEST_QUERY = 100
LONGEST_CODE = 12
VIEWS = {
    View.OPEN: lazy("未闭环"),
    View.OVERDUE: lazy("已逾期"),
    View.REFUSED: lazy("拒不整改"),
    View.ENDED: lazy("已闭环"),
    View.ALL: lazy("全部"),
}


class Line(Struct, frozen=True):
    """A hazard of the list."""

    row: HazardRow
    href: str
    due: Due | None
    state: str
    state_tone: str


class Listing(Struct, frozen=True):
    """The page of the list."""

    asked: Asked
    tabs: tuple[Tab, ...]
    levels: tuple[tuple[str, str], ...]
    districts: tuple[tuple[str, str], ...]
    lines: tuple[Line, ...]
    first_href: str | None
    next_href: str | None
    empty_title: str
    empty_text: str


def read_asked(query: str, level: str, district: str, view: str, after: str) -> Asked:
    """Return what an address asks for; what makes no sense is left out."""
    chosen = View(view) if view in set(View) else View.OPEN
    known = level if level in dict(choices("hazard_level")) else ""
    words, place = (text.strip() for text in (query, district))
    return Asked(words[:LONGEST_QUERY], known, place[:LONGEST_CODE], chosen, _cursor(after))


def build_listing(session: Session, asked: Asked) -> Listing:
    """Return the list that the address asks for."""
    today, calendar = this_day(), load_calendar(session)
    page = hazard_page(session, asked, today)
    title, text = _nothing(asked)
    return Listing(
        asked=asked,
        tabs=tuple(
            Tab(str(words), _href(replace(asked, view=view, after=None)), asked.view is view)
            for view, words in VIEWS.items()
        ),
        levels=tuple(choices("hazard_level")),
        districts=tuple(districts(session)),
        lines=tuple(_line(row, today, calendar) for row in page.rows),
        first_href=_href(replace(asked, after=None)) if asked.after is not None else None,
        next_href=_href(replace(asked, after=page.next)) if page.next is not None else None,
        empty_title=title,
        empty_text=text,
    )


def state_tone(state: str) -> str:
    """Return the tone of a hazard's state."""
    if state in REFUSED:
        return "red"
    return "green" if state == "closed" else ""


def hazard_due(state: str, deadline: date, today: date, calendar: Calendar) -> Due | None:
    """Return how the deadline reads: in natural days (D17), and not at all once the hazard is over."""
    return None if state in ENDED else due_of(deadline, today, calendar, natural=True)


def _line(row: HazardRow, today: date, calendar: Calendar) -> Line:
    return Line(
        row=row,
        href=url_for("hazards.show", hazard_id=row.id),
        due=hazard_due(row.state, row.deadline, today, calendar),
        state=label("hazard_state", row.state),
        state_tone=state_tone(row.state),
    )


def _href(asked: Asked) -> str:
    after = asked.after
    return url_for(
        "hazards.index",
        q=asked.query or None,
        level=asked.level or None,
        district=asked.district or None,
        view=asked.view.value if asked.view is not View.OPEN else None,
        after=f"{after.deadline.isoformat()},{after.id}" if after is not None else None,
    )


def _cursor(text: str) -> Cursor | None:
    day, _comma, last = text.partition(",")
    deadline, row_id = addresses.day(day), addresses.identity(last)
    return Cursor(deadline, row_id) if deadline is not None and row_id is not None else None


def _nothing(asked: Asked) -> tuple[str, str]:
    """Return what an empty list says."""
    if asked.query or asked.level or asked.district:
        return _("没有符合条件的隐患"), _("换一个词，或者清除筛选再看。单位名称和隐患编号都能搜。")
    match asked.view:
        case View.OVERDUE:
            return _("没有逾期的隐患"), _("这是好事。到期前会在待办和铃铛里提醒。")
        case View.REFUSED:
            return _("没有拒不整改的隐患"), _("书面拒绝，或多次催告没有回应，由协调员认定后出现在这里。")
        case View.ENDED:
            return _("还没有闭环的隐患"), _("整改并复查合格的隐患会出现在这里。")
        case _:
            return _("没有未闭环的隐患"), _("服务人员在服务记录里登记隐患，告知单位后出现在这里。")
