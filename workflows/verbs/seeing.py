"""Who has opened a piece of work: what follows a withdrawn step must not have been looked at (docs/verbs.md)."""

from uuid import UUID

from sqlalchemy import update

from store.scope import Scope
from store.tables import WorkItem
from workflows.people import Actor
from workflows.runtime import Runtime
from workflows.statuses import DONE

_REASON = "somebody opens their work"


def note_seen(runtime: Runtime, work_item_id: UUID, actor: Actor) -> None:
    """Remember when an open item was first opened by somebody who may do it; its version stays."""
    now = runtime.now()
    with runtime.database.write(Scope.everything(_REASON), now=now, actor=actor.person_id) as session:
        session.execute(
            update(WorkItem)
            .where(WorkItem.id == work_item_id, WorkItem.seen_at.is_(None), WorkItem.status < DONE)
            .values(seen_at=now)
            .execution_options(synchronize_session=False)
        )
