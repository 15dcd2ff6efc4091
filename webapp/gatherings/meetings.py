"""The meetings of a year against the quarters, and one meeting with what became of its issues (第二十条)."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any  # Any: an issue as it is kept
from uuid import UUID

from flask import url_for
from msgspec import Struct

from rules.exchange import QUARTERS, missing_quarters, quarter_of
from rules.vocabulary import label
from store.pages.case import case_facts
from store.pages.gatherings import ProofFile
from store.pages.meetings import (
    MeetingRecord,
    MeetingRow,
    is_late,
    meeting_record,
    meetings_of_year,
    years_of_meetings,
)
from webapp.dates import this_day
from webapp.gatherings.sections import sections
from webapp.linking import link_to
from webapp.tabs import Tab
from webapp.texts import _
from workflows.errors import NotFoundError
from workflows.people import Actor
from workflows.runtime import Runtime

TONES = {"called": "amber", "planned": "blue", "held": "violet", "following": "blue", "done": "green"}
ISSUE_COLUMNS = ("problem", "solution", "responsible_name", "due", "result")
CALLERS = frozenset({"coordinator", "provider_manager"})
"""Whose duty the quarters are: they call the meetings."""


class MeetingLine(Struct, frozen=True):
    """A meeting of the list."""

    row: MeetingRow
    href: str
    kind: str
    state: str
    tone: str
    overdue: int
    is_missed: bool


class YearOfMeetings(Struct, frozen=True):
    """The page of a year. `verdict` is of the quarters, `quarters` how many meetings each had."""

    year: int
    tabs: tuple[Tab, ...]
    years: tuple[tuple[int, str], ...]
    lines: tuple[MeetingLine, ...]
    verdict: str
    tone: str
    told: str
    quarters: tuple[tuple[str, int], ...]
    begin_href: str | None


class Issue(Struct, frozen=True):
    """An issue as its page shows it; `tone` and `standing` say whether it is settled."""

    kept: Mapping[str, Any]
    source: str
    standing: str
    tone: str
    proofs: tuple[ProofFile, ...]


class MeetingPage(Struct, frozen=True):
    """The page of a meeting."""

    line: MeetingLine
    record: MeetingRecord
    issues: tuple[Issue, ...]
    papers: tuple[tuple[str, str, str | None], ...]
    case_href: str | None


def build_year(runtime: Runtime, year: str, actor: Actor) -> YearOfMeetings:
    """Return the meetings of the year that the address asks for, this year by default."""
    today = this_day()
    with runtime.database.read(actor.scope) as session:
        years = years_of_meetings(session, today)
        chosen = int(year) if year.isdecimal() and year in map(str, years) else today.year
        rows = meetings_of_year(session, chosen)
    lines = tuple(_line(row, today) for row in rows)
    is_duty = bool(actor.roles & CALLERS)
    held = [row.meeting.held_on for row in rows if row.meeting.held_on is not None]
    verdict, tone = _verdict(chosen, held, lines, today) if is_duty else ("", "")
    told = _("今年" if chosen == today.year else "全年") + _("开了 %(n)s 次，宜每季度一次", n=len(held))
    return YearOfMeetings(
        year=chosen,
        tabs=sections("gatherings.meetings"),
        years=tuple((one, url_for("gatherings.meetings", year=one)) for one in years),
        lines=lines,
        verdict=verdict,
        tone=tone,
        told=told if is_duty else "",
        quarters=tuple(
            (_("%(n)s 季度", n=quarter), [quarter_of(day) for day in held].count(quarter))
            for quarter in QUARTERS
        ),
        begin_href=link_to("beginnings.show", process="exchange_meeting", start="meeting_called")
        if is_duty
        else None,
    )


def load_meeting(runtime: Runtime, meeting_id: UUID, actor: Actor) -> MeetingPage:
    """Return the page of a meeting that the person sees. Raises: NotFoundError."""
    today = this_day()
    with runtime.database.read(actor.scope) as session:
        record = meeting_record(session, meeting_id)
        if record is None:
            raise NotFoundError(kind="exchange_meeting", id=str(meeting_id))
        case_id = record.row.meeting.case_id
        sees_case = case_facts(session, case_id) is not None
    return MeetingPage(
        line=_line(record.row, today),
        record=record,
        issues=tuple(
            _issue(kept, proofs, today)
            for kept, proofs in zip(record.row.meeting.issues, record.settling, strict=True)
        ),
        papers=tuple(
            (
                title,
                number,
                url_for("cases.paper_file", case_id=case_id, document_id=paper) if printed else None,
            )
            for paper, title, number, printed in record.papers
        ),
        case_href=url_for("cases.show", case_id=case_id) if sees_case else None,
    )


def _line(row: MeetingRow, today: date) -> MeetingLine:
    meeting = row.meeting
    return MeetingLine(
        row=row,
        href=url_for("gatherings.meeting", meeting_id=meeting.id),
        kind=label("meeting_kind", meeting.kind),
        state=label("meeting_state", meeting.state),
        tone=TONES[meeting.state],
        overdue=row.overdue(today) if meeting.held_on is not None else 0,
        is_missed=meeting.held_on is None and meeting.due < today,
    )


def _verdict(year: int, held: Iterable[date], lines: Iterable[MeetingLine], today: date) -> tuple[str, str]:
    """Return what is to be said of the year: a major issue without a meeting is graver than a quarter (D23)."""
    unanswered = sum(line.is_missed and line.row.meeting.kind == "major_issue" for line in lines)
    if unanswered:
        return _("不符合：%(n)s 个重大问题没有按期开会", n=unanswered), "red"
    now = quarter_of(today) if year == today.year else len(QUARTERS) + 1
    missing = [quarter for quarter in missing_quarters(year, held) if quarter <= now]
    if not missing:
        return _("已达到"), "green"
    if missing == [now]:
        return _("本季度还没开"), "amber"
    past = _("、").join(str(quarter) for quarter in missing if quarter < now)
    return _("提示：缺 %(n)s 季度", n=past), "amber"


def _issue(kept: Mapping[str, Any], proofs: tuple[ProofFile, ...], today: date) -> Issue:
    if kept.get("done_on"):
        standing, tone = _("已落实"), "green"
    elif is_late(kept, today):
        standing, tone = _("逾期"), "red"
    else:
        standing, tone = (_("落实中"), "blue") if kept.get("solution") else (_("待协商"), "")
    return Issue(kept, label("issue_source", kept["source"]), standing, tone, proofs)


def meeting_rows(lines: Iterable[MeetingLine]) -> Iterable[tuple[object, ...]]:
    """Yield the rows of the sheet: each issue with its meeting, a meeting without issues by itself."""
    for line in lines:
        meeting = line.row.meeting
        head = (meeting.number, line.kind, line.row.provider, line.row.on, line.state)
        for issue in meeting.issues or [{}]:
            texts = (str(issue.get(name) or "") for name in ISSUE_COLUMNS)
            yield (*head, *texts)
