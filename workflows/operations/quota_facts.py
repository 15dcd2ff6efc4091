"""What the quota of a policy depends on, gathered from the registers (第十四条, D5 to D7)."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from msgspec.structs import replace
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from rules.policy_years import policy_years, share_of_term, year_before
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
    return QuotaFacts(
        premium=policy.written_premium + sum((max(row.premium_delta, Decimal()) for row in rows), Decimal()),
        term_start=policy.term_start,
        term_end=policy.term_end,
        is_high_risk=is_high_risk_kind(kind, policy.term_start),
        high_risk_kind=kind,
        prior_years=tuple(_prior_year(session, policy, year.first_day) for year in years),
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


def _prior_year(session: Session, policy: Policy, first_day: date) -> PriorYear:
    """Return what happened before a policy year: in its calendar year before, and insured (D7)."""
    insured, year = _insured_before(session, policy, first_day), first_day.year - 1
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


def _insured_before(session: Session, policy: Policy, first_day: date) -> PriorYear:
    """Return the claims reported in the year before that day and the premium for it; nothing if not insured."""
    since, until = year_before(first_day)
    of_unit = (
        Policy.policyholder_id == policy.policyholder_id,
        (Policy.insurer_id == policy.insurer_id) | (Policy.id == policy.previous_policy_id),
        Policy.voided_on.is_(None),
    )
    reported = select(func.count(), func.sum(Claim.paid)).join(Policy, Policy.id == Claim.policy_id)
    count, paid = session.execute(
        reported.where(*of_unit, Claim.reported.between(since, until), Claim.state != WITHDRAWN_CLAIM)
    ).one()
    in_force = select(Policy).where(*of_unit, Policy.term_start <= until, Policy.term_end >= since)
    policies = session.scalars(in_force.order_by(Policy.term_start)).all()
    if not (policies or count):
        return PriorYear()
    premium = sum((_premium_for(row, since, until) for row in policies), Decimal())
    return PriorYear(claim_count=count, paid=paid or Decimal(), premium=premium)


def _premium_for(policy: Policy, since: date, until: date) -> Decimal:
    """Return the part of a policy's premium that insured those days."""
    share = share_of_term((policy.term_start, policy.term_end), since, min(until, last_day(policy)))
    return policy.written_premium * share.numerator / share.denominator


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
