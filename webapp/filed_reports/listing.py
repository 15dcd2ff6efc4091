"""The list of filed reports as the page shows it."""

from flask import url_for
from msgspec import Struct
from sqlalchemy.orm import Session

from rules.vocabulary import choices, label
from store.pages.filed_reports import Cursor, ReportLine, report_lines
from webapp import addresses
from webapp.tabs import Tab
from webapp.texts import _


class Standing(Struct, frozen=True):
    """How far a report is, in a word and its tone."""

    text: str
    tone: str


class Line(Struct, frozen=True):
    """A report of the list."""

    row: ReportLine
    title: str
    href: str
    standing: Standing


class Listing(Struct, frozen=True):
    """The page of the list."""

    tabs: tuple[Tab, ...]
    lines: tuple[Line, ...]
    first_href: str | None
    next_href: str | None


def read_asked(kind: str, after: str) -> tuple[str, Cursor | None]:
    """Return what an address asks for; what makes no sense is left out."""
    day, _comma, last = after.partition(",")
    first_day, row_id = addresses.day(day), addresses.identity(last)
    known = kind if kind in dict(choices("report_kind")) else ""
    return known, Cursor(first_day, row_id) if first_day is not None and row_id is not None else None


def build_listing(session: Session, kind: str, after: Cursor | None) -> Listing:
    """Return the list that the address asks for."""
    rows, following = report_lines(session, kind, after)
    kinds = (("", _("全部")), *choices("report_kind"))
    return Listing(
        tabs=tuple(Tab(title, _href(code), code == kind) for code, title in kinds),
        lines=tuple(line_of(row) for row in rows),
        first_href=_href(kind) if after is not None else None,
        next_href=_href(kind, following) if following is not None else None,
    )


def line_of(row: ReportLine) -> Line:
    """Return a report as lists show it."""
    title = _("%(period)s%(kind)s", period=row.period_name, kind=label("report_kind", row.kind))
    return Line(row, title, url_for("filed_reports.show", report_id=row.id), standing_of(row))


def standing_of(row: ReportLine) -> Standing:
    """Return how far a report is."""
    if row.receipt is not None:
        words = {"accept": (_("已接收"), "green"), "return": (_("已退回"), "red")}
        return Standing(*words[row.receipt])
    return Standing(_("已报送"), "blue") if row.submitted_on is not None else Standing(_("在写"), "")


def _href(kind: str, after: Cursor | None = None) -> str:
    place = f"{after.first_day.isoformat()},{after.id}" if after is not None else None
    return url_for("filed_reports.index", kind=kind or None, after=place)
