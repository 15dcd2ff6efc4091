"""The newest record of a kind that belongs to a visit."""

from sqlalchemy import select

from store.tables import PreContact, ReturnVisit, Visit
from workflows.acts import Act


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
