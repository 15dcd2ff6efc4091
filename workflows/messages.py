"""Messages between cases: written with the sender's transaction, delivered by a job in one of their own."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from store.prepared import run
from store.queue import enqueue
from store.tables import Message, Subscription
from workflows.acts import Act, Outgoing
from workflows.values import json_object

KEPT = timedelta(days=7)


def post(act: Act, outgoing: Outgoing, n: int) -> None:
    """Write the message and the job that delivers it; the key makes it one, however often it is written."""
    key = f"{act.case.id}:{act.case.version}:{n}"
    message = Message(
        key=key,
        name=outgoing.name,
        correlation=outgoing.correlation,
        target_process=outgoing.target,
        payload=json_object(outgoing.payload),
        sender_case_id=act.case.id,
        sent_at=act.now,
        keep_until=act.now + KEPT,
    )
    act.session.add(message)
    act.session.flush()
    enqueue_delivery(act, message)


def enqueue_delivery(act: Act, message: Message) -> None:
    """Let a job deliver the message as soon as this transaction is committed."""
    enqueue(
        act.session,
        "deliver_message",
        {"message_id": str(message.id)},
        run_at=act.now,
        key=f"deliver:{message.key}:{act.case.version}",
    )


def receivers(session: Session, message: Message) -> list[Subscription]:
    """Return who waits for this message now."""
    query = select(Subscription).where(
        Subscription.name == message.name, Subscription.correlation == message.correlation
    )
    if message.target_process:
        query = query.where(Subscription.process == message.target_process)
    return list(session.scalars(query.order_by(Subscription.id).limit(2)))


def wake_waiting(act: Act, process: str, name: str, correlation: str) -> None:
    """Deliver a message that came before anybody waited for it."""
    asked = {"name": name, "correlation": correlation, "process": process}
    for row in run(act.session, _CAME_BEFORE, asked):
        enqueue_delivery(act, act.session.get_one(Message, row.id))


_CAME_BEFORE = (
    select(Message.id)
    .where(
        Message.name == bindparam("name"),
        Message.correlation == bindparam("correlation"),
        Message.state == "waiting",
        Message.target_process == bindparam("process"),
    )
    .order_by(Message.sent_at, Message.id)
    .limit(1)
)


def message_by_id(session: Session, message_id: UUID) -> Message | None:
    """Return the message if it still waits for its receiver."""
    return session.scalar(
        select(Message).where(Message.id == message_id, Message.state == "waiting").with_for_update()
    )
