"""The page of a policy: what it owes in each of its years and why, what changed it, where its cycle stands."""

from datetime import date
from uuid import UUID

from flask import render_template
from msgspec import Struct
from sqlalchemy.orm import Session

from rules.visit_planning import opening_day
from rules.vocabulary import label
from store.pages.other_lists import ClaimRow, claims_of
from store.pages.policy_page import (
    CycleLink,
    EndorsementRow,
    PlannedRow,
    PolicyFacts,
    cycle_of,
    endorsements_of,
    planned_of,
    policy_facts,
)
from store.pages.record_history import changes_of
from store.pages.unit_page import visits_of
from store.scope import widened
from store.tables import Policy
from webapp.dates import this_day
from webapp.identity import actor, the_runtime
from webapp.registers.area import blueprint, may_change
from webapp.registers.history import Entry, history_of
from webapp.registers.money import FundView, fund_view
from webapp.registers.quota import CountedVisit, QuotaView, counted_visits, quota_view
from webapp.texts import lazy
from workflows.errors import NotFoundError
from workflows.standing import standing_of

TO_DO = {
    "complaint_channel": lazy("由保险机构在机构资料里公示投诉电话"),
    "complaint_procedure": lazy("由保险机构在机构资料里公示处理程序"),
    "mediation_method": lazy("由保险机构在机构资料里公示调处方式"),
    "engagement": lazy("补签或续签委托合同，并登记起止日期"),
    "provider_filing": lazy("由第三方服务机构向联席会议办公室备案，并登记备案号"),
}


class GapView(Struct, frozen=True):
    """Something that stands against serving the policy, and what to do about it."""

    text: str
    to_do: str


class PlannedLine(Struct, frozen=True):
    """A planned visit, and the day on which its case will be opened if that is still to come."""

    row: PlannedRow
    opens_on: date | None


class PolicyPage(Struct, frozen=True):
    """A policy as its page shows it."""

    policy: PolicyFacts
    quota: QuotaView
    gaps: tuple[GapView, ...]
    counted: tuple[CountedVisit, ...]
    endorsements: tuple[EndorsementRow, ...]
    claims: tuple[ClaimRow, ...]
    planned: tuple[PlannedLine, ...]
    cycle: CycleLink | None
    fund: FundView
    history: tuple[Entry, ...]
    may_change: bool
    may_endorse: bool


@blueprint.get("/policies/<uuid:policy_id>")
def policy(policy_id: UUID) -> str:
    """Show a policy."""
    with the_runtime().database.read(actor().scope) as session:
        page = _page(session, policy_id)
    return render_template("registers/policy.html", page=page)


def _page(session: Session, policy_id: UUID) -> PolicyPage:
    today = this_day()
    facts = policy_facts(session, policy_id, today)
    if facts is None:
        raise NotFoundError(kind="policy", id=str(policy_id))
    row = session.get_one(Policy, policy_id)
    with widened(session, "the quota of a policy that its reader sees"):
        standing = standing_of(session, row, today)
    mine = may_change("policies", (facts.org_id, facts.insurer_id))
    cycle = cycle_of(session, policy_id)
    is_over = facts.state in {"expired", "surrendered", "void"}
    return PolicyPage(
        policy=facts,
        quota=quota_view(standing, today),
        gaps=() if cycle or is_over else tuple(_gap(code) for code in standing.missing),
        counted=tuple(counted_visits(standing, visits_of(session, policy_id=policy_id))),
        endorsements=tuple(endorsements_of(session, policy_id)),
        claims=claims_of(session, policy_id),
        planned=tuple(
            PlannedLine(row, _opens_on(row, facts, cycle, today)) for row in planned_of(session, policy_id)
        ),
        cycle=cycle,
        fund=fund_view(session, facts, max(facts.term_start, today)),
        history=tuple(history_of("policies", changes_of(session, "policy", [policy_id]))),
        may_change=mine,
        may_endorse=mine and facts.surrender_effective is None,
    )


def _opens_on(row: PlannedRow, facts: PolicyFacts, cycle: CycleLink | None, today: date) -> date | None:
    if row.state != "planned" or cycle is None or cycle.status != "open":
        return None
    day = opening_day(row.planned_on, facts.term_start)
    return day if day > today else None


def _gap(code: str) -> GapView:
    return GapView(label("activation_gap", code), str(TO_DO[code]))
