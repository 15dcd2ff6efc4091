"""Whose business a case is, read off the records it is about."""

from typing import TypeVar
from uuid import UUID

from sqlalchemy.orm import Session

from store.tables import Hazard, Organization, Policy, Visit
from workflows.acts import Subject
from workflows.errors import NotFoundError

Row = TypeVar("Row")


def unit_name(session: Session, row: Policy | Visit | Hazard) -> str:
    """Return the name of the unit (投保单位) that the record belongs to."""
    unit = session.get(Organization, row.policyholder_id) if row.policyholder_id else None
    return unit.name if unit is not None else ""


def owners_of(row: Policy | Visit | Hazard, **records: object) -> Subject:
    """Return the owner columns of a record as a case's subject, with the ids of what it is about."""
    return Subject(
        org_id=row.org_id,
        insurer_id=row.insurer_id,
        policyholder_id=row.policyholder_id,
        region_code=row.region_code,
        industry=row.industry,
        **records,  # type: ignore[arg-type]  # ids by name
    )


def policy_variables(policy: Policy) -> dict[str, object]:
    """Return the variables that a service cycle begins with."""
    return {
        "policy_id": str(policy.id),
        "signed_on": policy.signed_on or policy.term_start,
        "policy_end": policy.term_end,
        "willingness": "willing",
    }


def existing(session: Session, table: type[Row], row_id: object) -> Row:
    """Return the row with this id. Raises: NotFoundError."""
    row = session.get(table, UUID(str(row_id)))
    if row is None:
        raise NotFoundError(kind=getattr(table, "__tablename__", "row"), id=str(row_id))
    return row
