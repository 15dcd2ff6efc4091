"""A year of a unit with its accidents, and a person with what makes an expert."""

from datetime import date
from uuid import UUID

from msgspec import Struct
from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from store.masking import masked_id_number, masked_mobile
from store.pages.other_lists import YearFactRow, ours, year_rows
from store.pages.register_lists import names_of
from store.tables import AccidentFact, Claim, Expert, Organization, Person, RoleGrant, YearFact

ACCIDENTS = 100
Owners = tuple[UUID | None, UUID | None]


class Accident(Struct, frozen=True):
    """One accident of a year."""

    id: UUID
    occurred_on: date
    deaths: int
    injured: int
    description: str


class YearFacts(Struct, frozen=True):
    """A year of a unit: its sums, its listing, its accidents."""

    row: YearFactRow
    uscc: str
    level: str
    number: str
    first_day: date | None
    last_day: date | None
    accidents: tuple[Accident, ...]
    owners: Owners


class ExpertFacts(Struct, frozen=True):
    """What makes somebody an expert; the identity number is masked."""

    source: str
    agency: str
    specialties: tuple[str, ...]
    qualification: str
    qualification_no: str
    valid_until: date | None
    years: int | None
    background: str
    commitment_on: date | None
    commitment_until: date | None
    id_number: str
    status: str


class PersonFacts(Struct, frozen=True):
    """A person; the phone number is masked."""

    id: UUID
    name: str
    title: str
    login: str
    office: str
    mobile: str
    is_active: bool
    roles: tuple[str, ...]
    expert: ExpertFacts | None


def owners_of_claim(session: Session, claim_id: UUID) -> Owners:
    """Return the offices that answer for a claim."""
    claim = session.get_one(Claim, claim_id)
    return claim.org_id, claim.insurer_id


def year_facts(session: Session, fact_id: UUID) -> YearFacts | None:
    """Return a year of a unit; None if the person does not see it."""
    fact = session.get(YearFact, fact_id)
    if fact is None:
        return None
    query = select(AccidentFact).where(AccidentFact.year_fact_id == fact_id)
    accidents = session.scalars(query.order_by(AccidentFact.occurred_on, AccidentFact.id).limit(ACCIDENTS))
    unit = session.get(Organization, fact.policyholder_id) if fact.policyholder_id else None
    return YearFacts(
        row=year_rows(session, [fact])[0],
        uscc=(unit.uscc or "") if unit is not None else "",
        level=fact.dishonesty_level or "",
        number=fact.dishonesty_number or "",
        first_day=fact.dishonesty_from,
        last_day=fact.dishonesty_until,
        accidents=tuple(
            Accident(row.id, row.occurred_on, row.deaths, row.injured, row.description) for row in accidents
        ),
        owners=(fact.org_id, fact.insurer_id),
    )


def person_facts(session: Session, person_id: UUID, own: UUID | None) -> PersonFacts | None:
    """Return a person of the own office or an expert whom the scope shows; None for others."""
    query = select(Person).where(Person.id == person_id, ours(own)).options(undefer(Person.mobile))
    person = session.scalar(query)
    if person is None:
        return None
    held = select(RoleGrant.role).where(RoleGrant.person_id == person_id, RoleGrant.revoked_at.is_(None))
    return PersonFacts(
        id=person.id,
        name=person.name,
        title=person.title,
        login=person.login or "",
        office=names_of(session, [person.org_id]).get(person.org_id, ""),
        mobile=masked_mobile(person.mobile),
        is_active=person.active,
        roles=tuple(sorted(session.scalars(held))),
        expert=_expert(session, person_id),
    )


def _expert(session: Session, person_id: UUID) -> ExpertFacts | None:
    query = select(Expert).where(Expert.person_id == person_id).options(undefer(Expert.id_number))
    expert = session.scalar(query)
    if expert is None:
        return None
    copied = ("source", "qualification", "qualification_no", "valid_until", "years", "background", "status")
    return ExpertFacts(
        agency=names_of(session, [expert.agency_id]).get(expert.agency_id, ""),
        specialties=tuple(map(str, expert.specialties)),
        commitment_on=expert.commitment_on,
        commitment_until=expert.commitment_until,
        id_number=masked_id_number(expert.id_number),
        **{name: getattr(expert, name) for name in copied},
    )
