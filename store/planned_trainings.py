"""The group trainings that a provider's filed plan foresees, and which of them were begun (第十五、十六条)."""

from collections.abc import Mapping
from uuid import UUID

from msgspec import Struct
from sqlalchemy import select
from sqlalchemy.orm import Session

from store.tables import AnnualPlan, Case

PROCESS = "group_training"


class Foreseen(Struct, frozen=True):
    """A training of a plan; `case_id` once it was begun."""

    plan_id: UUID
    position: int
    row: Mapping[str, str]
    key: str
    case_id: UUID | None = None


def foreseen_trainings(session: Session, org_id: UUID, year: int) -> list[Foreseen]:
    """Return the trainings of a year's filed plan; a revision that leaves one as it is leaves its key."""
    query = select(AnnualPlan).where(
        AnnualPlan.org_id == org_id, AnnualPlan.year == year, AnnualPlan.state == "filed"
    )
    plan = session.scalar(query.order_by(AnnualPlan.version.desc()).limit(1))
    if plan is None:
        return []
    keys = [f"plan:{org_id}:{row['planned_on']}:{row['topic']}" for row in plan.trainings]
    cases = select(Case.business_key, Case.id).where(Case.process == PROCESS, Case.business_key.in_(keys))
    begun = {row.business_key: row.id for row in session.execute(cases)}
    return [
        Foreseen(plan.id, number, row, key, begun.get(key))
        for number, (row, key) in enumerate(zip(plan.trainings, keys, strict=True))
    ]
