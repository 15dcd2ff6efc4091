"""Facts of a complaint: what the insurer publishes, who complains of what, how it was looked into and answered."""

from datetime import date
from typing import cast

from sqlalchemy import select

from forms.context import Choice
from rules.complaints import latest_extension
from rules.roles import ROLES
from rules.vocabulary import label
from store.tables import Complaint, InsurerProfile, Person, RoleGrant
from workflows.acts import Act
from workflows.facts.groups import Group, about
from workflows.operations.complaints import is_about
from workflows.reading import Facts, found
from workflows.runtime import legal_day

HANDLING = "insurer"
MOST = 200


def _insurer(act: Act) -> InsurerProfile | None:
    return found(act, InsurerProfile, act.case.insurer_id)


def _published(_act: Act, insurer: InsurerProfile) -> Facts:
    return {
        "insurer_complaint_phone": insurer.complaint_phone,
        "insurer_complaint_procedure": insurer.complaint_procedure,
        "insurer_mediation": insurer.mediation_method,
    }


def _complaint(act: Act) -> Complaint | None:
    return found(act, Complaint, act.case.variables.get("complaint_id"))


def _asked(_act: Act, complaint: Complaint) -> Facts:
    due = cast("date", complaint.due)
    person = f"（{complaint.target_person}）" if complaint.target_person else ""
    return {
        "complaint_by": complaint.complainant,
        "complaint_target_name": f"{label('complaint_target', complaint.target)}{person}",
        "complaint_received_on": legal_day(complaint.received_at),
        "complaint_request": complaint.request,
        "complaint_due_on": due,
        "complaint_latest": latest_extension(due),
    }


def _answered(_act: Act, complaint: Complaint) -> Facts:
    return {
        "complaint_statement": complaint.statement,
        "complaint_restated": complaint.restated,
        "complaint_findings": complaint.findings,
        "complaint_basis": complaint.basis,
        "complaint_measures": complaint.measures,
        "complaint_remedy": complaint.remedy,
        "complaint_comment": complaint.comment,
    }


def complaint_handlers(act: Act) -> list[Choice]:
    """Return the insurer's people who may handle the case's complaint: not whom it is about."""
    complaint = _complaint(act)
    if complaint is None:
        return []
    rows = act.session.scalars(
        select(Person)
        .join(RoleGrant, RoleGrant.person_id == Person.id)
        .where(
            Person.org_id == complaint.insurer_id,
            Person.active.is_(True),
            RoleGrant.role == HANDLING,
            RoleGrant.revoked_at.is_(None),
        )
        .order_by(Person.name, Person.id)
        .limit(MOST)
    )
    return [
        Choice(str(row.id), row.name, note=ROLES[HANDLING].title)
        for row in rows
        if not is_about(complaint, row.name)
    ]


COMPLAINT_FACTS = (
    Group(lambda act: {"by_policyholder": act.actor.has("policyholder")}, frozenset({"by_policyholder"})),
    about(
        _insurer,
        _published,
        "insurer_complaint_phone",
        "insurer_complaint_procedure",
        "insurer_mediation",
    ),
    about(
        _complaint,
        _asked,
        "complaint_by",
        "complaint_target_name",
        "complaint_received_on",
        "complaint_request",
        "complaint_due_on",
        "complaint_latest",
    ),
    about(
        _complaint,
        _answered,
        "complaint_statement",
        "complaint_restated",
        "complaint_findings",
        "complaint_basis",
        "complaint_measures",
        "complaint_remedy",
        "complaint_comment",
    ),
)
"""What forms may read of a complaint."""
