"""Numbers of documents and records: in order, without gaps, never used twice.

The number is taken in the business transaction: the counter's row stays locked until the commit,
so a rollback gives the number back and nobody else has seen it.
"""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import Executable, bindparam, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from store.prepared import run
from store.scope import widened
from store.tables import NumberSequence, Organization


def take_number(session: Session, org_id: UUID, code: str, year: int) -> str:
    """Return the organization's next number of this kind and year, such as WZ01-GZ-2026-000412."""
    taken = {"org": org_id, "kind": code, "of": year}
    with widened(session, "take a number"):
        name = run(session, _NAME, {"org": org_id}).scalar()
        last = run(session, _STEPS[session.get_bind().dialect.name], taken).scalar_one()
    return f"{name or org_id.hex[-6:].upper()}-{code}-{year}-{last:06d}"


_NAME = select(Organization.code).where(Organization.id == bindparam("org"))
_FIRST = {"org_id": bindparam("org"), "code": bindparam("kind"), "year": bindparam("of"), "last": 1}
_STEPS: Mapping[str, Executable] = {
    dialect: insert(NumberSequence.__table__)  # type: ignore[arg-type]  # the class's table
    .values(_FIRST)
    .on_conflict_do_update(index_elements=["org_id", "code", "year"], set_={"last": NumberSequence.last + 1})
    .returning(NumberSequence.last)
    for dialect, insert in (("sqlite", sqlite.insert), ("postgresql", postgresql.insert))
}
"""The statement that raises the counter, or starts it at 1, and tells where it stands."""
