"""Meetings with agencies and experts: called, held, and followed until each issue is settled (第二十条)."""

from collections.abc import Mapping
from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select

from rules.exchange import needs_extra_meeting
from rules.periods import period_of
from rules.vocabulary import label
from store.numbers import take_number
from store.search import bigrams
from store.tables import Case, ExchangeMeeting, Notice, Organization, Person, RoleGrant
from store.types import JsonObject
from workflows.acts import Act, Opening, Subject
from workflows.catalogue import Inputs, Outputs, operation
from workflows.errors import AnswersRefusedError
from workflows.operations.answers import Answers
from workflows.operations.deadlines import as_day, meet, owe
from workflows.subjects import existing

PROCESS: Final = "exchange_meeting"
MAJOR: Final = "major_issue"
RESPONSIBLE: Final = ("coordinator", "provider_manager", "expert")
"""Who may be made responsible for an issue, in the order of whose desk it comes to."""
_LONGEST_ISSUE = 500


def _meeting(act: Act, inputs: Inputs) -> ExchangeMeeting:
    return existing(act.session, ExchangeMeeting, inputs["meeting_id"])


@operation("召集会议", outputs=("kind", "issue", "issue_on"))
def request_meeting(act: Act, inputs: Inputs) -> Outputs:
    """Take why a person calls a meeting: for the quarter, or for a major issue of some day."""
    answers = Answers(inputs)
    issue_on = answers.day("issue_on") or act.today
    return {"kind": answers.text("kind"), "issue": answers.text("issue"), "issue_on": issue_on}


@operation("提出重大问题", inputs=("about", "record_id"))
def raise_major_issue(act: Act, inputs: Inputs) -> Outputs:
    """Have a meeting called about a major issue; one that is called and not yet held is about this one as well."""
    issue = f"{act.case.title}：{inputs['about']}"[:_LONGEST_ISSUE]
    if _awaits_meeting(act):
        act.say("meeting.awaited", f"重大问题“{issue}”：已有待开的重大问题会议，一并协商")
        return {}
    org = existing(act.session, Organization, act.case.org_id)
    number = take_number(act.session, org.id, "XS", act.today.year)
    variables = {"kind": MAJOR, "issue": issue, "issue_on": act.today}
    key = f"{MAJOR}:{inputs['record_id']}:{act.case.version}"
    title = f"{org.name} 重大问题协商"
    act.open_case(Opening(PROCESS, key, number, title, variables, Subject(org.id)))
    act.say("meeting.raised", f"重大问题“{issue}”：开单召集协商会议 {number}")
    return {}


def _awaits_meeting(act: Act) -> bool:
    query = select(ExchangeMeeting.id).where(
        ExchangeMeeting.org_id == act.case.org_id, ExchangeMeeting.kind == MAJOR, _is_prepared()
    )
    return act.session.scalar(query.join(Case, Case.id == ExchangeMeeting.case_id).limit(1)) is not None


def _is_prepared() -> ColumnElement[bool]:
    """Return the condition that a meeting is called and not yet held; its case is joined."""
    return and_(ExchangeMeeting.held_on.is_(None), Case.status == "open")


@operation(
    "登记会议",
    inputs=("kind", "issue", "issue_on", "period", "last_day"),
    outputs=("is_needed", "meeting_id", "due", "provisional"),
)
def open_meeting(act: Act, inputs: Inputs) -> Outputs:
    """Register the meeting and its last day; the quarter's needs none if one was held, or is being prepared."""
    kind = str(inputs["kind"] or "quarterly")
    last = as_day(inputs["last_day"]) or period_of("quarter", act.today).last_day
    if inputs["period"] and _has_meeting(act, last):
        act.say("meeting.superfluous", "本季已经开过或正在安排协商会议，不另开")
        return {"is_needed": False, "meeting_id": None, "due": None, "provisional": None}
    issue_on = as_day(inputs["issue_on"]) or act.today
    is_major = kind == MAJOR
    owed = (
        owe(act, "meeting_extra", issue_on) if is_major else owe(act, "meeting_quarter", act.today, due=last)
    )
    meeting = ExchangeMeeting(
        number=act.case.number,
        case_id=act.case.id,
        kind=kind,
        issue=str(inputs["issue"] or "") if is_major else "",
        issue_on=issue_on if is_major else None,
        due=owed.due,
        **act.owners(),
    )
    act.session.add(meeting)
    act.session.flush()
    act.say("meeting.called", f"{label('meeting_kind', kind)}会议，最晚 {owed.due} 召开")
    return {
        "is_needed": True,
        "meeting_id": str(meeting.id),
        "due": owed.due,
        "provisional": owed.provisional,
    }


def _has_meeting(act: Act, last: date) -> bool:
    held = ExchangeMeeting.held_on.between(period_of("quarter", last).first_day, last)
    query = select(ExchangeMeeting.id).where(ExchangeMeeting.org_id == act.case.org_id)
    soon = and_(_is_prepared(), ExchangeMeeting.due <= last)
    query = query.join(Case, Case.id == ExchangeMeeting.case_id).where(or_(held, soon))
    return act.session.scalar(query.limit(1)) is not None


