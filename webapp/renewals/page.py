"""What the page of next rates says: the three grounds in figures, the rating and why."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from flask import url_for
from msgspec import Struct
from sqlalchemy.orm import Session

from rules.vocabulary import label
from store.calendar import load_calendar
from store.pages.renewal import RenewalCounts
from store.pages.renewals import RenewalLine, View, renewal_lines
from webapp import addresses
from webapp.dates import Due, due_of, this_day
from webapp.identity import the_runtime
from webapp.linking import link_to
from webapp.tabs import Tab
from webapp.texts import _, lazy
from workflows.host import feel_host
from workflows.renewals import Rating, newest_table, rate

VIEWS = {View.SOON: lazy("90 天内到期"), View.LATER: lazy("以后到期"), View.ENDED: lazy("一年内已到期")}
TONES = {"good": "green", "fair": "blue", "weak": "amber", "poor": "red"}
Key = tuple[date, UUID]


class Line(Struct, frozen=True):
    """A policy as the page shows it."""

    row: RenewalLine
    href: str | None
    policy_href: str | None
    due: Due | None
    level: str
    tone: str
    rating: Rating
    cooperation: str
    rectification: str
    risk_control: str


class Page(Struct, frozen=True):
    """The page; `title` names what is looked at."""

    title: str
    tabs: tuple[Tab, ...]
    lines: tuple[Line, ...]
    first_href: str | None
    next_href: str | None
    sheet_href: str


def read_view(word: str) -> View:
    """Return what the address asks for; policies that end soon where it asks for nothing known."""
    return View(word) if word in set(View) else View.SOON


def read_key(day: str, policy_id: str) -> Key | None:
    """Return the last row of the page before, None on the first page."""
    read, identity = addresses.day(day), addresses.identity(policy_id)
    return None if read is None or identity is None else (read, identity)


def build_page(session: Session, view: View, after: Key | None) -> Page:
    """Return one page of policies with their ratings."""
    rows, following = renewal_lines(session, view, this_day(), after)
    return Page(
        title=str(VIEWS[view]),
        tabs=tuple(Tab(str(words), _href(each), each is view) for each, words in VIEWS.items()),
        lines=tuple(_lines(session, rows)),
        first_href=_href(view) if after is not None else None,
        next_href=_href(view, following) if following is not None else None,
        sheet_href=url_for("renewals.sheet", view=view.value),
    )


def all_lines(session: Session, view: View) -> tuple[Line, ...]:
    """Return every policy of a view."""
    rows, _following = renewal_lines(session, view, this_day(), None, most=None)
    return tuple(_lines(session, rows))


def _lines(session: Session, rows: Iterable[RenewalLine]) -> Iterable[Line]:
    table, calendar, today = newest_table(session), load_calendar(session), this_day()
    host = feel_host(calendar, the_runtime().now())
    for row in rows:
        rating = rate(table, row.counts, host)
        yield Line(
            row=row,
            href=link_to("registers.show", unit_id=row.unit_id),
            policy_href=link_to("registers.policy", policy_id=row.policy_id),
            due=due_of(row.term_end, today, calendar, natural=True) if row.term_end >= today else None,
            level=label("renewal_level", rating.level),
            tone=TONES.get(rating.level, ""),
            rating=rating,
            cooperation=_cooperation(row.counts),
            rectification=_rectification(row.counts),
            risk_control=_risk_control(row.counts),
        )


def _cooperation(counts: RenewalCounts) -> str:
    if counts.service_refused:
        return _("书面拒绝接受服务")
    return _(
        "上门 %(n)s 次，改期 %(m)s 次，拒绝进场 %(k)s 次",
        n=counts.visits,
        m=counts.rescheduled,
        k=counts.entry_refused,
    )


def _rectification(counts: RenewalCounts) -> str:
    if not counts.due:
        return _("没有查出隐患")
    return _(
        "%(n)s 项闭环 %(m)s 项（%(p)s%%），逾期 %(l)s 项，拒改 %(r)s 项",
        n=counts.due,
        m=counts.closed,
        p=counts.rectification.closed_percent,
        l=counts.late,
        r=counts.refused,
    )


def _risk_control(counts: RenewalCounts) -> str:
    major = _("重大隐患 %(n)s 项", n=counts.major)
    met = counts.risk_control().baseline_percent
    return major if met is None else _("%(major)s，基本规定符合率 %(p)s%%", major=major, p=met)


def _href(view: View, after: Key | None = None) -> str:
    word = view.value if view is not View.SOON else None
    if after is None:
        return url_for("renewals.index", view=word)
    return url_for("renewals.index", view=word, day=after[0].isoformat(), after=after[1])
