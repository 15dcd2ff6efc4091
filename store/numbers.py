"""Numbers of documents and records: in order, without gaps, never used twice.

The number is taken in the business transaction: the counter's row stays locked until the commit,
so a rollback gives the number back and nobody else has seen it.
"""

from uuid import UUID

from sqlalchemy import Executable, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from store.scope import widened
from store.tables import NumberSequence, Organization


def take_number(session: Session, org_id: UUID, code: str, year: int) -> str:
    """Return the organization's next number of this kind and year, such as WZ01-GZ-2026-000412."""
    with widened(session, "take a number"):
        name = session.scalar(select(Organization.code).where(Organization.id == org_id))
        last = session.execute(_step(session.get_bind().dialect.name, org_id, code, year)).scalar_one()
    return f"{name or org_id.hex[-6:].upper()}-{code}-{year}-{last:06d}"


def _step(dialect: str, org_id: UUID, code: str, year: int) -> Executable:
    """Return the statement that raises the counter, or starts it at 1, and tells where it stands."""
    insert = sqlite.insert if dialect == "sqlite" else postgresql.insert
    return (
        insert(NumberSequence)
        .values(org_id=org_id, code=code, year=year, last=1)
        .on_conflict_do_update(
            index_elements=["org_id", "code", "year"], set_={"last": NumberSequence.last + 1}
        )
        .returning(NumberSequence.last)
    )