@operation("记会议安排", inputs=("meeting_id",))
def plan_meeting(act: Act, inputs: Inputs) -> Outputs:
    """Keep when, where, with whom and about what; tell those who are asked to come (第二十条)."""
    answers, meeting = Answers(inputs), _meeting(act, inputs)
    meeting.planned_on, meeting.place = answers.day("planned_on"), answers.text("place")
    meeting.participants, meeting.guests = answers.many("participants"), answers.text("guests")
    meeting.issues = [_issue(row) for row in answers.rows("issues")]
    meeting.state = "planned"
    act.case.title = f"{label('meeting_kind', meeting.kind)}会议 {meeting.planned_on}"
    act.case.bigrams = bigrams(f"{act.case.title} {act.case.number}")
    for participant in meeting.participants:
        act.session.add(_asked(act, meeting, str(participant)))
    act.say(
        "meeting.planned",
        f"{meeting.planned_on} 在{meeting.place}开会，请 {len(meeting.participants)} 家（人），"
        f"谈 {len(meeting.issues)} 个问题",
    )
    return {}


def _issue(row: Answers) -> JsonObject:
    return {"source": row.text("source"), "problem": row.text("problem")}


def _asked(act: Act, meeting: ExchangeMeeting, participant: str) -> Notice:
    """Return the line behind the bell of an agency's manager, or of a person."""
    agency = act.session.get(Organization, UUID(participant))
    return Notice(
        person_id=None if agency is not None else UUID(participant),
        role="agency_manager" if agency is not None else None,
        holder_id=agency.id if agency is not None else None,
        case_id=act.case.id,
        kind="notice",
        title=f"请参加{label('meeting_kind', meeting.kind)}会议，{meeting.planned_on} {meeting.place}",
        link=f"/gatherings/meetings/{meeting.id}",
        at=act.now,
    )


@operation("记会议", inputs=("meeting_id",))
def record_meeting(act: Act, inputs: Inputs) -> Outputs:
    """Keep the meeting with its sheet, and of each issue who does what by when (第二十条)."""
    answers, meeting = Answers(inputs), _meeting(act, inputs)
    held_on = answers.day("held_on") or act.today
    if meeting.issue_on is not None and needs_extra_meeting(meeting.issue_on, [held_on]):
        raise AnswersRefusedError({"held_on": f"问题发生在 {meeting.issue_on}，以前开的会不算（第二十条）"})
    meeting.held_on, meeting.state = held_on, "held"
    meeting.participants, meeting.guests = answers.many("participants"), answers.text("guests")
    meeting.attendance, meeting.minutes = answers.many("attendance"), answers.many("minutes")
    meeting.summary = answers.text("summary")
    meeting.issues = [_solved(act, row) for row in answers.rows("issues")]
    for kind in ("meeting_quarter", "meeting_extra"):
        meet(act, kind, held_on)
    act.say("meeting.held", f"{held_on} 开会，议定 {len(meeting.issues)} 个问题的方案、责任人和期限")
    return {}


def _solved(act: Act, row: Answers) -> JsonObject:
    responsible = existing(act.session, Person, row.person("responsible"))
    return {
        **_issue(row),
        "solution": row.text("solution"),
        "responsible": str(responsible.id),
        "responsible_name": responsible.name,
        "due": str(row.day("due")),
    }


@operation("记纪要审核", inputs=("meeting_id",))
def record_minutes_approval(act: Act, inputs: Inputs) -> Outputs:
    """Keep why minutes are sent back."""
    _meeting(act, inputs).opinion = Answers(inputs).text("opinion")
    return {}


@operation(
    "找下一条要落实的",
    inputs=("meeting_id",),
    outputs=("open_actions", "responsible_id", "responsible_role", "due", "provisional"),
)
def next_action(act: Act, inputs: Inputs) -> Outputs:
    """Return how many issues are not settled, and whose turn it is: of the one that is due first."""
    meeting = _meeting(act, inputs)
    waiting = sorted(open_issues(meeting).values(), key=lambda issue: str(issue["due"]))
    meeting.state = "following" if waiting else "done"
    if not waiting:
        act.say("meeting.settled", f"会议议定的 {len(meeting.issues)} 个问题都已落实")
        none = dict.fromkeys(("responsible_id", "responsible_role", "due", "provisional"))
        return {"open_actions": 0, **none}
    first = waiting[0]
    owed = owe(act, "action", meeting.held_on or act.today, due=as_day(first["due"]))
    return {
        "open_actions": len(waiting),
        "responsible_id": str(first["responsible"]),
        "responsible_role": _role_of(act, first["responsible"]),
        "due": owed.due,
        "provisional": owed.provisional,
    }


def open_issues(meeting: ExchangeMeeting) -> dict[str, Mapping[str, object]]:
    """Return the issues that are not settled, by their number in the minutes."""
    return {str(n): issue for n, issue in enumerate(meeting.issues, 1) if not issue.get("done_on")}


def _role_of(act: Act, person_id: object) -> str:
    held = select(RoleGrant.role).where(
        RoleGrant.person_id == UUID(str(person_id)), RoleGrant.revoked_at.is_(None)
    )
    roles = set(act.session.scalars(held))
    return next((role for role in RESPONSIBLE if role in roles), RESPONSIBLE[0])


@operation("记落实情况", inputs=("meeting_id",))
def record_action(act: Act, inputs: Inputs) -> Outputs:
    """Keep what was done about one issue, with its proof (第二十条)."""
    answers, meeting = Answers(inputs), _meeting(act, inputs)
    number, done_on = answers.text("action"), answers.day("done_on") or act.today
    if number not in open_issues(meeting):
        raise AnswersRefusedError({"action": "这个问题已经落实，请选还没有落实的"})
    done = {"done_on": str(done_on), "result": answers.text("result"), "proof": answers.many("proof")}
    meeting.issues = [
        {**issue, **done} if str(n) == number else issue for n, issue in enumerate(meeting.issues, 1)
    ]
    meet(act, "action", done_on)
    act.say("meeting.action", f"落实第 {number} 个问题：{answers.text('result')}")
    return {}
