"""One policy: its facts, what changed it, its planned visits, its cycle, its money."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from msgspec import Struct
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from store.pages.policy_list import policy_state
from store.pages.register_lists import district_name, names_of
from store.tables import Case, Endorsement, FundEntry, PlannedVisit, Policy

ENDORSEMENTS, PLANNED = 50, 60


class PolicyFacts(Struct, frozen=True):
    """A policy as its page shows it."""

    id: UUID
    number: str
    unit_id: UUID | None
    unit: str
    insurer: str
    provider: str
    district: str
    written_premium: Decimal
    collected_premium: Decimal | None
    refunded: Decimal
    term_start: date
    term_end: date
    signed_on: date | None
    surrender_effective: date | None
    insured_persons: int | None
    limit_per_person: Decimal | None
    limit_total: Decimal | None
    rate: Decimal | None
    previous_id: UUID | None
    previous_number: str
    state: str
    out_of_scope: bool
    enabled_at: datetime | None
    org_id: UUID
    insurer_id: UUID | None


class EndorsementRow(Struct, frozen=True):
    """A change of the premium from a day on."""

    id: UUID
    number: str
    effective: date
    premium_delta: Decimal
    reason: str


class PlannedRow(Struct, frozen=True):
    """A visit that the plan foresees, with the case of the visit once it is opened."""

    sequence: int
    planned_on: date
    first_planned_on: date | None
    state: str
    case_id: UUID | None


class CycleLink(Struct, frozen=True):
    """The case of the policy's service cycle."""

    case_id: UUID
    number: str
    status: str


class FundSums(Struct, frozen=True):
    """What was set aside and spent for the policy; None where nothing was booked as set aside."""

    accrued: Decimal | None
    spent: Decimal


def policy_facts(session: Session, policy_id: UUID, today: date) -> PolicyFacts | None:
    """Return a policy; None if the person does not see it."""
    policy = session.get(Policy, policy_id)
    if policy is None:
        return None
    before = session.get(Policy, policy.previous_policy_id) if policy.previous_policy_id else None
    names = names_of(session, [policy.policyholder_id, policy.insurer_id, policy.org_id])
    money = ("written_premium", "collected_premium", "refunded", "limit_per_person", "limit_total", "rate")
    days = ("term_start", "term_end", "signed_on", "surrender_effective", "insured_persons", "enabled_at")
    return PolicyFacts(
        id=policy.id,
        number=policy.number,
        unit_id=policy.policyholder_id,
        unit=names.get(policy.policyholder_id, ""),
        insurer=names.get(policy.insurer_id, ""),
        provider=names.get(policy.org_id, ""),
        district=district_name(policy.region_code),
        previous_id=before.id if before is not None else None,
        previous_number=before.number if before is not None else "",
        state=policy_state(policy, today),
        out_of_scope=policy.out_of_scope,
        org_id=policy.org_id,
        insurer_id=policy.insurer_id,
        **{name: getattr(policy, name) for name in (*money, *days)},
    )


def endorsements_of(session: Session, policy_id: UUID) -> list[EndorsementRow]:
    """Return the endorsements of a policy in the order in which they take effect."""
    query = select(Endorsement).where(Endorsement.policy_id == policy_id)
    rows = session.scalars(query.order_by(Endorsement.effective, Endorsement.id).limit(ENDORSEMENTS))
    return [
        EndorsementRow(row.id, row.number or "", row.effective, row.premium_delta, row.reason) for row in rows
    ]


def planned_of(session: Session, policy_id: UUID) -> list[PlannedRow]:
    """Return the planned visits of a policy in order."""
    query = select(PlannedVisit).where(PlannedVisit.policy_id == policy_id)
    rows = session.scalars(query.order_by(PlannedVisit.sequence).limit(PLANNED)).all()
    cases = select(Case.business_key, Case.id).where(
        Case.policy_id == policy_id, Case.business_key.in_([str(row.visit_id) for row in rows])
    )
    opened = {key: case_id for key, case_id in session.execute(cases)}  # noqa: C416  # rows are not tuples to mypy
    return [
        PlannedRow(
            row.sequence, row.planned_on, row.first_planned_on, row.state, opened.get(str(row.visit_id))
        )
        for row in rows
    ]


def cycle_of(session: Session, policy_id: UUID) -> CycleLink | None:
    """Return the case of the policy's service cycle, if it has begun and the person sees it."""
    query = select(Case.id, Case.number, Case.status).where(
        Case.policy_id == policy_id, Case.business_key == str(policy_id)
    )
    row = session.execute(query.order_by(Case.opened_at).limit(1)).first()
    return CycleLink(row.id, row.number, row.status) if row is not None else None


def fund_sums(session: Session, policy_id: UUID) -> FundSums:
    """Return what the ledger says of a policy; a reversal takes back what it reverses."""
    query = select(FundEntry.kind, FundEntry.reverses_id, func.sum(FundEntry.amount), func.count())
    query = query.where(FundEntry.policy_id == policy_id).group_by(FundEntry.kind, FundEntry.reverses_id)
    accrued, spent, booked = Decimal(), Decimal(), 0
    reversed_kinds = _reversed_kinds(session, policy_id)
    for kind, reverses_id, amount, count in session.execute(query):
        of_kind = reversed_kinds.get(reverses_id, "expense") if kind == "reversal" else kind
        signed = -amount if kind == "reversal" else amount
        if of_kind == "accrual":
            accrued, booked = accrued + signed, booked + count
        else:
            spent += signed
    return FundSums(accrued if booked else None, spent)


def _reversed_kinds(session: Session, policy_id: UUID) -> dict[UUID | None, str]:
    query = select(FundEntry.id, FundEntry.kind).where(FundEntry.policy_id == policy_id)
    return {row_id: kind for row_id, kind in session.execute(query)}  # noqa: C416  # rows are not tuples to mypy
