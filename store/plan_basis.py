"""What a yearly plan rests on: last year's premium, units by tier, visits that they would be owed (第十六条)."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from uuid import UUID

from msgspec import Struct, field
from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from rules.amounts import to_fen
from rules.parameters import Band, bands, standard_day
from rules.prevention_fund import net_premium
from rules.visit_quota import QuotaFacts, is_high_risk_kind, visits_owed
from store.fund_year import signed_in
from store.tables import Engagement, Organization, Policy, QuotaSnapshot

TIERS = "visit_tiers"
TEN_THOUSAND = 10_000
_INSURING = "insurer_provider"


class _Part(Struct):
    """Units, premium and visits of an insurer or of a tier, added up."""

    units: set[UUID | None] = field(default_factory=set)
    premium: Decimal = Decimal(0)
    visits: int = 0

    def add(self, unit: UUID | None, premium: Decimal, visits: int) -> None:
        """Add a policy."""
        self.units.add(unit)
        self.premium += premium
        self.visits += visits

    def told(self) -> dict[str, object]:
        """Return what is frozen."""
        return {"units": len(self.units), "premium": str(self.premium), "visits": self.visits}


def plan_basis(session: Session, org_id: UUID, year: int) -> dict[str, object]:
    """Return the figures of the year before that a provider's plan rests on, ready to be frozen."""
    rows = _policies(session, org_id, year - 1)
    tiers_of_year = bands(TIERS, standard_day(date(year, 1, 1))).value
    whole, tiers, insurers = _Part(), dict[str, _Part](), dict[UUID | None, _Part]()
    for row in rows:
        premium, visits = net_premium(row.written_premium, row.refunded), _visits(row)
        tier = next(band for band in reversed(tiers_of_year) if to_fen(row.written_premium) >= band.at_least)
        for part in (
            whole,
            tiers.setdefault(_name(tier), _Part()),
            insurers.setdefault(row.insurer_id, _Part()),
        ):
            part.add(row.policyholder_id, premium, visits)
    names = _insurers(session, org_id, insurers)
    return {
        **whole.told(),
        "year": year - 1,
        "tiers": [
            {"tier": tier, **tiers[tier].told()} for tier in map(_name, tiers_of_year) if tier in tiers
        ],
        "insurers": [
            {"id": str(one), "name": name, **insurers.get(one, _Part()).told()} for one, name in names
        ],
    }


def _policies(session: Session, org_id: UUID, year: int) -> list[Row[*tuple[object, ...]]]:
    quota = (
        select(QuotaSnapshot.policy_id, func.max(QuotaSnapshot.required).label("required"))
        .where(QuotaSnapshot.policy_year == 1)
        .group_by(QuotaSnapshot.policy_id)
        .subquery()
    )
    columns = (Policy.insurer_id, Policy.policyholder_id, Policy.written_premium, Policy.refunded)
    more = (Policy.term_start, Policy.term_end, Policy.industry, quota.c.required)
    query = select(*columns, *more).outerjoin(quota, quota.c.policy_id == Policy.id)
    return list(
        session.execute(query.where(Policy.org_id == org_id, signed_in(year), Policy.voided_on.is_(None)))
    )


def _visits(row: Row[*tuple[object, ...]]) -> int:
    """Return the visits of a policy year as they were computed last, else what the rules say of its own facts."""
    if row.required is not None:
        return int(row.required)
    kind = row.industry or "none"
    high = is_high_risk_kind(kind, standard_day(row.term_start))
    return visits_owed(
        QuotaFacts(row.written_premium, row.term_start, row.term_end, high, kind)
    ).per_policy_year


def _name(band: Band) -> str:
    if band.below is None:
        return f"{band.at_least / TEN_THOUSAND:f} 万元以上"
    upper = f"{band.below / TEN_THOUSAND:f} 万元"
    return f"{band.at_least / TEN_THOUSAND:f}–{upper}" if band.at_least else f"不满 {upper}"


def _insurers(session: Session, org_id: UUID, known: Iterable[UUID | None]) -> list[tuple[UUID, str]]:
    """Return the insurers that the provider serves, by last year's policies or by a contract, in order of name."""
    contracted = select(Engagement.party_a_id).where(
        Engagement.kind == _INSURING, Engagement.org_id == org_id
    )
    served = Organization.id.in_(contracted) | Organization.id.in_([one for one in known if one])
    query = select(Organization.id, Organization.name).where(Organization.kind == "insurer", served)
    return [(row.id, row.name) for row in session.execute(query.order_by(Organization.name))]
