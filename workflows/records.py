"""What belongs to a case: who is sent on its visit, the newest record of a kind, its training."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from store.tables import GroupTraining, PreContact, ReturnVisit, TrainingInvitation, Visit, VisitMember
from workflows.acts import Act


def team_of(act: Act, visit: Visit) -> list[UUID]:
    """Return the ids of the people on the visit, the lead first."""
    members = act.session.scalars(
        select(VisitMember)
        .where(VisitMember.visit_id == visit.id, VisitMember.removed_at.is_(None))
        .order_by(VisitMember.is_lead.desc(), VisitMember.id)
    )
    return [member.person_id for member in members]


def latest_pre_contact(act: Act, visit: Visit) -> PreContact | None:
    """Return the latest agreement about a visit."""
    return act.session.scalar(
        select(PreContact).where(PreContact.visit_id == visit.id).order_by(PreContact.round.desc()).limit(1)
    )


def latest_return_visit(act: Act, visit: Visit) -> ReturnVisit | None:
    """Return the latest return visit that reached somebody."""
    return act.session.scalar(
        select(ReturnVisit)
        .where(ReturnVisit.visit_id == visit.id, ReturnVisit.reached.is_(True))
        .order_by(ReturnVisit.attempt.desc())
        .limit(1)
    )


def training_of(act: Act) -> GroupTraining | None:
    """Return the training that the case is about, None until it is planned."""
    return act.session.scalar(select(GroupTraining).where(GroupTraining.case_id == act.case.id))


def invitations_of(act: Act, training: GroupTraining) -> Sequence[TrainingInvitation]:
    """Return whom a training has invited."""
    query = select(TrainingInvitation).where(TrainingInvitation.training_id == training.id)
    return act.session.scalars(query.order_by(TrainingInvitation.id)).all()
