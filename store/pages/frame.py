"""What the frame of every page counts: own open work items, unread notices."""

from collections.abc import Collection
from uuid import UUID

from msgspec import Struct
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from store.pages.notices import unread_for
from store.tables import WorkItem

SHOWN_AT_MOST = 100


class FrameCounts(Struct, frozen=True):
    """Own open work items and unread notices; both stop at `SHOWN_AT_MOST`."""

    mine: int
    unread: int


def counts_for(session: Session, person_id: UUID, roles: Collection[str], org_id: UUID) -> FrameCounts:
    """Return the counts on the rail and the bell."""
    open_items = (
        select(WorkItem.id)
        .where(WorkItem.assignee_id == person_id, WorkItem.status < 2, WorkItem.assignee_id.is_not(None))
        .limit(SHOWN_AT_MOST)
    )
    mine = session.scalar(select(func.count()).select_from(open_items.subquery())) or 0
    unread = session.scalar(
        select(func.count()).select_from(unread_for(person_id, roles, org_id).limit(SHOWN_AT_MOST).subquery())
    )
    return FrameCounts(mine=mine, unread=unread or 0)
