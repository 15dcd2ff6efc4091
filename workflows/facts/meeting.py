"""Facts of a meeting with agencies and experts: what it is about, who comes, what became of it."""

from collections.abc import Mapping

from sqlalchemy import or_, select

from forms.context import Choice
from rules.exchange import quarter_of
from rules.periods import period_of
from rules.roles import ROLES
from rules.vocabulary import label
from store.pages.meetings import last_meeting_before, participant_names, unsettled
from store.tables import AgencyProfile, ExchangeMeeting, Expert, Organization, Person, RoleGrant
from workflows.acts import Act
from workflows.facts.groups import about
from workflows.operations.meetings import RESPONSIBLE, open_issues
from workflows.reading import Facts, found

MOST = 200


def meeting_of(act: Act) -> ExchangeMeeting | None:
    """Return the meeting that the case is about."""
    return found(act, ExchangeMeeting, act.case.variables.get("meeting_id"))


def _called(act: Act, meeting: ExchangeMeeting) -> Facts:
    quarter = f"{meeting.due.year} 年第 {quarter_of(meeting.due)} 季度" if meeting.kind == "quarterly" else ""
    return {
        "meeting_kind_name": f"{quarter}{label('meeting_kind', meeting.kind)}",
        "meeting_issue": meeting.issue,
        "meeting_due_on": meeting.due,
        "meeting_last_on": last_meeting_before(act.session, meeting.org_id, meeting.id),
    }


def _held(act: Act, meeting: ExchangeMeeting) -> Facts:
    return {
        "meeting_day": meeting.planned_on,
        "meeting_place": meeting.place,
        "meeting_names": "、".join(participant_names(act.session, meeting.participants)),
        "meeting_held_on": meeting.held_on,
        "meeting_summary": meeting.summary,
        "meeting_opinion": meeting.opinion,
        "meeting_issue_lines": "\n".join(map(issue_line, meeting.issues)),
    }


def issue_line(issue: Mapping[str, object]) -> str:
    """Return an issue in a line: what, how, who, until when."""
    if not issue.get("solution"):
        return str(issue["problem"])
    return f"{issue['problem']}——{issue['solution']}（{issue['responsible_name']}，{issue['due']} 前）"


def issues_to_discuss(act: Act, meeting: ExchangeMeeting) -> list[Mapping[str, object]]:
    """Return the issues of the meeting; before it is planned, what is not settled since the last one."""
    if meeting.issues:
        return meeting.issues
    since = last_meeting_before(act.session, meeting.org_id, meeting.id)
    first_day = period_of("quarter", act.today).first_day
    rows = unsettled(act.session, meeting.org_id, since or first_day)
    own = [("other", meeting.issue)] if meeting.issue else []
    return [{"source": source, "problem": words} for source, words in (*own, *rows)]


def meeting_participants(act: Act) -> list[Choice]:
    """Return who may be asked to come: agencies that are qualified, experts of the provider's pool."""
    agencies = act.session.execute(
        select(Organization.id, Organization.name, AgencyProfile.valid_until)
        .outerjoin(AgencyProfile, AgencyProfile.organization_id == Organization.id)
        .where(
            Organization.kind == "agency",
            Organization.status == "active",
            AgencyProfile.exited_on.is_(None),
            or_(AgencyProfile.valid_until.is_(None), AgencyProfile.valid_until >= act.today),
        )
        .order_by(Organization.name)
        .limit(MOST)
    )
    experts = act.session.execute(
        select(Person.id, Person.name, Expert.qualification)
        .join(Expert, Expert.person_id == Person.id)
        .where(Expert.org_id == act.case.org_id, Expert.status == "active", Person.active)
        .order_by(Person.name, Person.id)
        .limit(MOST)
    )
    return [
        *(Choice(str(key), name, note="技术机构") for key, name, _ in agencies),
        *(Choice(str(key), name, note=label("qualification", held)) for key, name, held in experts),
    ]


def meeting_people(act: Act) -> list[Choice]:
    """Return who of the provider may be made responsible for an issue."""
    rows = act.session.execute(
        select(Person.id, Person.name, RoleGrant.role)
        .join(RoleGrant, RoleGrant.person_id == Person.id)
        .where(
            Person.org_id == act.case.org_id,
            Person.active,
            RoleGrant.role.in_(RESPONSIBLE),
            RoleGrant.revoked_at.is_(None),
        )
        .order_by(Person.name, Person.id)
        .limit(MOST)
    ).all()
    order = {role: place for place, role in enumerate(RESPONSIBLE)}
    ranked = sorted(rows, key=lambda row: order[row.role])
    named = {row.id: Choice(str(row.id), row.name, note=ROLES[row.role].title) for row in reversed(ranked)}
    return list(reversed(named.values()))


def open_actions(act: Act) -> list[Choice]:
    """Return the issues that are not settled, the one that is due first at the head."""
    meeting = meeting_of(act)
    issues = open_issues(meeting) if meeting is not None else {}
    ordered = sorted(issues.items(), key=lambda entry: str(entry[1]["due"]))
    return [
        Choice(
            number,
            str(issue["problem"]),
            note=f"{issue['responsible_name']}，{issue['due']} 前",
            about=str(issue["solution"]),
        )
        for number, issue in ordered
    ]


MEETING_FACTS = (
    about(meeting_of, _called, "meeting_kind_name", "meeting_issue", "meeting_due_on", "meeting_last_on"),
    about(
        meeting_of,
        _held,
        "meeting_day",
        "meeting_place",
        "meeting_names",
        "meeting_held_on",
        "meeting_summary",
        "meeting_opinion",
        "meeting_issue_lines",
    ),
)
"""What forms may read of a meeting (第二十条)."""
