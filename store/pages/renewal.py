"""What the policies' terms say for the next rate, counted from their records (第十九条)."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from uuid import UUID

from msgspec import Struct
from sqlalchemy import Case, ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import Session

from rules.renewal import RectificationCounts, RiskControl
from store.tables import ChecklistResult, Hazard, Policy, Policyholder, PreContact, Visit


class RenewalCounts(Struct, frozen=True):
    """Counts behind the three grounds: cooperation, rectification, control of risk."""

    visits: int = 0
    rescheduled: int = 0
    entry_refused: int = 0
    due: int = 0
    closed: int = 0
    late: int = 0
    refused: int = 0
    major: int = 0
    baseline_met: int = 0
    baseline_unmet: int = 0
    service_refused: bool = False
    """The unit has refused the service in writing, and that stands (第十三条)."""

    @property
    def rectification(self) -> RectificationCounts:
        """How the hazards fared, as the rules count them."""
        return RectificationCounts(self.due, self.closed, self.late, self.refused)

    def risk_control(self, level: str = "") -> RiskControl:
        """Return how the risk stands, as the rules count it, of a unit of this level."""
        return RiskControl(level, level, self.major, self.baseline_met, self.baseline_unmet)


def renewal_counts(session: Session, policies: Collection[UUID], today: date) -> Mapping[UUID, RenewalCounts]:
    """Return the counts of each policy's term as they stand on a day."""
    visits = _visits(session, policies)
    rescheduled = times_rescheduled(session, policies)
    hazards = _hazards(session, policies, today)
    baseline = _baseline(session, policies)
    refused = _refused(session, policies)
    return {
        policy: RenewalCounts(
            visits=sum(count for state, count in visits[policy].items() if state != "cancelled"),
            rescheduled=rescheduled[policy],
            entry_refused=visits[policy]["entry_refused"],
            **hazards.get(policy, {}),
            baseline_met=baseline[policy]["met"],
            baseline_unmet=baseline[policy]["unmet"],
            service_refused=policy in refused,
        )
        for policy in policies
    }


def times_rescheduled(session: Session, policies: Collection[UUID]) -> Counter[UUID]:
    """Return how often each policy's visits were put off; a round of a visit carries on its earlier ones."""
    latest = (
        select(PreContact.visit_id, func.max(PreContact.round).label("round"))
        .join(Visit, Visit.id == PreContact.visit_id)
        .where(Visit.policy_id.in_(policies))
        .group_by(PreContact.visit_id)
        .subquery()
    )
    of_round = and_(latest.c.visit_id == PreContact.visit_id, latest.c.round == PreContact.round)
    rounds = (
        select(Visit.policy_id, PreContact.reschedules)
        .join(Visit, Visit.id == PreContact.visit_id)
        .join(latest, of_round)
    )
    found = Counter[UUID]()
    for policy, reschedules in session.execute(rounds):
        found[policy] += len(reschedules)
    return found


def _visits(session: Session, policies: Collection[UUID]) -> Mapping[UUID, Counter[str]]:
    of_state = (
        select(Visit.policy_id, Visit.state, func.count())
        .where(Visit.policy_id.in_(policies))
        .group_by(Visit.policy_id, Visit.state)
    )
    return _tallies(session.execute(of_state))


def _baseline(session: Session, policies: Collection[UUID]) -> Mapping[UUID, Counter[str]]:
    answers = (
        select(Visit.policy_id, ChecklistResult.answer, func.count())
        .join(Visit, Visit.id == ChecklistResult.visit_id)
        .where(Visit.policy_id.in_(policies))
        .group_by(Visit.policy_id, ChecklistResult.answer)
    )
    return _tallies(session.execute(answers))


def _tallies(rows: Iterable[tuple[UUID, str, int]]) -> Mapping[UUID, Counter[str]]:
    found = defaultdict[UUID, Counter[str]](Counter)
    for policy, word, count in rows:
        found[policy][word] = count
    return found


def _hazards(session: Session, policies: Collection[UUID], today: date) -> Mapping[UUID, dict[str, int]]:
    """Return what was found, closed, late, refused and major; a withdrawn hazard was none."""
    late = or_(
        Hazard.finished_on > Hazard.original_deadline,
        and_(
            Hazard.finished_on.is_(None),
            Hazard.original_deadline < today,
            Hazard.state != "closed",
            Hazard.notified_on.is_not(None),
        ),
    )
    sums = {
        "due": func.count(),
        "closed": func.sum(_one_if(Hazard.state == "closed")),
        "late": func.sum(_one_if(late)),
        "refused": func.sum(_one_if(Hazard.refused_on.is_not(None))),
        "major": func.sum(_one_if(Hazard.level == "major")),
    }
    counted = (
        select(Visit.policy_id, *(part.label(name) for name, part in sums.items()))
        .join(Visit, Visit.id == Hazard.visit_id)
        .where(Visit.policy_id.in_(policies), Hazard.state != "withdrawn")
        .group_by(Visit.policy_id)
    )
    return {
        row.policy_id: {name: int(getattr(row, name)) for name in sums} for row in session.execute(counted)
    }


def _one_if(condition: ColumnElement[bool]) -> Case[int]:
    return case((condition, 1), else_=0)


def _refused(session: Session, policies: Collection[UUID]) -> set[UUID]:
    refusing = (
        select(Policy.id)
        .join(Policyholder, Policyholder.organization_id == Policy.policyholder_id)
        .where(Policy.id.in_(policies), Policyholder.willingness == "refused_filed")
    )
    return set(session.scalars(refusing))
