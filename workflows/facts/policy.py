"""Facts of a policy, its quota, its scheme and its year's end."""

from decimal import Decimal

from sqlalchemy import select

from rules.amounts import percent
from store.quota import latest_snapshot
from store.tables import Policy, Policyholder, RateEvidence, ServiceScheme
from workflows.acts import Act
from workflows.facts.groups import about
from workflows.operations.deadlines import as_day
from workflows.operations.fund import plan_in_force, spent
from workflows.operations.quota import progress
from workflows.operations.quota_facts import quota_facts
from workflows.reading import Facts, found, labels
from workflows.renewals import Rating


def _policy(act: Act) -> Policy | None:
    return found(act, Policy, act.case.policy_id)


def _terms(act: Act, policy: Policy) -> Facts:
    unit = found(act, Policyholder, act.case.policyholder_id)
    return {
        "term_start": policy.term_start,
        "term_end": policy.term_end,
        "written_premium": policy.written_premium,
        "is_key": unit.is_key if unit is not None else False,
        "address": unit.address if unit is not None else "",
        "risk_level": unit.risk_level if unit is not None else None,
    }


def _claims(act: Act, policy: Policy) -> Facts:
    before = quota_facts(act.session, policy).prior_years[0]
    ratio = percent(before.paid or Decimal(), before.premium or Decimal())
    return {"claim_count": before.claim_count or 0, "loss_ratio": None if ratio is None else f"{ratio}%"}


def _quota(act: Act, policy: Policy) -> Facts:
    snapshot = latest_snapshot(act.session, policy.id)
    if snapshot is None:
        return {}
    status = progress(act, policy)
    return {
        "by_premium": snapshot.by_premium,
        "by_industry": snapshot.by_industry,
        "by_history": snapshot.by_history,
        "required": status["required"],
        "counted": status["counted"],
        "short": status["short"],
    }


def latest_scheme(act: Act, policy: Policy) -> ServiceScheme | None:
    """Return the newest version of the policy's scheme."""
    return act.session.scalar(
        select(ServiceScheme)
        .where(ServiceScheme.policy_id == policy.id)
        .order_by(ServiceScheme.version.desc())
        .limit(1)
    )


def _scheme(act: Act, policy: Policy) -> Facts:
    scheme = latest_scheme(act, policy)
    if scheme is None:
        return {}
    return {
        "frequency": scheme.frequency,
        "time_limit": as_day(scheme.time_limit or None),
        "scheme_number": scheme.number or "",
        "scheme_item_names": labels("service_item", scheme.items),
        "scheme_risk_state": scheme.risk_state,
        "scheme_measures": scheme.measures,
        "scheme_effect": scheme.expected_effect,
        "scheme_experts": scheme.org_experts,
        "scheme_guarantee": scheme.guarantee,
        "scheme_complaints": scheme.complaint_arbitration,
        "requested_change": scheme.requested_change,
        "opinion": scheme.opinion,
    }


def _evidence(act: Act, policy: Policy) -> Facts:
    if act.case.visit_id is not None or act.case.hazard_id is not None:
        return {}
    evidence = act.session.scalar(
        select(RateEvidence)
        .where(RateEvidence.policy_id == policy.id)
        .order_by(RateEvidence.prepared_at.desc())
        .limit(1)
    )
    if evidence is None:
        return {}
    return {**evidence.factors, "rating": Rating.kept_in(evidence.factors).words}


def _plan(act: Act, _: Policy) -> Facts:
    plan = plan_in_force(act)
    if plan is None:
        return {"plan_total": None, "plan_spent": None, "plan_remaining": None}
    used = spent(act, plan)
    return {"plan_total": plan.total, "plan_spent": used, "plan_remaining": plan.total - used}


POLICY_FACTS = (
    about(_policy, _terms, "term_start", "term_end", "written_premium", "is_key", "address", "risk_level"),
    about(_policy, _claims, "claim_count", "loss_ratio"),
    about(_policy, _quota, "by_premium", "by_industry", "by_history", "required", "counted", "short"),
    about(
        _policy,
        _scheme,
        "frequency",
        "time_limit",
        "scheme_number",
        "scheme_item_names",
        "scheme_risk_state",
        "scheme_measures",
        "scheme_effect",
        "scheme_experts",
        "scheme_guarantee",
        "scheme_complaints",
        "requested_change",
        "opinion",
    ),
    about(
        _policy,
        _evidence,
        "reschedule_count",
        "entry_refusal_count",
        "hazard_count",
        "hazards_closed",
        "major_count",
        "refused_count",
        "rating",
    ),
    about(_policy, _plan, "plan_total", "plan_spent", "plan_remaining"),
)
"""What forms may read of the policy: the register, claims, the quota, the scheme, the year's end, the fund."""
