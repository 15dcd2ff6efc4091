"""Moves of tokens that are proposed, and what became of them."""

from datetime import datetime
from uuid import UUID

from msgspec import Struct
from sqlalchemy import select
from sqlalchemy.orm import Session

from store.pages.histories import names_of
from store.scope import widened
from store.tables import Case, TokenMove

SHOWN = 50
PROPOSED = "proposed"


class MoveRow(Struct, frozen=True):
    """A move as list and page show it, in the words of its preview."""

    id: UUID
    case_id: UUID
    number: str
    lost: tuple[str, ...]
    opens: tuple[str, ...]
    reason: str
    status: str
    proposed_by: UUID
    proposer: str
    proposed_at: datetime
    decider: str
    decided_at: datetime | None
    answer: str


def waiting_moves(session: Session) -> tuple[MoveRow, ...]:
    """Return what waits for a second person, the oldest first."""
    query = select(TokenMove).where(TokenMove.status == PROPOSED)
    rows = session.scalars(query.order_by(TokenMove.proposed_at, TokenMove.id).limit(SHOWN)).all()
    return tuple(_row(session, row) for row in rows)


def move_row(session: Session, move_id: UUID) -> MoveRow | None:
    """Return one move."""
    row = session.get(TokenMove, move_id)
    return _row(session, row) if row is not None else None


def _row(session: Session, row: TokenMove) -> MoveRow:
    names = names_of(session, {one for one in (row.proposed_by, row.decided_by) if one is not None})
    with widened(session, "the numbers of cases whose tokens are to be moved"):
        number = session.scalar(select(Case.number).where(Case.id == row.case_id)) or ""
    return MoveRow(
        id=row.id,
        case_id=row.case_id,
        number=number,
        lost=tuple(map(str, row.lost)),
        opens=tuple(map(str, row.opens)),
        reason=row.reason,
        status=row.status,
        proposed_by=row.proposed_by,
        proposer=names.get(row.proposed_by, ""),
        proposed_at=row.proposed_at,
        decider=names.get(row.decided_by, "") if row.decided_by else "",
        decided_at=row.decided_at,
        answer=row.answer,
    )
