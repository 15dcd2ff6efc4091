"""The units that a gathering may be meant for: those with a policy in force, with what conditions may ask of them."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from uuid import UUID

from msgspec import Struct
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from rules.vocabulary import label
from store.pages.register_lists import district_name
from store.pages.visit_counts import in_force
from store.tables import GroupTraining, Organization, Policy, Policyholder, TrainingInvitation


class InsuredUnit(Struct, frozen=True):
    """A unit with a policy in force. `facts` is what a condition reads, in Chinese words."""

    id: UUID
    name: str
    address: str
    contact: str
    insurer_id: UUID | None
    region_code: str | None
    industry: str | None
    facts: Mapping[str, object]


def insured_units(session: Session, org_id: UUID, on: date) -> list[InsuredUnit]:
    """Return the provider's units with a policy in force on the day, by name."""
    premiums = (
        select(Policy.policyholder_id, func.sum(Policy.written_premium).label("premium"))
        .where(Policy.org_id == org_id, in_force(on))
        .group_by(Policy.policyholder_id)
        .subquery()
    )
    rows = session.execute(
        select(Policyholder, Organization.name, premiums.c.premium)
        .join(premiums, premiums.c.policyholder_id == Policyholder.organization_id)
        .join(Organization, Organization.id == Policyholder.organization_id)
        .order_by(Organization.name, Organization.id)
    ).all()
    invited = invitations_of_year(session, org_id, on.year)
    return [_unit(unit, name, premium, invited.get(unit.organization_id, 0)) for unit, name, premium in rows]


def invitations_of_year(session: Session, org_id: UUID, year: int) -> dict[UUID | None, int]:
    """Return how many trainings of the year have invited each unit; cancelled ones have not."""
    rows = session.execute(
        select(TrainingInvitation.policyholder_id, func.count())
        .join(GroupTraining, GroupTraining.id == TrainingInvitation.training_id)
        .where(
            TrainingInvitation.org_id == org_id,
            GroupTraining.planned_on.between(date(year, 1, 1), date(year, 12, 31)),
            GroupTraining.state != "cancelled",
        )
        .group_by(TrainingInvitation.policyholder_id)
    )
    return {row[0]: row[1] for row in rows}


def _unit(unit: Policyholder, name: str, premium: Decimal, invited: int) -> InsuredUnit:
    facts = {
        "high_risk_kind": label("high_risk_kind", unit.high_risk_kind) if unit.high_risk_kind else "",
        "risk_level": label("risk_level", unit.risk_level) if unit.risk_level else "",
        "risk_tags": [label("risk_tag", str(tag)) for tag in unit.risk_tags],
        "district": district_name(unit.region_code),
        "is_key": unit.is_key,
        "premium": premium,
        "invited_this_year": invited,
    }
    return InsuredUnit(
        unit.organization_id,
        name,
        unit.address or "",
        unit.contact or "",
        unit.insurer_id,
        unit.region_code,
        unit.industry,
        facts,
    )
