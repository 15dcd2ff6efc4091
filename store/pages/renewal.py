"""What a policy's term says for the next rate, counted from its records (第十九条)."""

from datetime import date
from uuid import UUID

from msgspec import Struct
from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from store.tables import ChecklistResult, Hazard, PreContact, Visit

CLOSED = ("closed", "withdrawn")


class RenewalCounts(Struct, frozen=True):
    """Counts behind the three grounds: cooperation, rectification, control of risk."""

    visits: int
    rescheduled: int
    entry_refused: int
    due: int
    closed: int
    late: int
    refused: int
    major: int
    baseline_met: int
    baseline_unmet: int


def renewal_counts(session: Session, policy_id: UUID, today: date) -> RenewalCounts:
    """Return the counts of a policy's term as they stand on a day."""
    states = dict[str, int]()
    of_policy = select(Visit.state, func.count()).where(Visit.policy_id == policy_id)
    for state, count in session.execute(of_policy.group_by(Visit.state)):
        states[state] = count
    visits = select(Visit.id).where(Visit.policy_id == policy_id)
    hazards = select(func.count()).select_from(Hazard).where(Hazard.visit_id.in_(visits))
    late = or_(
        Hazard.finished_on > Hazard.original_deadline,
        and_(Hazard.finished_on.is_(None), Hazard.original_deadline < today, Hazard.state.not_in(CLOSED)),
    )
    answers = dict[str, int]()
    checked = select(ChecklistResult.answer, func.count()).where(ChecklistResult.visit_id.in_(visits))
    for answer, count in session.execute(checked.group_by(ChecklistResult.answer)):
        answers[answer] = count
    return RenewalCounts(
        visits=sum(count for state, count in states.items() if state != "cancelled"),
        rescheduled=times_rescheduled(session, policy_id),
        entry_refused=states.get("entry_refused", 0),
        due=session.scalar(hazards.where(Hazard.state != "withdrawn")) or 0,
        closed=session.scalar(hazards.where(Hazard.state == "closed")) or 0,
        late=session.scalar(hazards.where(late)) or 0,
        refused=session.scalar(hazards.where(Hazard.refused_on.is_not(None))) or 0,
        major=session.scalar(hazards.where(Hazard.level == "major")) or 0,
        baseline_met=answers.get("met", 0),
        baseline_unmet=answers.get("unmet", 0),
    )


def times_rescheduled(session: Session, policy_id: UUID) -> int:
    """Return how often the policy's visits were put off; each round of a visit carries on its earlier ones."""
    latest = (
        select(PreContact.visit_id, func.max(PreContact.round).label("round"))
        .join(Visit, Visit.id == PreContact.visit_id)
        .where(Visit.policy_id == policy_id)
        .group_by(PreContact.visit_id)
        .subquery()
    )
    of_round = and_(latest.c.visit_id == PreContact.visit_id, latest.c.round == PreContact.round)
    rounds = session.scalars(select(PreContact.reschedules).join(latest, of_round))
    return sum(len(reschedules) for reschedules in rounds)
