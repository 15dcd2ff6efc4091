"""The lists of claims, yearly facts and people."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from uuid import UUID

from msgspec import Struct
from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session

from store.pages.register_lists import (
    PAGE,
    Asked,
    Cursor,
    ListPage,
    after_key,
    begins,
    cut,
    named,
    names_of,
    of_insurers,
)
from store.search import matches
from store.tables import AccidentFact, Claim, Expert, Organization, Person, Policy, YearFact


class ClaimRow(Struct, frozen=True):
    """A claim as lists show it."""

    id: UUID
    number: str
    unit_id: UUID | None
    unit: str
    policy_id: UUID
    policy_number: str
    occurred: date
    reported: date
    paid: Decimal
    outstanding: Decimal
    deaths: int
    injured: int
    state: str


class YearFactRow(Struct, frozen=True):
    """A year of a unit as lists show it."""

    id: UUID
    unit_id: UUID | None
    unit: str
    year: int
    accidents: int
    deaths: int
    most_injured: int
    is_listed: bool


class PersonRow(Struct, frozen=True):
    """A person as the list shows it; the last three are those of an expert."""

    id: UUID
    name: str
    title: str
    office: str
    is_active: bool
    is_expert: bool
    specialties: tuple[str, ...]
    qualification: str
    valid_until: date | None


def claim_list(session: Session, asked: Asked) -> ListPage[ClaimRow]:
    """Return one page of claims, registered last first."""
    query = select(Claim, Policy.number).join(Policy, Policy.id == Claim.policy_id)
    if asked.query:
        found = [named(Claim.policyholder_id, asked.query), begins(Claim.number, asked.query)]
        of_policy = select(Policy.id).where(of_insurers(), begins(Policy.number, asked.query))
        query = query.where(or_(*found, Claim.policy_id.in_(of_policy)))
    if asked.state:
        query = query.where(Claim.state == asked.state)
    if asked.region:
        query = query.where(Claim.region_code == asked.region)
    if asked.kind:
        query = query.where(Claim.industry == asked.kind)
    if asked.after is not None:
        query = query.where(Claim.id < asked.after.id)
    return _claims(session, query.order_by(Claim.id.desc()).limit(PAGE + 1))


def claims_of(session: Session, policy_id: UUID) -> tuple[ClaimRow, ...]:
    """Return the claims under a policy, latest first."""
    query = select(Claim, Policy.number).join(Policy, Policy.id == Claim.policy_id)
    query = query.where(Claim.policy_id == policy_id).order_by(Claim.reported.desc(), Claim.id.desc())
    return _claims(session, query.limit(PAGE)).rows


def claim_row(session: Session, claim_id: UUID) -> ClaimRow | None:
    """Return one claim; None if the person does not see it."""
    query = select(Claim, Policy.number).join(Policy, Policy.id == Claim.policy_id)
    rows = _claims(session, query.where(Claim.id == claim_id)).rows
    return rows[0] if rows else None


def _claims(session: Session, query: Select[Claim, str]) -> ListPage[ClaimRow]:
    found = session.execute(query).all()
    units = names_of(session, [claim.policyholder_id for claim, _ in found])
    copied = ("id", "number", "policy_id", "occurred", "reported")
    counted = ("paid", "outstanding", "deaths", "injured", "state")
    rows = [
        ClaimRow(
            unit_id=claim.policyholder_id,
            unit=units.get(claim.policyholder_id, ""),
            policy_number=number,
            **{name: getattr(claim, name) for name in (*copied, *counted)},
        )
        for claim, number in found
    ]
    return cut(rows, [Cursor("", claim.id) for claim, _ in found])


def year_fact_list(session: Session, asked: Asked) -> ListPage[YearFactRow]:
    """Return one page of years, registered last first; `state` is a year, or listed."""
    query = select(YearFact)
    if asked.query:
        query = query.where(named(YearFact.policyholder_id, asked.query))
    if asked.state == "listed":
        query = query.where(YearFact.dishonesty_listing.is_(True))
    if asked.state == "accident":
        query = query.where(YearFact.id.in_(select(AccidentFact.year_fact_id)))
    if asked.region:
        query = query.where(YearFact.region_code == asked.region)
    if asked.kind:
        query = query.where(YearFact.industry == asked.kind)
    if asked.after is not None:
        query = query.where(YearFact.id < asked.after.id)
    found = session.scalars(query.order_by(YearFact.id.desc()).limit(PAGE + 1)).all()
    return cut(year_rows(session, found), [Cursor("", fact.id) for fact in found])


def year_facts_of(session: Session, unit_id: UUID) -> list[YearFactRow]:
    """Return the years of a unit, latest first."""
    query = select(YearFact).where(YearFact.policyholder_id == unit_id).order_by(YearFact.year.desc())
    return year_rows(session, session.scalars(query.limit(PAGE)).all())


def year_rows(session: Session, facts: Sequence[YearFact]) -> list[YearFactRow]:
    """Return years with their accidents summed up."""
    units = names_of(session, [fact.policyholder_id for fact in facts])
    sums = {
        fact_id: (count, deaths, injured)
        for fact_id, count, deaths, injured in session.execute(
            select(
                AccidentFact.year_fact_id,
                func.count(),
                func.sum(AccidentFact.deaths),
                func.max(AccidentFact.injured),
            )
            .where(AccidentFact.year_fact_id.in_([fact.id for fact in facts]))
            .group_by(AccidentFact.year_fact_id)
        )
    }
    rows = []
    for fact in facts:
        count, deaths, injured = sums.get(fact.id, (0, 0, 0))
        unit = units.get(fact.policyholder_id, "")
        rows.append(
            YearFactRow(
                fact.id,
                fact.policyholder_id,
                unit,
                fact.year,
                count,
                deaths or 0,
                injured or 0,
                fact.dishonesty_listing,
            )
        )
    return rows


def person_list(session: Session, asked: Asked, own: UUID | None) -> ListPage[PersonRow]:
    """Return one page of people by name: those of the own office, and experts whom it may send."""
    query = (
        select(Person, Expert, Organization.name)
        .join(Organization, Organization.id == Person.org_id)
        .outerjoin(Expert, Expert.person_id == Person.id)
        .where(ours(own))
    )
    if asked.query:
        query = query.where(or_(matches(Person.bigrams, asked.query), named(Person.org_id, asked.query)))
    if asked.state == "expert":
        query = query.where(Expert.person_id.is_not(None))
    if asked.after is not None:
        query = query.where(after_key(Person.name, Person.id, asked.after))
    found = session.execute(query.order_by(Person.name, Person.id).limit(PAGE + 1)).all()
    rows = [_person_row(person, expert, office) for person, expert, office in found]
    return cut(rows, [Cursor(person.name, person.id) for person, _, _ in found])


def _person_row(person: Person, expert: Expert | None, office: str) -> PersonRow:
    return PersonRow(
        id=person.id,
        name=person.name,
        title=person.title,
        office=office,
        is_active=person.active,
        is_expert=expert is not None,
        specialties=tuple(map(str, expert.specialties)) if expert is not None else (),
        qualification=expert.qualification if expert is not None else "",
        valid_until=expert.valid_until if expert is not None else None,
    )


def ours(own: UUID | None) -> ColumnElement[bool]:
    """Return the condition that a person belongs to the own office, or is an expert whom the scope shows."""
    return or_(Person.org_id == own, Person.id.in_(select(Expert.person_id)))
