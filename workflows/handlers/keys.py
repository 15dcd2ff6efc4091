"""Command keys: the same key answers with the first result and changes nothing."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from store.prepared import Write, run
from store.tables import CommandKey
from workflows.errors import CommandKeyConflictError
from workflows.people import Actor

_EARLIER = select(CommandKey.request_hash, CommandKey.case_id).where(
    CommandKey.actor_id == bindparam("actor"), CommandKey.key == bindparam("key")
)
_REMEMBER = insert(CommandKey.__table__)  # type: ignore[arg-type]  # the class's table


def remembered(session: Session, actor: Actor, key: str, request_hash: str) -> UUID | None:
    """Return the case that an earlier command with this key led to. Raises: CommandKeyConflictError."""
    if actor.person_id is None:
        return None
    earlier = run(session, _EARLIER, {"actor": actor.person_id, "key": key}).one_or_none()
    if earlier is not None and earlier.request_hash != request_hash:
        raise CommandKeyConflictError(key)
    case_id: UUID | None = earlier.case_id if earlier is not None else None
    return case_id


def remember(
    session: Session,
    actor: Actor,
    key: str,
    request_hash: str,
    case_id: UUID,
    now: datetime,
) -> None:
    """Write down what the command led to, in its own transaction.

    Raises: CommandKeyConflictError if the key was used for something else.
    """
    with unique(key):
        for write in remembering(actor, key, request_hash, case_id, now):
            run(session, write.statement, write.values)


def remembering(actor: Actor, key: str, request_hash: str, case_id: UUID, now: datetime) -> list[Write]:
    """Return what writes down a person's command, to be run inside `unique`."""
    row = {
        "actor_id": actor.person_id,
        "key": key,
        "request_hash": request_hash,
        "case_id": case_id,
        "at": now,
    }
    return [Write(_REMEMBER, row)] if actor.person_id is not None else []


@contextmanager
def unique(key: str) -> Iterator[None]:
    """Tell a key that was used for something else. Raises: CommandKeyConflictError."""
    try:
        yield
    except IntegrityError as error:
        if CommandKey.__tablename__ not in str(error.orig):
            raise
        raise CommandKeyConflictError(key) from error
