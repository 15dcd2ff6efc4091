"""The page of a unit: the answer first, then why, then everything behind it."""

from datetime import date
from uuid import UUID

from flask import render_template, request
from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy.orm import Session

from rules.vocabulary import choices
from store.calendar import load_calendar
from store.pages.contacts import ContactLine, contacts_of
from store.pages.other_lists import YearFactRow, year_facts_of
from store.pages.policy_list import PolicyRow
from store.pages.policy_page import planned_of, policy_facts
from store.pages.record_history import changes_of
from store.pages.renewal import renewal_counts
from store.pages.unit_page import (
    HazardRow,
    HazardYear,
    Paper,
    UnitFacts,
    VisitRow,
    hazard_years,
    open_hazards,
    papers_of,
    policies_of,
    unit_facts,
    visits_of,
)
from store.scope import widened
from store.tables import Policy
from webapp.dates import Due, due_of, this_day
from webapp.identity import actor, the_runtime
from webapp.linking import link_to
from webapp.registers.area import blueprint, importable, may_change, sees_contacts
from webapp.registers.history import Entry, history_of
from webapp.registers.money import FundView, GroundView, fund_view, ground_views
from webapp.registers.quota import CountedVisit, QuotaView, counted_visits, quota_view
from webapp.registers.year_line import YearLine, year_line
from workflows.errors import NotFoundError
from workflows.handlers.contacts import WRITERS
from workflows.standing import standing_of

CONTACTS = 3
"""So many of the latest contacts stand on a unit's page."""


class TermView(Struct, frozen=True):
    """One policy of the unit, in full."""

    policy: PolicyRow
    quota: QuotaView
    line: YearLine
    left: Due | None
    counted: tuple[CountedVisit, ...]
    fund: FundView
    grounds: tuple[GroundView, ...]
    missing: tuple[str, ...]


class UnitPage(Struct, frozen=True):
    """A unit as its page shows it; `term` is None for a unit without a policy."""

    unit: UnitFacts
    term: TermView | None
    policies: tuple[PolicyRow, ...]
    visits: tuple[VisitRow, ...]
    hazards: tuple[tuple[HazardRow, Due], ...]
    hazard_years: tuple[HazardYear, ...]
    papers: tuple[Paper, ...]
    years: tuple[YearFactRow, ...]
    contacts: tuple[ContactLine, ...]
    sees_contacts: bool
    may_note: bool
    history: tuple[Entry, ...]
    may_change: bool
    may_add: bool


@blueprint.get("/units/<uuid:unit_id>")
def show(unit_id: UUID) -> str:
    """Show a unit; `?policy=` chooses which of its policies stands in front."""
    with the_runtime().database.read(actor().scope) as session:
        page = unit_page(session, unit_id)
    return render_template("registers/unit.html", page=page, number="")


def case_href(case_id: UUID | None) -> str | None:
    """Return the address of a case, if there is one and the person may open it."""
    return link_to("cases.show", case_id=case_id) if case_id is not None else None


@blueprint.context_processor
def _words() -> dict[str, object]:
    """Give the templates of the registers addresses of other areas, the day, and why to call."""
    return {
        "case_href": case_href,
        "link_to": link_to,
        "today": this_day(),
        "contact_purposes": choices("contact_purpose"),
    }


def unit_page(session: Session, unit_id: UUID) -> UnitPage:
    """Return the page of a unit. Raises: NotFoundError."""
    unit = unit_facts(session, unit_id)
    if unit is None:
        raise NotFoundError(kind="unit", id=str(unit_id))
    if not sees_contacts():
        unit = replace(unit, contact="", mobile="", legal_person="", safety_officer="")
    today = this_day()
    policies = policies_of(session, unit_id, today)
    visits = visits_of(session, unit_id=unit_id)
    chosen = _chosen(policies, today)
    return UnitPage(
        unit=unit,
        term=_term(session, unit, chosen, visits, today) if chosen is not None else None,
        policies=tuple(policies),
        visits=tuple(visits),
        hazards=tuple((row, _due(session, row.deadline, today)) for row in open_hazards(session, unit_id)),
        hazard_years=tuple(hazard_years(session, unit_id)),
        papers=tuple(papers_of(session, unit_id)),
        years=tuple(year_facts_of(session, unit_id)),
        contacts=tuple(contacts_of(session, unit_id, most=CONTACTS)[0]) if sees_contacts() else (),
        sees_contacts=sees_contacts(),
        may_note=bool(actor().roles & WRITERS),
        history=tuple(history_of("policyholders", changes_of(session, "policyholder", [unit_id]))),
        may_change=may_change("policyholders", (unit.org_id, unit.insurer_id)),
        may_add="policies" in importable(),
    )


def _chosen(policies: list[PolicyRow], today: date) -> PolicyRow | None:
    """Return the policy asked for, else the one in force, else the next, else the last."""
    asked = request.args.get("policy", "")
    by_id = {str(policy.id): policy for policy in policies}
    if asked in by_id:
        return by_id[asked]
    active = [policy for policy in policies if policy.state == "active"]
    coming = [policy for policy in policies if policy.term_start > today and policy.state == "pending"]
    return next(iter([*active, *reversed(coming), *policies]), None)


def _term(session: Session, unit: UnitFacts, row: PolicyRow, visits: list[VisitRow], today: date) -> TermView:
    policy = session.get_one(Policy, row.id)
    facts = policy_facts(session, row.id, today)
    if facts is None:
        raise NotFoundError(kind="policy", id=str(row.id))
    with widened(session, "the quota of a policy that its reader sees"):
        standing = standing_of(session, policy, today)
    mine = [visit for visit in visits if visit.policy_id == row.id]
    year = standing.year_on(today).quota.year
    last = min(year.last_day, standing.last_day)
    is_running = row.term_start <= today <= standing.last_day
    return TermView(
        policy=row,
        quota=quota_view(standing, today),
        line=year_line(year.first_day, max(last, year.first_day), today, mine, planned_of(session, row.id)),
        left=due_of(standing.last_day, today, load_calendar(session)) if is_running else None,
        counted=tuple(counted_visits(standing, mine)),
        fund=fund_view(session, facts, max(row.term_start, today)),
        grounds=ground_views(unit, renewal_counts(session, [row.id], today)[row.id]),
        missing=standing.missing,
    )


def _due(session: Session, deadline: date, today: date) -> Due:
    return due_of(deadline, today, load_calendar(session), natural=True)
