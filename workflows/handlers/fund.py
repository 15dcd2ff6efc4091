"""What an insurer sets aside of each premium of a year, posted by its finance (第六条, D6, D8)."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Final
from uuid import UUID

from msgspec import Struct
from sqlalchemy import select
from sqlalchemy.orm import Session

from rules.prevention_fund import judge_fund, net_premium
from rules.vocabulary import label
from store.fund_rules import fund_choice_for
from store.fund_year import ACCRUAL, signed_in
from store.numbers import take_number
from store.scope import Scope, owner_of
from store.tables import FundEntry, Policy
from workflows.administration import tell
from workflows.errors import InvalidAnswersError, NotAllowedError
from workflows.people import Actor
from workflows.runtime import Runtime, legal_day

ROLE: Final = "insurer_finance"
MOST: Final = 2000
"""So many policies are brought up to date at once."""
UNSETTLED: Final = "两套规则冲突，{} 年适用哪一套还没有选定：请管理员在“费用规则”写明理由选定后再提取"
_REASON = "an insurer's finance sets aside the fund"


class Posted(Struct, frozen=True):
    """How many policies were brought up to date, by how much, and how many are left for the next time."""

    policies: int
    amount: Decimal
    left: int


def may_accrue(actor: Actor) -> bool:
    """Tell whether a person may set aside the fund of their insurer."""
    return actor.has(ROLE) and actor.org_id is not None


def accrue_fund(runtime: Runtime, year: int, actor: Actor) -> Posted:
    """Post what the governing rule set asks of each policy of the year; done twice, it posts nothing more.

    A premium that was refunded in part is taken back whole and posted anew.

    Raises: NotAllowedError, InvalidAnswersError.
    """
    if actor.org_id is None or not may_accrue(actor):
        raise NotAllowedError("accrue", "fund")
    now = runtime.now()
    with runtime.database.write(Scope.everything(_REASON), now=now, actor=actor.person_id) as session:
        choice = fund_choice_for(session, year)
        if choice is None:
            raise InvalidAnswersError({"year": UNSETTLED.format(year)})
        due = [pair for pair in _wanted(session, actor.org_id, year, choice.profile) if pair[1] != pair[2]]
        for policy, wanted, accrued in due[:MOST]:
            _post(session, policy, wanted, accrued, actor, now)
        amount = sum((wanted - accrued for _, wanted, accrued in due[:MOST]), Decimal())
        posted = Posted(min(len(due), MOST), amount, max(0, len(due) - MOST))
        name = label("rule_profile", choice.profile)
        text = f"{actor.name}按“{name}”提取 {year} 年费用：{posted.policies} 张保单，{amount:,.2f} 元"
        tell(session, ("organization", actor.org_id), "fund_accrued", text, actor, now, year=year)
        return posted


def _wanted(
    session: Session, insurer_id: UUID, year: int, profile: str
) -> list[tuple[Policy, Decimal, Decimal]]:
    """Return each policy of the year with what should be set aside, and what is."""
    query = select(Policy).where(Policy.insurer_id == insurer_id, signed_in(year), Policy.voided_on.is_(None))
    policies = session.scalars(query.order_by(Policy.signed_on, Policy.id)).all()
    accrued: dict[UUID | None, Decimal] = {}
    for entry in _standing(
        session, select(Policy.id).where(Policy.insurer_id == insurer_id, signed_in(year))
    ):
        accrued[entry.policy_id] = accrued.get(entry.policy_id, Decimal()) + entry.amount
    return [(one, _due(one, year, profile), accrued.get(one.id, Decimal())) for one in policies]


def _due(policy: Policy, year: int, profile: str) -> Decimal:
    net = net_premium(policy.written_premium, policy.refunded)
    (rule,) = judge_fund(
        net, None, date(year, 12, 31), (profile,), collected=policy.collected_premium
    ).profiles
    return rule.minimum if rule.minimum is not None else rule.maximum or Decimal()


def _standing(session: Session, policies: object) -> Sequence[FundEntry]:
    """Return the lines that set aside something for these policies and were not taken back."""
    taken_back = select(FundEntry.reverses_id).where(FundEntry.reverses_id.is_not(None))
    query = select(FundEntry).where(FundEntry.kind == ACCRUAL, FundEntry.id.not_in(taken_back))
    return session.scalars(query.where(FundEntry.policy_id.in_(policies))).all()  # type: ignore[arg-type]  # ids or a question for them


def _post(
    session: Session, policy: Policy, wanted: Decimal, accrued: Decimal, actor: Actor, now: datetime
) -> None:
    """Add what is missing; where too much stands, take all of it back and post what is wanted."""
    if wanted < accrued:
        for entry in _standing(session, [policy.id]):
            session.add(_line(session, policy, "reversal", entry.amount, actor, now, entry.id))
        accrued = Decimal()
    if wanted > accrued:
        session.add(_line(session, policy, ACCRUAL, wanted - accrued, actor, now))


def _line(
    session: Session,
    policy: Policy,
    kind: str,
    amount: Decimal,
    actor: Actor,
    now: datetime,
    reverses: UUID | None = None,
) -> FundEntry:
    day = legal_day(now)
    return FundEntry(
        number=take_number(session, policy.org_id, "FY", day.year),
        entry_date=day,
        kind=kind,
        amount=amount,
        category="",
        policy_id=policy.id,
        payee="",
        note="按保费提取" if reverses is None else "退保，提取冲回重记",
        reverses_id=reverses,
        approved_by=actor.person_id,
        **owner_of(policy),
    )
