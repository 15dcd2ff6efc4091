"""A registered record as its sheet would say it, so that a page may show it in a form and take it back."""

from collections.abc import Callable, Iterable, Mapping
from uuid import UUID

from msgspec import Struct
from sqlalchemy import select
from sqlalchemy.orm import Session

from documents.sheets import register_of
from store.pages.rosters import record
from store.tables import (
    AccidentFact,
    Claim,
    Expert,
    Organization,
    Person,
    Policy,
    Policyholder,
    RoleGrant,
    YearFact,
)
from workflows.registers.roster import Roster
from workflows.registers.roster_reading import texts_of
from workflows.registers.rosters import ROSTERS

_OFFICES = ("insurer", "provider")
_UNIT = ("policyholder_uscc", "policyholder_name")
_LISTING = ("dishonesty_level", "dishonesty_number", "dishonesty_from", "dishonesty_until")
_ACCIDENT = ("accident_on", "deaths", "injured", "description")


class WrittenRecord(Struct, frozen=True):
    """What a record says, column key → text.

    `fixed` columns tell the record apart or have a command of their own; `secret` ones are not shown and
    stay as they are when left blank; `omitted` ones are another record's. `owners` are the offices that
    answer for it; `parent` is the record on whose page it stands.
    """

    id: UUID
    version: str
    texts: Mapping[str, str]
    fixed: frozenset[str] = frozenset()
    secret: frozenset[str] = frozenset()
    omitted: frozenset[str] = frozenset()
    owners: frozenset[UUID] = frozenset()
    parent: UUID | None = None

    def completed(self, typed: Mapping[str, str]) -> dict[str, str]:
        """Return what was typed with what a form may not say or left as it is."""
        kept = {
            key: self.texts.get(key, "")
            for key in self.texts
            if key in self.fixed or (key in self.secret and not typed.get(key, "").strip())
        }
        return {**typed, **kept, **dict.fromkeys(self.omitted, "")}


def written_record(session: Session, register: str, record_id: UUID) -> WrittenRecord | None:
    """Return a record that the session's scope shows; None if there is none."""
    if register in ROSTERS:
        return _declared(session, ROSTERS[register], record_id)
    return _READERS[register](session, record_id)


def _declared(session: Session, roster: Roster, record_id: UUID) -> WrittenRecord | None:
    found = record(session, roster.source, record_id)
    if found is None:
        return None
    (texts,) = texts_of(session, roster, [found])
    return WrittenRecord(
        id=record_id,
        version=".".join(str(getattr(row, "row_version", 0)) for row in found),
        texts=texts,
        fixed=frozenset(key for key in (*roster.sheet.identity, *roster.lasting) if texts[key]),
        owners=roster.keepers(session, found),
    )


def _unit(session: Session, record_id: UUID) -> WrittenRecord | None:
    holder, unit = session.get(Policyholder, record_id), session.get(Organization, record_id)
    if holder is None or unit is None:
        return None
    facts = {column.key: getattr(holder, column.key, None) for column in register_of("policyholders").columns}
    offices = _names(session, {"insurer": holder.insurer_id, "provider": holder.org_id})
    return _written(
        "policyholders",
        record_id,
        (unit, holder),
        {**facts, "name": unit.name, "uscc": unit.uscc, **offices},
        fixed={"uscc", *_OFFICES},
        secret={"mobile"},
    )


def _policy(session: Session, record_id: UUID) -> WrittenRecord | None:
    policy = session.get(Policy, record_id)
    if policy is None:
        return None
    before = session.get(Policy, policy.previous_policy_id) if policy.previous_policy_id else None
    facts = {column.key: getattr(policy, column.key, None) for column in register_of("policies").columns}
    return _written(
        "policies",
        record_id,
        (policy,),
        {
            **facts,
            **_unit_of(session, policy.policyholder_id),
            **_names(session, {"insurer": policy.insurer_id, "provider": policy.org_id}),
            "previous_number": before.number if before is not None else "",
        },
        fixed={"number", "surrender_effective", "refunded", *_UNIT, *_OFFICES},
    )


