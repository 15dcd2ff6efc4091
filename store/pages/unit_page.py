"""One unit: who it is, its policies, visits, hazards and papers."""

from datetime import date, datetime
from uuid import UUID

from msgspec import Struct
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from store.masking import masked_mobile
from store.pages.policy_list import PolicyRow, policy_state
from store.pages.register_lists import district_name, names_of
from store.pages.visit_counts import visit_counts
from store.tables import CaseFile, Document, Hazard, Organization, Policy, Policyholder, Visit

POLICIES, VISITS, HAZARDS, PAPERS = 20, 40, 6, 8
CLOSED = ("closed", "withdrawn")


class UnitFacts(Struct, frozen=True):
    """A unit as its page shows it; the phone number is masked."""

    id: UUID
    name: str
    uscc: str
    district: str
    address: str
    industry_code: str
    high_risk_kind: str
    is_key: bool
    risk_level: str | None
    risk_tags: tuple[str, ...]
    standardization_level: str | None
    employees: int | None
    legal_person: str
    safety_officer: str
    contact: str
    mobile: str
    authority: str
    provider: str
    insurer: str
    willingness: str
    org_id: UUID
    insurer_id: UUID | None


class VisitRow(Struct, frozen=True):
    """A visit as the pages of its unit and its policy show it."""

    id: UUID
    policy_id: UUID
    case_id: UUID | None
    number: str
    sequence: int | None
    state: str
    planned_on: date | None
    completed_on: date | None
    findings: int
    reason: str


class HazardRow(Struct, frozen=True):
    """A hazard that is not closed."""

    id: UUID
    case_id: UUID | None
    number: str
    place: str
    description: str
    level: str
    state: str
    deadline: date
    is_extended: bool


class HazardYear(Struct, frozen=True):
    """The hazards found in one year."""

    year: int
    general: int
    major: int
    closed: int


class Paper(Struct, frozen=True):
    """A printed document or a volume of the archive."""

    title: str
    number: str
    on: date | datetime
    state: str
    case_id: UUID | None
    document_id: UUID | None
    is_volume: bool


def unit_facts(session: Session, unit_id: UUID) -> UnitFacts | None:
    """Return a unit; None if the person does not see it."""
    holder, unit = session.get(Policyholder, unit_id), session.get(Organization, unit_id)
    if holder is None or unit is None:
        return None
    offices = names_of(session, [holder.org_id, holder.insurer_id, holder.industry_authority_id])
    copied = ("address", "high_risk_kind", "is_key", "risk_level", "standardization_level", "employees")
    people = ("legal_person", "safety_officer", "contact", "willingness", "org_id", "insurer_id")
    return UnitFacts(
        id=unit.id,
        name=unit.name,
        uscc=unit.uscc or "",
        district=district_name(holder.region_code),
        industry_code=holder.gbt4754,
        risk_tags=tuple(map(str, holder.risk_tags)),
        mobile=masked_mobile(holder.mobile),
        authority=offices.get(holder.industry_authority_id, ""),
        provider=offices.get(holder.org_id, ""),
        insurer=offices.get(holder.insurer_id, ""),
        **{name: getattr(holder, name) for name in (*copied, *people)},
    )


def policies_of(session: Session, unit_id: UUID, today: date) -> list[PolicyRow]:
    """Return the unit's policies, the latest term first."""
    query = select(Policy).where(Policy.policyholder_id == unit_id)
    found = session.scalars(query.order_by(Policy.term_start.desc(), Policy.id).limit(POLICIES)).all()
    counts = visit_counts(session, [policy.id for policy in found])
    return [
        PolicyRow(
            policy.id,
            policy.number,
            unit_id,
            "",
            "",
            policy.written_premium,
            policy.term_start,
            policy.term_end,
            policy_state(policy, today),
            counts.get(policy.id),
        )
        for policy in found
    ]


def visits_of(
    session: Session, *, unit_id: UUID | None = None, policy_id: UUID | None = None
) -> list[VisitRow]:
    """Return the visits of a unit or of a policy, latest first."""
    query = select(Visit)
    query = query.where(Visit.policy_id == policy_id) if policy_id else query
    query = query.where(Visit.policyholder_id == unit_id) if unit_id else query
    latest = func.coalesce(Visit.completed_on, Visit.planned_on)
    rows = session.scalars(query.order_by(latest.desc(), Visit.id.desc()).limit(VISITS))
    names = ("id", "policy_id", "case_id", "number", "sequence", "state")
    more = ("planned_on", "completed_on", "findings")
    return [
        VisitRow(reason=row.cancel_reason, **{name: getattr(row, name) for name in (*names, *more)})
        for row in rows
    ]


def open_hazards(session: Session, unit_id: UUID) -> list[HazardRow]:
    """Return the unit's hazards that are not closed, the nearest deadline first."""
    query = select(Hazard).where(Hazard.policyholder_id == unit_id, Hazard.state.not_in(CLOSED))
    rows = session.scalars(query.order_by(Hazard.deadline, Hazard.id).limit(HAZARDS))
    names = ("id", "case_id", "number", "place", "description", "level", "state", "deadline")
    return [
        HazardRow(
            is_extended=row.deadline != row.original_deadline,
            **{name: getattr(row, name) for name in names},
        )
        for row in rows
    ]


def hazard_years(session: Session, unit_id: UUID) -> list[HazardYear]:
    """Return how many hazards were found in each year, earliest first."""
    year = func.extract("year", Hazard.found_on)
    query = select(year, Hazard.level, Hazard.state, func.count()).where(Hazard.policyholder_id == unit_id)
    found: dict[int, dict[str, int]] = {}
    for of_year, level, state, count in session.execute(query.group_by(year, Hazard.level, Hazard.state)):
        sums = found.setdefault(int(of_year), {"general": 0, "major": 0, "closed": 0})
        sums["major" if level == "major" else "general"] += count
        sums["closed"] += count if state in CLOSED else 0
    return [HazardYear(of_year, **sums) for of_year, sums in sorted(found.items())]


def papers_of(session: Session, unit_id: UUID) -> list[Paper]:
    """Return the newest documents and sealed volumes of a unit."""
    documents = session.scalars(
        select(Document)
        .where(Document.policyholder_id == unit_id)
        .order_by(Document.issued_at.desc(), Document.id)
        .limit(PAPERS)
    )
    found = [
        Paper(
            row.title,
            row.number,
            row.issued_at,
            row.state,
            row.case_id,
            row.id if row.pdf_sha256 is not None else None,
            is_volume=False,
        )
        for row in documents
    ]
    volumes = session.scalars(
        select(CaseFile)
        .where(CaseFile.policyholder_id == unit_id, CaseFile.sealed_at.is_not(None))
        .order_by(CaseFile.sealed_at.desc(), CaseFile.id)
        .limit(PAPERS)
    )
    found += [
        Paper(row.title, row.number, row.sealed_at, row.state, row.case_id, None, is_volume=True)
        for row in volumes
        if row.sealed_at is not None
    ]
    return sorted(found, key=lambda paper: str(paper.on), reverse=True)[:PAPERS]
