"""Command keys: the same key answers with the first result and changes nothing."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from store.tables import CommandKey
from workflows.errors import CommandKeyConflictError
from workflows.people import Actor


def remembered(session: Session, actor: Actor, key: str, request_hash: str) -> CommandKey | None:
    """Return what an earlier command with this key led to. Raises: CommandKeyConflictError."""
    if actor.person_id is None:
        return None
    earlier = session.get(CommandKey, (actor.person_id, key))
    if earlier is not None and earlier.request_hash != request_hash:
        raise CommandKeyConflictError(key)
    return earlier


def remember(
    session: Session,
    actor: Actor,
    key: str,
    request_hash: str,
    case_id: UUID,
    result: Mapping[str, object],
    now: datetime,
) -> None:
    """Write down what the command led to, in its own transaction."""
    if actor.person_id is not None:
        session.add(
            CommandKey(
                actor_id=actor.person_id,
                key=key,
                request_hash=request_hash,
                case_id=case_id,
                result=dict(result),
                at=now,
            )
        )
