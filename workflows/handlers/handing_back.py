"""Open work goes back to the people of its role when who held it may no longer do it."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from store.events import EventDraft
from store.tables import Notice, Person, WorkItem
from workflows.acts import Act
from workflows.advance import lock_case, new_act, note
from workflows.people import Actor
from workflows.runtime import Runtime
from workflows.statuses import POOL, UNFINISHED, WAITING


def hand_back(
    runtime: Runtime,
    session: Session,
    person: Person,
    actor: Actor,
    now: datetime,
    *,
    why: str,
    role: str | None = None,
) -> int:
    """Give each open item of a person, of one role if it is named, back to its pool; return how many.

    Each case and pool is told. Cases are locked in the order of their ids, and items are read once theirs is.
    """
    held = select(WorkItem).where(WorkItem.assignee_id == person.id, WorkItem.status.in_(UNFINISHED))
    if role is not None:
        held = held.where(WorkItem.role == role)
    count = 0
    for case_id in session.scalars(
        held.with_only_columns(WorkItem.case_id).distinct().order_by(WorkItem.case_id)
    ):
        act = new_act(runtime, session, lock_case(session, case_id), actor, now)
        of_case = held.where(WorkItem.case_id == case_id).order_by(WorkItem.id).with_for_update()
        items = session.scalars(of_case).all()
        if items:
            _release(act, items, f"{person.name}{why}")
        count += len(items)
    return count


def _release(act: Act, items: Sequence[WorkItem], why: str) -> None:
    for item in items:
        status = WAITING if item.status == WAITING else POOL
        item.status, item.assignee_id, item.claimed_at = status, None, None
        item.owner_id, item.delegates = None, []
        item.version += 1
        act.element = item.step
        act.say("item.released", f"{why}，“{item.title}”退回本组", work_item=str(item.id))
        act.session.add(
            Notice(
                role=item.role,
                holder_id=item.holder_id,
                case_id=item.case_id,
                work_item_id=item.id,
                kind="notice",
                title=f"{item.subject}：{item.title}，{why}，等人领取",
                link=f"/inbox/{item.id}",
                at=act.now,
            )
        )
    first, *rest = act.said
    act.said = rest
    note(act, EventDraft(first.kind, first.element, first.body))
