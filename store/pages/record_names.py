"""What a record goes by on a list of changes: its unit, its number, its person."""

from collections.abc import Callable, Collection, Iterable, Mapping
from uuid import UUID

from sqlalchemy import Executable, select
from sqlalchemy.orm import Session

from store.scope import widened
from store.tables import Case, Claim, Incident, IndicatorSet, Organization, Person, Policy, YearFact

Ids = Collection[UUID]
Naming = Callable[[Ids], Executable]  # the id, and one or two words


def _year_facts(ids: Ids) -> Executable:
    query = select(YearFact.id, Organization.name, YearFact.year)
    return query.join(Organization, Organization.id == YearFact.policyholder_id).where(YearFact.id.in_(ids))


def _incidents(ids: Ids) -> Executable:
    query = select(Incident.id, Case.number).join(Case, Case.id == Incident.case_id)
    return query.where(Incident.id.in_(ids))


def _organizations(ids: Ids) -> Executable:
    return select(Organization.id, Organization.name).where(Organization.id.in_(ids))


NAMINGS: Mapping[str, Naming] = {
    "person": lambda ids: select(Person.id, Person.name).where(Person.id.in_(ids)),
    "organization": _organizations,
    "policyholder": _organizations,
    "policy": lambda ids: select(Policy.id, Policy.number).where(Policy.id.in_(ids)),
    "claim": lambda ids: select(Claim.id, Claim.number).where(Claim.id.in_(ids)),
    "year_fact": _year_facts,
    "incident": _incidents,
    "indicator_set": lambda ids: select(IndicatorSet.id, IndicatorSet.year).where(IndicatorSet.id.in_(ids)),
}


def record_names(session: Session, records: Iterable[tuple[str, UUID]]) -> dict[tuple[str, UUID], str]:
    """Return the names of records, given as kind and id, to an auditor; a kind without names has none."""
    asked: dict[str, set[UUID]] = {}
    for kind, record_id in records:
        asked.setdefault(kind, set()).add(record_id)
    with widened(session, "the names of records whose changes an auditor reads"):
        return {
            (kind, row[0]): " ".join(map(str, row[1:]))
            for kind, ids in asked.items()
            if kind in NAMINGS
            for row in session.execute(NAMINGS[kind](sorted(ids)))
        }
