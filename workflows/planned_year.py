"""The yearly plan of a provider and the fund plans in it, as operations, forms and papers read them (第十六、六条)."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from sqlalchemy import select

from rules.prevention_fund import FundVerdict, judge_fund
from store.fund_year import PROFILES
from store.tables import AnnualPlan, FundPlan
from workflows.acts import Act

WRITTEN = ("arrangement", "online", "goals")
"""What a plan says in words."""


def newest_plan(act: Act, year: int) -> AnnualPlan | None:
    """Return the newest version of the provider's plan of a year."""
    query = select(AnnualPlan).where(AnnualPlan.org_id == act.case.org_id, AnnualPlan.year == year)
    return act.session.scalar(query.order_by(AnnualPlan.version.desc()).limit(1))


def versions_of(act: Act, plan: AnnualPlan) -> Sequence[AnnualPlan]:
    """Return all versions of a plan."""
    query = select(AnnualPlan).where(AnnualPlan.org_id == plan.org_id, AnnualPlan.year == plan.year)
    return act.session.scalars(query.order_by(AnnualPlan.version)).all()


def parts_of(act: Act, plan: AnnualPlan) -> Sequence[FundPlan]:
    """Return the fund plans of the insurers that a plan names, in their order."""
    query = select(FundPlan).where(FundPlan.annual_plan_id == plan.id)
    known = {str(part.insurer_id): part for part in act.session.scalars(query)}
    return [known[insurer] for insurer in plan.insurers if insurer in known]


def plan_verdict(plan: AnnualPlan, insurer_id: str, total: Decimal) -> FundVerdict:
    """Return how a total stands to each rule set, the premium of the year before taken for that of the year."""
    rows = {row["id"]: row for row in plan.basis["insurers"]}
    premium = Decimal(str(rows[insurer_id]["premium"])) if insurer_id in rows else Decimal()
    return judge_fund(premium, total, date(plan.year, 1, 1), PROFILES)
