"""Messages between cases: written with the sender's transaction, delivered by a job in one of their own."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from store.prepared import ask
from store.queue import enqueue
from store.tables import Message, Subscription
from store.types import JsonObject
from workflows.acts import Act, Outgoing
from workflows.engine import Token, mapping_from_json, plain_mapping, to_json

KEPT = timedelta(days=7)
AWAITING = ("message", "condition")
"""The kinds of tokens that wait for somebody else's word."""
EXPIRED = "expired"
LOOKS_AFTER = timedelta(seconds=10)
"""How long after a message was sent the first second look for a receiver comes: a command takes less."""


def post(act: Act, outgoing: Outgoing, n: int) -> None:
    """Write the message and the job that delivers it; the key makes it one, however often it is written."""
    key = f"{act.case.id}:{act.case.version}:{n}"
    message = Message(
        key=key,
        name=outgoing.name,
        correlation=outgoing.correlation,
        target_process=outgoing.target,
        payload=as_sent(outgoing.payload),
        sender_case_id=act.case.id,
        sent_at=act.now,
        keep_until=act.now + KEPT,
    )
    act.session.add(message)
    act.session.flush()
    _enqueue_delivery(act.session, message.id, key, act.now)


def payload_of(message: Message) -> dict[str, object]:
    """Return what a message says as it was sent: a date is a date, and an amount keeps its decimals."""
    return mapping_from_json(message.payload)


def as_sent(payload: Mapping[str, object]) -> JsonObject:
    """Return what a message says in the form in which it is kept."""
    return {name: to_json(value) for name, value in plain_mapping(payload, "payload.").items()}


def _enqueue_delivery(session: Session, message_id: UUID, key: str, at: datetime) -> None:
    """Let a job deliver the message, as soon as this transaction is committed but not before this moment."""
    enqueue(session, "deliver_message", {"message_id": str(message_id)}, run_at=at, key=f"deliver:{key}")


def look_again(session: Session, message: Message, now: datetime) -> None:
    """Let a job try once more to deliver a message that nobody waits for yet, or that failed for a passing cause.

    A receiver whose transaction had not ended when the delivery looked, and that began before the message was
    written, is seen by neither side. The pauses double, as long as the message is kept; then it is let go.
    """
    if now >= message.keep_until:
        message.state = EXPIRED
        return
    n, at = 0, message.sent_at + LOOKS_AFTER
    while at <= now:
        n, at = n + 1, message.sent_at + LOOKS_AFTER * 2 ** (n + 1)
    _enqueue_delivery(session, message.id, f"{message.key}:look:{n}", min(at, message.keep_until))


def receivers(session: Session, message: Message) -> list[Subscription]:
    """Return who waits for this message now."""
    query = select(Subscription).where(
        Subscription.name == message.name, Subscription.correlation == message.correlation
    )
    if message.target_process:
        query = query.where(Subscription.process == message.target_process)
    return list(session.scalars(query.order_by(Subscription.id).limit(2)))


def wake_waiting(act: Act, opened: Collection[Token]) -> None:
    """Deliver messages to this case that came before its newly opened tokens waited for them."""
    for token in opened:
        if token.kind not in AWAITING:
            continue
        awaited = {"name": token.message or "", "correlation": token.correlation or "", "now": act.now}
        for message_id, key in ask(act.session, _FIRST_WAITING, {"process": act.case.process, **awaited}):
            _enqueue_delivery(act.session, message_id, f"{key}:{act.case.id}:{act.case.version}", act.now)


_FIRST_WAITING = (
    select(Message.id, Message.key)
    .where(
        Message.target_process.in_((bindparam("process"), "")),
        Message.name == bindparam("name"),
        Message.correlation == bindparam("correlation"),
        Message.state == "waiting",
        Message.keep_until >= bindparam("now"),
    )
    .order_by(Message.sent_at, Message.id)
    .limit(1)
)


def message_by_id(session: Session, message_id: UUID) -> Message | None:
    """Return the message if it still waits for its receiver."""
    return session.scalar(
        select(Message).where(Message.id == message_id, Message.state == "waiting").with_for_update()
    )
