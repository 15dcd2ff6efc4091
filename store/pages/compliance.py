"""Whose business the duties may be asked about: the offices whose policies a person sees."""

from uuid import UUID

from msgspec import Struct
from sqlalchemy import select
from sqlalchemy.orm import Session

from store.tables import Organization, Policy

MOST = 200


class Office(Struct, frozen=True):
    """An insurer or a provider."""

    id: UUID
    kind: str
    name: str


def judged_offices(session: Session) -> tuple[Office, ...]:
    """Return the insurers and providers of the policies that the person sees, by kind and name."""
    query = (
        select(Organization.id, Organization.kind, Organization.name)
        .where(Organization.id.in_(select(Policy.insurer_id)) | Organization.id.in_(select(Policy.org_id)))
        .order_by(Organization.kind, Organization.name)
    )
    return tuple(Office(*row) for row in session.execute(query.limit(MOST)))


def unit_named(session: Session, unit_id: UUID) -> str:
    """Return the name of a unit whose policies the person sees; empty for any other."""
    query = select(Organization.name).where(
        Organization.id == unit_id, Organization.id.in_(select(Policy.policyholder_id))
    )
    return session.scalar(query) or ""
