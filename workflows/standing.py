"""How a policy stands now: visits owed and why, done, arranged, missing; before its cycle begins too."""

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

from msgspec import Struct
from sqlalchemy import select
from sqlalchemy.orm import Session

from rules.visit_counting import (
    Counting,
    Progress,
    count_by_policy_year,
    explain_counting,
    missing_visits,
)
from rules.visit_quota import PriorYear, Quota, QuotaFacts, YearQuota
from store.quota import latest_snapshot
from store.tables import PlannedVisit, Policy, Visit
from workflows.operations.activation import missing_for_activation
from workflows.operations.quota import OVER, owed
from workflows.operations.quota_facts import activities, last_day, quota_facts

DONE = frozenset({"completed", "archived"})


class YearStanding(Struct, frozen=True):
    """One policy year: what it owes, what was done in it, and the year before that decides the third tier."""

    quota: YearQuota
    progress: Progress | None
    prior: PriorYear


class Standing(Struct, frozen=True):
    """A policy's visits over the whole term, never fewer than what was computed and kept before.

    `shortfall`: owed and not done, each policy year for itself; `kept_at`: when it was last computed and kept.
    """

    years: tuple[YearStanding, ...]
    facts: QuotaFacts
    profile: str
    parameter_rows: tuple[str, ...]
    required: int
    counted: int
    shortfall: int
    arranged: int
    last_day: date
    is_surrendered: bool
    kept_at: datetime | None
    counting: Mapping[UUID, Counting]
    missing: tuple[str, ...]

    @property
    def unplanned(self) -> int:
        """What is owed, not done and not arranged either."""
        return max(0, self.shortfall - self.arranged)

    def year_on(self, day: date) -> YearStanding:
        """Return the policy year of a day; the first before the term, the last after it."""
        past = [year for year in self.years if year.quota.year.first_day <= day]
        return past[-1] if past else self.years[0]


def standing_of(session: Session, policy: Policy, today: date) -> Standing:
    """Return how the policy stands, by the very functions that its service cycle calls (第十二至十四条)."""
    facts = quota_facts(session, policy)
    quota = owed(session, policy, facts)
    last = last_day(policy)
    done = activities(session, policy)
    progress = count_by_policy_year(quota, done, last)
    snapshot = latest_snapshot(session, policy.id)
    visits = list(
        session.execute(
            select(Visit.id, Visit.state)
            .where(Visit.policy_id == policy.id)
            .order_by(Visit.sequence, Visit.id)
        )
    )
    reasons = explain_counting(done, policy.term_start, last)
    return Standing(
        years=_years(quota, progress, facts),
        facts=facts,
        profile=quota.profile,
        parameter_rows=quota.parameter_rows,
        required=quota.required,
        counted=sum(year.counted for year in progress),
        shortfall=missing_visits(progress, policy.surrender_effective),
        arranged=_arranged(session, policy, [state for _, state in visits]),
        last_day=last,
        is_surrendered=policy.surrender_effective is not None,
        kept_at=snapshot.computed_at if snapshot is not None else None,
        counting={visit_id: reason for (visit_id, _), reason in zip(visits, reasons, strict=True)},
        missing=missing_for_activation(session, policy, today),
    )


def _years(quota: Quota, progress: tuple[Progress, ...], facts: QuotaFacts) -> tuple[YearStanding, ...]:
    priors = facts.prior_years or (PriorYear(),)
    return tuple(
        YearStanding(
            year,
            progress[index] if index < len(progress) else None,
            priors[min(index, len(priors) - 1)],
        )
        for index, year in enumerate(quota.years)
    )


def _arranged(session: Session, policy: Policy, states: list[str]) -> int:
    """Count planned visits and those whose case is open but whose service is not done."""
    planned = session.scalars(
        select(PlannedVisit.id).where(PlannedVisit.policy_id == policy.id, PlannedVisit.state == "planned")
    ).all()
    return len(planned) + sum(state not in OVER | DONE for state in states)
