"""A unit reads what was pushed to it: the first reading is noted (第十二条)."""

from uuid import UUID

from sqlalchemy import select

from store.tables import PushDelivery
from workflows.people import Actor
from workflows.runtime import Runtime

READER = "policyholder"


def read_push(runtime: Runtime, content_id: UUID, actor: Actor) -> None:
    """Note that the unit of this person has read a push, and so that it reached the unit; done twice, it is one."""
    if not actor.has(READER):
        return
    now = runtime.now()
    unread = select(PushDelivery).where(
        PushDelivery.content_id == content_id,
        PushDelivery.policyholder_id == actor.org_id,
        PushDelivery.read_at.is_(None),
    )
    with runtime.database.write(actor.scope, now=now, actor=actor.person_id) as session:
        for delivery in session.scalars(unread.with_for_update()):
            delivery.read_at = now
            delivery.delivered_at = delivery.delivered_at or now
