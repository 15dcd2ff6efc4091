"""A year of the prevention fund by insurer and provider: premium, plan, what was set aside and spent (第六条)."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from uuid import UUID

from msgspec import Struct, field
from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session, aliased

from rules.parameters import LOCAL_PROFILE, NATIONAL_PROFILE
from rules.prevention_fund import FundVerdict, judge_fund, net_premium
from store.tables import FundEntry, FundPlan, Policy

Pair = tuple[UUID | None, UUID]
"""An insurer, and the provider that serves it."""
ACCRUAL = "accrual"
NONE = Decimal(0)
PROFILES = (LOCAL_PROFILE, NATIONAL_PROFILE)


class FundYear(Struct, frozen=True):
    """How a fund stands in a year: `net` and `collected` premium, what was set aside, spent by category, planned."""

    insurer_id: UUID | None
    org_id: UUID
    year: int
    net: Decimal = NONE
    collected: Decimal = NONE
    accrued: Decimal = NONE
    spent: Mapping[str, Decimal] = field(default_factory=dict)
    plan: FundPlan | None = None

    @property
    def spent_in_all(self) -> Decimal:
        """What was spent, all categories together."""
        return sum(self.spent.values(), NONE)

    @property
    def balance(self) -> Decimal:
        """What is left of what was set aside."""
        return self.accrued - self.spent_in_all

    @property
    def plan_total(self) -> Decimal:
        """What the plan in force allows, 0 without one."""
        return self.plan.total if self.plan is not None else NONE

    def planned(self, category: str) -> Decimal:
        """Return what the plan in force sets aside for a category."""
        items = self.plan.items if self.plan is not None else []
        return sum((Decimal(str(item["amount"])) for item in items if item["category"] == category), NONE)

    def verdict(self) -> FundVerdict:
        """Return how what was set aside stands to each rule set (D8)."""
        on = date(self.year, 12, 31)
        return judge_fund(self.net, self.accrued, on, PROFILES, collected=self.collected)


def fund_years(
    session: Session, year: int, insurer_id: UUID | None = None, org_id: UUID | None = None
) -> list[FundYear]:
    """Return each fund of the year that the session's scope shows, of one insurer or provider if it is named."""
    premiums = _premiums(session, year, insurer_id, org_id)
    sums = _sums(session, year, insurer_id, org_id)
    plans = {(plan.insurer_id, plan.org_id): plan for plan in _plans(session, year, insurer_id, org_id)}
    pairs = sorted({*premiums, *sums, *plans}, key=lambda pair: (str(pair[0]), str(pair[1])))
    found = []
    for pair in pairs:
        net, collected = premiums.get(pair, (NONE, NONE))
        accrued, spent = sums.get(pair, (NONE, {}))
        found.append(FundYear(*pair, year, net, collected, accrued, spent, plans.get(pair)))
    return found


def together(parts: Iterable[FundYear], insurer_id: UUID | None, org_id: UUID, year: int) -> FundYear:
    """Return several funds of a year as one, without a plan."""
    known, spent = list(parts), dict[str, Decimal]()
    for part in known:
        for category, amount in part.spent.items():
            spent[category] = spent.get(category, NONE) + amount
    net, collected, accrued = (
        sum((getattr(part, name) for part in known), NONE) for name in ("net", "collected", "accrued")
    )
    return FundYear(insurer_id, org_id, year, net, collected, accrued, spent)


def signed_in(year: int) -> ColumnElement[bool]:
    """Return the condition for policies whose premium is one of a year: signed in it, or begun if that is not known."""
    return func.coalesce(Policy.signed_on, Policy.term_start).between(date(year, 1, 1), date(year, 12, 31))


def _premiums(
    session: Session, year: int, insurer_id: UUID | None, org_id: UUID | None
) -> dict[Pair, tuple[Decimal, Decimal]]:
    query = (
        select(
            Policy.insurer_id,
            Policy.org_id,
            func.sum(Policy.written_premium),
            func.sum(Policy.refunded),
            func.sum(func.coalesce(Policy.collected_premium, Policy.written_premium - Policy.refunded)),
        )
        .where(signed_in(year), Policy.voided_on.is_(None), *_only(Policy, insurer_id, org_id))
        .group_by(Policy.insurer_id, Policy.org_id)
    )
    return {
        (insurer, org): (net_premium(written, refunded), collected)
        for insurer, org, written, refunded, collected in session.execute(query)
    }


def _sums(
    session: Session, year: int, insurer_id: UUID | None, org_id: UUID | None
) -> dict[Pair, tuple[Decimal, dict[str, Decimal]]]:
    """Return what was set aside of the year's policies, and spent in it by category; a reversal takes back."""
    before = aliased(FundEntry)
    kind = func.coalesce(before.kind, FundEntry.kind)
    is_reversal = FundEntry.kind == "reversal"
    of_days = FundEntry.entry_date.between(date(year, 1, 1), date(year, 12, 31))
    query = (
        select(
            FundEntry.insurer_id, FundEntry.org_id, kind, is_reversal, FundEntry.category,
            func.sum(FundEntry.amount),
        )
        .outerjoin(before, before.id == FundEntry.reverses_id)
        .outerjoin(Policy, and_(kind == ACCRUAL, Policy.id == FundEntry.policy_id))
        .where(or_(signed_in(year), and_(Policy.id.is_(None), of_days)))
        .where(*_only(FundEntry, insurer_id, org_id))
        .group_by(FundEntry.insurer_id, FundEntry.org_id, kind, is_reversal, FundEntry.category)
    )  # fmt: skip
    found: dict[Pair, tuple[Decimal, dict[str, Decimal]]] = {}
    for insurer, org, of_kind, taken_back, category, amount in session.execute(query):
        accrued, spent = found.get((insurer, org), (NONE, {}))
        signed = -amount if taken_back else amount
        if of_kind == ACCRUAL:
            accrued += signed
        else:
            spent[category] = spent.get(category, NONE) + signed
        found[insurer, org] = accrued, spent
    return found


def _plans(session: Session, year: int, insurer_id: UUID | None, org_id: UUID | None) -> Sequence[FundPlan]:
    """Return the approved plans, the version in force last."""
    query = select(FundPlan).where(FundPlan.year == year, FundPlan.state == "approved")
    return session.scalars(query.where(*_only(FundPlan, insurer_id, org_id)).order_by(FundPlan.version)).all()


def _only(
    table: type[Policy | FundEntry | FundPlan], insurer_id: UUID | None, org_id: UUID | None
) -> list[ColumnElement[bool]]:
    wanted = ((table.insurer_id, insurer_id), (table.org_id, org_id))
    return [column == value for column, value in wanted if value is not None]
