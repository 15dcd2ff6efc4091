"""What the pages of complaints say: how far each is, how its clock stands, what was answered."""

from uuid import UUID

from flask import url_for
from msgspec import Struct
from sqlalchemy.orm import Session

from rules.vocabulary import label
from rules.working_days import Calendar
from store.calendar import load_calendar
from store.pages.complaints import (
    CLOSED,
    ComplaintFacts,
    ComplaintLine,
    View,
    complaint_facts,
    complaint_lines,
)
from store.tables import Complaint
from webapp.dates import Due, due_of, this_day
from webapp.linking import link_to
from webapp.tabs import Tab
from webapp.texts import _, lazy

VIEWS = {View.OPEN: lazy("在办"), View.CLOSED: lazy("已办结"), View.ALL: lazy("全部")}
TONES = {"received": "blue", "verifying": "amber", "replied": "violet", "mediating": "red", CLOSED: "green"}


class Line(Struct, frozen=True):
    """A complaint as the list shows it."""

    row: ComplaintLine
    href: str
    state: str
    tone: str
    target: str
    due: Due | None


class Listing(Struct, frozen=True):
    """The page of the list."""

    tabs: tuple[Tab, ...]
    lines: tuple[Line, ...]
    first_href: str | None
    next_href: str | None
    begin_href: str | None


class ComplaintPage(Struct, frozen=True):
    """The page of one complaint; `parts` are the answer as far as it was given."""

    line: Line
    facts: ComplaintFacts
    channel: str
    case_href: str | None
    parts: tuple[tuple[str, str], ...]
    accepted: str
    mediation: str


def build_listing(session: Session, view: View, before: UUID | None) -> Listing:
    """Return the list that the address asks for."""
    rows, following = complaint_lines(session, view, before)
    calendar = load_calendar(session)
    return Listing(
        tabs=tuple(Tab(str(words), _href(each), each is view) for each, words in VIEWS.items()),
        lines=tuple(_line(row, calendar) for row in rows),
        first_href=_href(view) if before is not None else None,
        next_href=_href(view, following) if following is not None else None,
        begin_href=link_to("beginnings.index"),
    )


def build_page(session: Session, complaint_id: UUID) -> ComplaintPage | None:
    """Return one complaint, None if the person does not see it."""
    facts = complaint_facts(session, complaint_id)
    if facts is None:
        return None
    complaint = facts.line.complaint
    mediation = complaint.mediation
    return ComplaintPage(
        line=_line(facts.line, load_calendar(session)),
        facts=facts,
        channel=label("complaint_source", complaint.channel) if complaint.channel else "",
        case_href=link_to("cases.show", case_id=complaint.case_id) if complaint.case_id else None,
        parts=tuple((title, text) for title, text in _parts(complaint) if text),
        accepted=_accepted(complaint),
        mediation=f"{label('mediation_method', mediation['method'])}：{mediation['result']}"
        if mediation
        else "",
    )


def _parts(complaint: Complaint) -> list[tuple[str, str]]:
    return [
        (_("服务机构的说明"), complaint.statement),
        (_("请求"), complaint.restated),
        (_("基本事实认定"), complaint.findings),
        (_("依据"), complaint.basis),
        (_("处理措施"), complaint.measures),
        (_("不服的途径"), complaint.remedy),
    ]


def _accepted(complaint: Complaint) -> str:
    if complaint.replied_at is None:
        return ""
    if complaint.accepted is None:
        return _("没有表示意见") if complaint.state == CLOSED else _("等投诉单位表示意见")
    said = _("接受答复") if complaint.accepted else _("不接受答复")
    return f"{said}：{complaint.comment}" if complaint.comment else said


def _line(row: ComplaintLine, calendar: Calendar) -> Line:
    complaint = row.complaint
    is_running = complaint.replied_at is None and complaint.state != CLOSED
    due = None
    if is_running and complaint.due is not None:
        natural = complaint.extension is not None
        due = due_of(complaint.due, this_day(), calendar, natural=natural)
    person = f"（{complaint.target_person}）" if complaint.target_person else ""
    return Line(
        row=row,
        href=url_for("complaints.show", complaint_id=complaint.id),
        state=label("complaint_state", complaint.state),
        tone=TONES.get(complaint.state, ""),
        target=f"{label('complaint_target', complaint.target)}{person}",
        due=due,
    )


def _href(view: View, before: UUID | None = None) -> str:
    return url_for("complaints.index", view=view.value if view is not View.OPEN else None, before=before)
