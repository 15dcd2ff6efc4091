"""The pages of organizations: who takes part, with how many people."""

from collections.abc import Collection
from uuid import UUID

from msgspec import Struct
from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from store.pages.keyset import PAGE, beyond
from store.search import matches
from store.tables import Organization, Person

UNITS = "policyholder"
SUGGESTED = 200
_ORDER = (Organization.kind, Organization.name, Organization.id)


class OrganizationRow(Struct, frozen=True):
    """A line of the list."""

    id: UUID
    kind: str
    name: str
    uscc: str
    region_code: str
    status: str
    people: int


class OrganizationCard(Struct, frozen=True):
    """An organization as its page and its form show it."""

    id: UUID
    kind: str
    name: str
    uscc: str
    code: str
    region_code: str
    industry: str
    phone: str
    address: str
    status: str
    row_version: int
    people: int


class OrganizationPage(Struct, frozen=True):
    """One page of the list, and the key behind which the next one begins."""

    rows: tuple[OrganizationRow, ...]
    next: tuple[str, str, UUID] | None


def organizations(
    session: Session,
    *,
    kind: str = "",
    query: str = "",
    suspended: bool = False,
    after: tuple[str, str, UUID] | None = None,
) -> OrganizationPage:
    """Return one page by kind and name; without a kind, every one but the units, which are many."""
    statement = select(Organization).order_by(*_ORDER).limit(PAGE + 1)
    if kind:
        statement = statement.where(Organization.kind == kind)
    elif not query:
        statement = statement.where(Organization.kind != UNITS)
    if query:
        statement = statement.where(or_(matches(Organization.bigrams, query), Organization.uscc == query))
    if suspended:
        statement = statement.where(Organization.status != "active")
    if after is not None:
        statement = statement.where(beyond(_ORDER, after))
    found = session.scalars(statement).all()
    shown = found[:PAGE]
    people = _people(session, {row.id for row in shown})
    last = shown[-1] if len(found) > PAGE else None
    return OrganizationPage(
        tuple(
            OrganizationRow(
                id=row.id,
                kind=row.kind,
                name=row.name,
                uscc=row.uscc or "",
                region_code=row.region_code or "",
                status=row.status,
                people=people.get(row.id, 0),
            )
            for row in shown
        ),
        (last.kind, last.name, last.id) if last is not None else None,
    )


def organization_card(session: Session, organization_id: UUID) -> OrganizationCard | None:
    """Return one organization."""
    row = session.get(Organization, organization_id)
    if row is None:
        return None
    return OrganizationCard(
        id=row.id,
        kind=row.kind,
        name=row.name,
        uscc=row.uscc or "",
        code=row.code or "",
        region_code=row.region_code or "",
        industry=row.industry or "",
        phone=row.phone,
        address=row.address,
        status=row.status,
        row_version=row.row_version,
        people=_people(session, {row.id}).get(row.id, 0),
    )


def organization_by_words(session: Session, words: str) -> UUID | None:
    """Return the organization with this name or credit code; None when there is none or more than one."""
    same = or_(Organization.name == words, Organization.uscc == words.upper())
    found = session.scalars(select(Organization.id).where(same).order_by(Organization.id).limit(2)).all()
    return found[0] if len(found) == 1 else None


def suggested_names(session: Session) -> tuple[str, ...]:
    """Return the names of the offices that take part, for a field that completes them."""
    query: Select[str] = select(Organization.name).where(
        Organization.kind != UNITS, Organization.status == "active"
    )
    return tuple(session.scalars(query.order_by(*_ORDER).limit(SUGGESTED)))


def _people(session: Session, ids: Collection[UUID]) -> dict[UUID, int]:
    """Return how many active people each organization has."""
    counted = (
        select(Person.org_id, func.count())
        .where(Person.org_id.in_(sorted(ids)), Person.active)
        .group_by(Person.org_id)
    )
    return {row[0]: row[1] for row in session.execute(counted)}
