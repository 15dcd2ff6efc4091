"""Messages that reached nobody: sent once more, or given up with a reason."""

from collections.abc import Callable, Iterable
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from store.queue import enqueue
from store.scope import Scope
from store.tables import Case, Message
from workflows.administration import SYSTEM, one_line, reason_of, require, tell
from workflows.errors import NotFoundError, RuleRefusedError
from workflows.messages import EXPIRED, KEPT
from workflows.people import Actor
from workflows.runtime import Runtime

AT_ONCE: Final = 100
WAITING: Final = "waiting"
DISCARDED: Final = "discarded"
_REASON = "a system administrator looks after messages that reached nobody"


def resend_message(runtime: Runtime, message_id: UUID, reason: str, actor: Actor) -> None:
    """Keep a message for its receiver once more, and look for it at once.

    Raises: NotAllowedError, NotFoundError, RuleRefusedError (it is not given up by the product).
    """
    now = runtime.now()
    with runtime.database.write(Scope.everything(_REASON), now=now, actor=actor.person_id) as session:
        message = _expired(session, message_id, actor)
        message.state, message.keep_until = WAITING, now + KEPT
        key = f"resend:{message.id}:{now.isoformat()}"
        enqueue(session, "deliver_message", {"message_id": str(message.id)}, run_at=now, key=key)
        said = one_line(reason)
        text = f"{actor.name}把没人收的消息再投一次" + (f"：{said}" if said else "")
        tell(session, ("message", message.id), "resent", text, actor, now, _owner(session, message))


def discard_message(runtime: Runtime, message_id: UUID, reason: str, actor: Actor) -> None:
    """Give a message up for good. Raises: as `resend_message`; RuleRefusedError without a reason as well."""
    said, now = reason_of(reason), runtime.now()
    with runtime.database.write(Scope.everything(_REASON), now=now, actor=actor.person_id) as session:
        message = _expired(session, message_id, actor)
        message.state = DISCARDED
        text = f"{actor.name}放弃没人收的消息：{said}"
        tell(
            session,
            ("message", message.id),
            "discarded",
            text,
            actor,
            now,
            _owner(session, message),
            reason=said,
        )


def resend_messages(runtime: Runtime, message_ids: Iterable[UUID], reason: str, actor: Actor) -> int:
    """Send many once more, each on its own; returns how many. Raises: NotAllowedError."""
    return _each(message_ids, lambda message_id: resend_message(runtime, message_id, reason, actor))


def discard_messages(runtime: Runtime, message_ids: Iterable[UUID], reason: str, actor: Actor) -> int:
    """Give many up for one reason; returns how many. Raises: NotAllowedError, RuleRefusedError without a reason."""
    said = reason_of(reason)
    return _each(message_ids, lambda message_id: discard_message(runtime, message_id, said, actor))


def _each(message_ids: Iterable[UUID], deed: Callable[[UUID], None]) -> int:
    done = 0
    for message_id in list(dict.fromkeys(message_ids))[:AT_ONCE]:
        try:
            deed(message_id)
        except (RuleRefusedError, NotFoundError):
            continue
        done += 1
    return done


def _expired(session: Session, message_id: UUID, actor: Actor) -> Message:
    require(actor, SYSTEM, "messages")
    message = session.get(Message, message_id, with_for_update=True)
    if message is None:
        raise NotFoundError(kind="message", id=str(message_id))
    if message.state != EXPIRED:
        raise RuleRefusedError("这条消息有人收了，或者已经处理过")
    return message


def _owner(session: Session, message: Message) -> UUID | None:
    sender = session.get(Case, message.sender_case_id) if message.sender_case_id else None
    return sender.org_id if sender is not None else None
