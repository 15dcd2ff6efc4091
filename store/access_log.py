"""The access log: who signed in, who was turned away; append-only, read by auditors."""

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
