"""A case as an expression sees it: its kept state, within the scope of the session."""

from uuid import UUID

from msgspec import Struct
from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from store.tables import Case
from store.types import JsonObject


class KeptCase(Struct, frozen=True):
    """What is kept of a case: its state and, where the state is gone, the readable copy of its variables."""

    id: UUID
    number: str
    title: str
    process: str
    release_id: UUID
    status: str
    state: bytes | None
    variables: JsonObject


def kept_case(session: Session, case_id: UUID) -> KeptCase | None:
    """Return the case if the person may see it."""
    case = session.scalar(select(Case).options(undefer(Case.state)).where(Case.id == case_id))
    if case is None:
        return None
    return KeptCase(
        id=case.id,
        number=case.number,
        title=case.title,
        process=case.process,
        release_id=case.release_id,
        status=case.status,
        state=case.state,
        variables=case.variables,
    )