def _claim(session: Session, record_id: UUID) -> WrittenRecord | None:
    claim = session.get(Claim, record_id)
    policy = session.get(Policy, claim.policy_id) if claim is not None else None
    if claim is None or policy is None:
        return None
    facts = {column.key: getattr(claim, column.key, None) for column in register_of("claims").columns}
    return _written(
        "claims",
        record_id,
        (claim,),
        {**facts, "policy_number": policy.number, **_names(session, {"insurer": claim.insurer_id})},
        fixed={"number", "policy_number", "insurer"},
    )


def _year_fact(session: Session, record_id: UUID) -> WrittenRecord | None:
    """Return the listing of a year, or one of its accidents."""
    fact = session.get(YearFact, record_id)
    if fact is None:
        return _accident(session, record_id)
    listing = {name: getattr(fact, name) if fact.dishonesty_listing else None for name in _LISTING}
    return _written(
        "year_facts",
        record_id,
        (fact,),
        {
            **_unit_of(session, fact.policyholder_id),
            "year": fact.year,
            "dishonesty_listing": fact.dishonesty_listing,
            **listing,
        },
        fixed={"year", *_UNIT},
        omitted=set(_ACCIDENT),
    )


def _accident(session: Session, record_id: UUID) -> WrittenRecord | None:
    accident = session.get(AccidentFact, record_id)
    fact = session.get(YearFact, accident.year_fact_id) if accident is not None else None
    if accident is None or fact is None:
        return None
    return _written(
        "year_facts",
        record_id,
        (accident,),
        {
            **_unit_of(session, fact.policyholder_id),
            "year": fact.year,
            "accident_on": accident.occurred_on,
            "deaths": accident.deaths,
            "injured": accident.injured,
            "description": accident.description,
        },
        fixed={"year", "accident_on", "description", *_UNIT},
        omitted={"dishonesty_listing", *_LISTING},
        parent=fact.id,
    )


def _person(session: Session, record_id: UUID) -> WrittenRecord | None:
    person = session.get(Person, record_id)
    if person is None:
        return None
    expert = session.get(Expert, record_id)
    roles = session.scalars(
        select(RoleGrant.role).where(RoleGrant.person_id == record_id, RoleGrant.revoked_at.is_(None))
    )
    facts = {column.key: getattr(expert, column.key, None) for column in register_of("people").columns}
    offices = {"organization": person.org_id, "agency": expert.agency_id if expert is not None else None}
    own = {"name": person.name, "mobile": person.mobile, "login": person.login, "title": person.title}
    return _written(
        "people",
        record_id,
        (person, *([expert] if expert is not None else [])),
        {**facts, **own, "roles": sorted(roles), **_names(session, offices)},
        fixed={"organization", "login"},
        secret={"mobile", "id_number"},
    )


_READERS: Mapping[str, Callable[[Session, UUID], WrittenRecord | None]] = {
    "policyholders": _unit,
    "policies": _policy,
    "claims": _claim,
    "year_facts": _year_fact,
    "people": _person,
}


def _written(  # one call per register, each names what is special about it
    register: str,
    record_id: UUID,
    rows: Iterable[object],
    values: Mapping[str, object],
    *,
    fixed: set[str],
    secret: set[str] | None = None,
    omitted: set[str] | None = None,
    parent: UUID | None = None,
) -> WrittenRecord:
    texts = {column.key: column.written(values.get(column.key)) for column in register_of(register).columns}
    known = list(rows)
    owners = {getattr(row, name, None) for row in known for name in ("org_id", "insurer_id", "agency_id")}
    return WrittenRecord(
        id=record_id,
        version=".".join(str(getattr(row, "row_version", 0)) for row in known),
        texts=texts,
        fixed=frozenset(fixed),
        secret=frozenset(secret or ()),
        omitted=frozenset(omitted or ()),
        owners=frozenset(owner for owner in owners if owner is not None),
        parent=parent,
    )


def _names(session: Session, ids: Mapping[str, UUID | None]) -> dict[str, str]:
    """Return the names of offices, each under its column."""
    rows = {key: session.get(Organization, office_id) for key, office_id in ids.items() if office_id}
    return {key: row.name for key, row in rows.items() if row is not None}


def _unit_of(session: Session, unit_id: UUID | None) -> dict[str, str]:
    unit = session.get(Organization, unit_id) if unit_id else None
    if unit is None:
        return {}
    return {"policyholder_uscc": unit.uscc or "", "policyholder_name": unit.name}
