"""How many visits are owed, done and missing: the quota of a policy and its progress (第十二至十四条)."""

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from rules.visit_counting import count_by_policy_year, missing_visits
from rules.visit_planning import Checkpoint, checkpoints, opening_day, unseen_checkpoints
from rules.visit_quota import Quota, QuotaFacts, Reason, YearQuota, explain, never_below
from store.quota import kept_by_year
from store.tables import PlannedVisit, Policy, Policyholder, QuotaSnapshot, Visit
from workflows.acts import Act
from workflows.catalogue import Inputs, Outputs, operation
from workflows.operations.deadlines import as_day
from workflows.operations.quota_facts import activities, current_quota, last_day
from workflows.subjects import existing

FALLEN_THROUGH = frozenset({"cancelled", "entry_refused"})
OVER = FALLEN_THROUGH | {"archived"}
AFTER_TERM = timedelta(days=30)
PROGRESS = ("required", "counted", "short", "open_visits", "next_visit_start", "next_checkpoint")


@operation(
    "计算应服务次数",
    inputs=("policy_id",),
    outputs=("required", "by_premium", "by_industry", "by_history", "quota_snapshot_id"),
)
def compute_visit_quota(act: Act, inputs: Inputs) -> Outputs:
    """Compute what the policy is owed and keep the snapshot with its reasons (第十四条)."""
    policy = existing(act.session, Policy, inputs["policy_id"])
    return _keep(act, policy, owed(act.session, policy), "signed")


@operation("重算应服务次数", inputs=("policy_id",), outputs=("required", "quota_snapshot_id"))
def recompute_visit_quota(act: Act, inputs: Inputs) -> Outputs:
    """Compute the quota again after an endorsement; it never falls (D6)."""
    policy = existing(act.session, Policy, inputs["policy_id"])
    return _keep(act, policy, owed(act.session, policy), "endorsed")


def owed(session: Session, policy: Policy, facts: QuotaFacts | None = None) -> Quota:
    """Return what the policy owes now, in no policy year less than what was kept before (第十四条, D6)."""
    return never_below(current_quota(session, policy, facts), kept_by_year(session, policy.id))


def _keep(act: Act, policy: Policy, quota: Quota, occasion: str) -> Outputs:
    snapshots = [_snapshot(act, policy, quota, year, occasion) for year in quota.years]
    act.session.add_all(snapshots)
    act.session.flush()
    act.say(
        "quota.computed",
        f"算出本保单期应服务 {quota.required} 次",
        required=quota.required,
        reasons=[explain(r) for r in quota.reasons],
        parameter_rows=list(quota.parameter_rows),
    )
    return {
        "required": quota.required,
        "by_premium": snapshots[0].by_premium,
        "by_industry": snapshots[0].by_industry,
        "by_history": snapshots[0].by_history,
        "quota_snapshot_id": str(snapshots[0].id),
    }


def _snapshot(act: Act, policy: Policy, quota: Quota, year: YearQuota, occasion: str) -> QuotaSnapshot:
    return QuotaSnapshot(
        policy_id=policy.id,
        policy_year=year.year.index,
        by_premium=year.by_premium,
        by_industry=year.by_industry,
        by_history=year.by_history,
        required=year.required,
        per_year=[{"year": y.year.index, "required": y.required} for y in quota.years],
        facts={"premium": str(policy.written_premium), "term_start": policy.term_start.isoformat()},
        reasons=[_told(reason) for reason in year.reasons],
        profile=quota.profile,
        parameter_rows=list(quota.parameter_rows),
        occasion=occasion,
        computed_at=act.now,
        **act.owners(),
    )


def _told(reason: Reason) -> dict[str, object]:
    """Return a reason as the snapshot keeps it: the data and the sentence."""
    return {
        "tier": reason.tier.value,
        "cause": reason.cause,
        "visits": reason.visits,
        "parameter_row": reason.parameter_row,
        "facts": dict(reason.facts),
        "text": explain(reason),
    }


@operation("更新服务进度", inputs=("policy_id",), outputs=PROGRESS)
def update_quota_progress(act: Act, inputs: Inputs) -> Outputs:
    """Count what is done and open, and say when the next visit and the next checkpoint are."""
    return progress(act, existing(act.session, Policy, inputs["policy_id"]))


def progress(act: Act, policy: Policy) -> Outputs:
    """Return the progress of a policy: owed, counted, short, open visits, next dates (第十四条, D18)."""
    act.session.flush()
    quota = owed(act.session, policy)
    open_visits, planned_on = act.session.execute(_AHEAD, {"policy": policy.id}).one()
    years = count_by_policy_year(quota, activities(act.session, policy), last_day(policy))
    return {
        "required": quota.required,
        "counted": sum(year.counted for year in years),
        "short": missing_visits(years, policy.surrender_effective),
        "open_visits": open_visits,
        "next_visit_start": _next_visit_start(act, policy, planned_on),
        "next_checkpoint": _next_checkpoint(act, policy, _unseen(act, policy)),
    }


_AHEAD = select(
    select(func.count())
    .where(Visit.policy_id == bindparam("policy"), Visit.state.not_in(OVER))
    .scalar_subquery(),
    select(func.min(PlannedVisit.planned_on))
    .where(PlannedVisit.policy_id == bindparam("policy"), PlannedVisit.state == "planned")
    .scalar_subquery(),
)
"""How many visits are open, when the next one is planned."""


def _next_visit_start(act: Act, policy: Policy, planned_on: date | None) -> date:
    """Return the day on which the next planned visit's case is opened; after the term if none is planned."""
    if planned_on is None or _unwilling(act, policy):
        return policy.term_end + AFTER_TERM
    return max(act.today, opening_day(planned_on, policy.term_start))


def _unwilling(act: Act, policy: Policy) -> bool:
    unit = act.session.get(Policyholder, policy.policyholder_id)
    return unit is not None and unit.willingness != "willing"


def _next_checkpoint(act: Act, policy: Policy, unseen: Sequence[Checkpoint]) -> date:
    """Return the day of the next look at the progress; one that has passed comes first, after the term none."""
    if unseen:
        return unseen[0].on
    days = (checkpoint.on for checkpoint in checkpoints(policy.term_end))
    return min((day for day in days if day > act.today), default=policy.term_end + AFTER_TERM)


def _unseen(act: Act, policy: Policy) -> tuple[Checkpoint, ...]:
    """Return the checkpoints since the one that the cycle waits for: the worker, or a person, may be late."""
    since = as_day(act.case.variables.get("next_checkpoint"))
    return unseen_checkpoints(policy.term_end, since, act.today) if since is not None else ()


@operation("检查周期", inputs=("policy_id",), outputs=("checkpoint", *PROGRESS))
def check_cycle(act: Act, inputs: Inputs) -> Outputs:
    """Say which checkpoint this is and how the policy stands (止期前 90、60、45、30 天)."""
    policy = existing(act.session, Policy, inputs["policy_id"])
    unseen = _unseen(act, policy)
    return {
        "checkpoint": unseen[0].kind if unseen else "shortfall",
        **progress(act, policy),
        "next_checkpoint": _next_checkpoint(act, policy, unseen[1:]),
    }
