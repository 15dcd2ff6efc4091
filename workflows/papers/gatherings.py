"""Papers of a group training (第十五条), and of a meeting with agencies and experts (第二十条)."""

from collections.abc import Mapping

from sqlalchemy import select

from rules.vocabulary import label
from store.pages.meetings import participant_names
from store.tables import Document, ExchangeMeeting, GroupTraining, Organization, Policyholder
from workflows.acts import Act
from workflows.papers.common import Content
from workflows.records import invitations_of
from workflows.subjects import existing


def training_invitation(act: Act, document: Document) -> Content:
    """Return the letters to the invited units that have no account, a page each."""
    training = existing(act.session, GroupTraining, document.subject_id)
    asked = [row.policyholder_id for row in invitations_of(act, training) if row.channel == "letter"]
    rows = act.session.execute(
        select(Organization.name, Policyholder.address, Policyholder.contact)
        .join(Policyholder, Policyholder.organization_id == Organization.id)
        .where(Organization.id.in_(asked))
        .order_by(Organization.name)
    )
    addressees = [
        {"name": name, "address": address or "", "contact": contact or ""} for name, address, contact in rows
    ]
    return {**_plan(training), "held_on": training.planned_on, "addressees": addressees}


def training_record(act: Act, document: Document) -> Content:
    """Return the record of a training that was held: what, where, by whom, who came."""
    training = existing(act.session, GroupTraining, document.subject_id)
    invited = invitations_of(act, training)
    came = {row.policyholder_id: row for row in invited if row.people}
    named = act.session.execute(
        select(Organization.id, Organization.name)
        .where(Organization.id.in_(came))
        .order_by(Organization.name)
    )
    return {
        **_plan(training),
        "training_number": training.number,
        "audience": label("training_audience", training.audience),
        "held_on": training.held_on,
        "invited": sum(row.channel != "walk_in" for row in invited),
        "households": len(came),
        "people": sum(row.people for row in came.values()),
        "attendance": [
            {
                "name": name,
                "people": came[unit].people,
                "invited": label("invitation_channel", came[unit].channel),
            }
            for unit, name in named
        ],
        "materials": len(training.material),
        "sheets": len(training.sheet),
        "signatures": [{"party": "讲师"}, {"party": "第三方服务机构", "seal": True}],
    }


def _plan(training: GroupTraining) -> Mapping[str, object]:
    names = ("topic", "focus", "starts_at", "place", "speaker")
    return {
        **{name: getattr(training, name) for name in names},
        "mode": label("training_mode", training.mode),
    }


def meeting_minutes(act: Act, document: Document) -> Content:
    """Return the minutes of a meeting with agencies and experts: who met, what was agreed (第二十条)."""
    meeting = existing(act.session, ExchangeMeeting, document.subject_id)
    return {
        **{name: getattr(meeting, name) for name in ("held_on", "place", "guests", "issue", "summary")},
        "meeting_number": meeting.number,
        "kind": label("meeting_kind", meeting.kind),
        "participants": participant_names(act.session, meeting.participants),
        "issues": [
            {
                "source": label("issue_source", issue["source"]),
                "problem": issue["problem"],
                "solution": issue["solution"],
                "responsible": issue["responsible_name"],
                "due": issue["due"],
            }
            for issue in meeting.issues
        ],
        "signatures": [{"party": "第三方服务机构", "seal": True}],
    }
