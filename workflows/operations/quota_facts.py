"""What the quota of a policy depends on, gathered from the registers (第十四条, D5 to D7)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from rules.policy_years import policy_years
from rules.visit_counting import Activity, ActivityKind, ActivityStatus, last_effective_day
from rules.visit_quota import (
    PriorYear,
    Quota,
    QuotaFacts,
    is_high_risk_kind,
    max_injured,
    recompute_after_endorsement,
    visits_owed,
)
from store.tables import AccidentFact, Claim, Endorsement, Policy, Policyholder, Visit, YearFact

WITHDRAWN_CLAIM = "withdrawn"
_STATES = {
    "completed": ActivityStatus.COMPLETED,
    "archived": ActivityStatus.COMPLETED,
    "entry_refused": ActivityStatus.ENTRY_REFUSED,
    "cancelled": ActivityStatus.CANCELLED,
}


def quota_facts(
    session: Session, policy: Policy, endorsed: Sequence[Endorsement] | None = None
) -> QuotaFacts:
    """Return the facts of the quota as the registers have them now; refunds do not lower the band (D6)."""
    unit = session.get(Policyholder, policy.policyholder_id)
    kind = unit.high_risk_kind if unit is not None else "none"
    years = policy_years(policy.term_start, policy.term_end)
    rows = endorsements(session, policy) if endorsed is None else endorsed
    insured = _insured_before(session, policy)
    return QuotaFacts(
        premium=policy.written_premium + sum((max(row.premium_delta, Decimal()) for row in rows), Decimal()),
        term_start=policy.term_start,
        term_end=policy.term_end,
        is_high_risk=is_high_risk_kind(kind, policy.term_start),
        high_risk_kind=kind,
        prior_years=tuple(_prior_year(session, policy, year.first_day.year - 1, insured) for year in years),
    )


def current_quota(session: Session, policy: Policy, facts: QuotaFacts | None = None) -> Quota:
    """Return what the policy owes now: as signed, then raised by each endorsement on its day (第十四条, D6)."""
    rows = endorsements(session, policy)
    facts = facts or quota_facts(session, policy, rows)
    premium = policy.written_premium
    quota = visits_owed(replace(facts, premium=premium))
    for row in rows:
        premium += max(row.premium_delta, Decimal())
        quota = recompute_after_endorsement(quota, replace(facts, premium=premium), row.effective)
    return quota


def endorsements(session: Session, policy: Policy) -> Sequence[Endorsement]:
    """Return the policy's endorsements in the order of the days from which they count."""
    query = select(Endorsement).where(Endorsement.policy_id == policy.id)
    return session.scalars(query.order_by(Endorsement.effective, Endorsement.id)).all()


def _prior_year(session: Session, policy: Policy, year: int, insured: PriorYear) -> PriorYear:
    """Add to what is known of the insurance before what happened in the calendar year before (D7)."""
    fact = session.scalar(
        select(YearFact).where(YearFact.policyholder_id == policy.policyholder_id, YearFact.year == year)
    )
    if fact is None:
        return insured
    accidents = list(session.scalars(select(AccidentFact).where(AccidentFact.year_fact_id == fact.id)))
    return replace(
        insured,
        deaths=sum(accident.deaths for accident in accidents),
        max_injured_in_one_accident=max_injured(a.injured for a in accidents),
        dishonesty_listing=fact.dishonesty_listing,
    )


def _insured_before(session: Session, policy: Policy) -> PriorYear:
    """Return the claims and the premium of the policy of the year before; nothing if there was none."""
    before = previous_policy(session, policy)
    if before is None:
        return PriorYear()
    query = select(Claim).where(Claim.policy_id == before.id, Claim.state != WITHDRAWN_CLAIM)
    claims = list(session.scalars(query))
    paid = sum((claim.paid for claim in claims), Decimal())
    return PriorYear(claim_count=len(claims), paid=paid, premium=before.written_premium)


def previous_policy(session: Session, policy: Policy) -> Policy | None:
    """Return the policy of the year before: the one it names, else the unit's latest that ended before it."""
    if policy.previous_policy_id is not None:
        return session.get(Policy, policy.previous_policy_id)
    return session.scalar(
        select(Policy)
        .where(
            Policy.policyholder_id == policy.policyholder_id,
            Policy.insurer_id == policy.insurer_id,
            Policy.term_end < policy.term_start,
        )
        .order_by(Policy.term_end.desc())
        .limit(1)
    )


def activities(session: Session, policy: Policy) -> list[Activity]:
    """Return the policy's visits as the counting rule reads them (D18)."""
    visits = session.scalars(
        select(Visit).where(Visit.policy_id == policy.id).order_by(Visit.sequence, Visit.id)
    )
    return [
        Activity(
            ActivityKind.OFFLINE_VISIT,
            visit.completed_on or visit.planned_on or policy.term_start,
            _STATES.get(visit.state, ActivityStatus.PLANNED),
        )
        for visit in visits
    ]


def last_day(policy: Policy) -> date:
    """Return the last day on which the policy is in force (D6)."""
    return last_effective_day(policy.term_end, policy.surrender_effective)
