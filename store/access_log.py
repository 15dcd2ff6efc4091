"""The access log: who signed in, was turned away, saw a number in full; append-only, read by auditors."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy.orm import Session

from store.tables import AccessLog


class Action(StrEnum):
    """What is logged."""

    SIGNED_IN = "signed_in"
    SIGN_IN_FAILED = "sign_in_failed"
    SIGNED_OUT = "signed_out"
    DENIED = "denied"
    SAW_NUMBER = "saw_number"
    INSPECTED = "inspected"


def log_access(
    session: Session,
    action: Action,
    now: datetime,
    *,
    person_id: UUID | None,
    org_id: UUID | None = None,
    object_kind: str = "",
    address: str = "",
) -> None:
    """Write one line; it is kept with the transaction."""
    session.add(
        AccessLog(
            at=now,
            person_id=person_id,
            org_id=org_id,
            action=action.value,
            object_kind=object_kind,
            address=address[:64],
        )
    )


def log_number_seen(
    session: Session,
    now: datetime,
    unit_id: UUID,
    purpose: str,
    *,
    person_id: UUID | None,
    org_id: UUID | None,
    address: str = "",
) -> None:
    """Write that somebody saw the number of a unit's contact, and what for (`contact_purpose`)."""
    session.add(
        AccessLog(
            at=now,
            person_id=person_id,
            org_id=org_id,
            action=Action.SAW_NUMBER.value,
            object_kind="policyholder",
            object_id=str(unit_id),
            purpose=purpose,
            address=address[:64],
        )
    )


def log_inspection(
    session: Session,
    now: datetime,
    grants: list[str],
    page: str,
    named: Mapping[str, object],
    *,
    person_id: UUID | None,
    org_id: UUID | None,
    address: str = "",
) -> None:
    """Write that an auditor looked into the business: which page, which record, by which grants."""
    session.add(
        AccessLog(
            at=now,
            person_id=person_id,
            org_id=org_id,
            action=Action.INSPECTED.value,
            object_kind=page,
            address=address[:64],
            detail={"grants": list(grants), **{name: str(value) for name, value in named.items()}},
        )
    )
