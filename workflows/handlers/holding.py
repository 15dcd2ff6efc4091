"""What comes for a suspended case waits as a job of its own, and runs as soon as the case goes on or ends."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import Session

from store.queue import enqueue
from store.tables import Case, Job
from store.types import FAR_FUTURE


def hold(session: Session, case: Case, kind: str, args: Mapping[str, str]) -> None:
    """Let a job wait for a suspended case, as long as it takes; the same job waits once."""
    key = ":".join((_prefix(case.id), str(case.version), *args.values()))
    enqueue(session, kind, args, run_at=FAR_FUTURE, key=key)


def let_go(session: Session, case_id: UUID, now: datetime) -> None:
    """Let everything run that waited for the case."""
    waiting = update(Job).where(
        Job.state == "ready", Job.run_at == FAR_FUTURE, Job.key.startswith(f"{_prefix(case_id)}:")
    )
    session.execute(waiting.values(run_at=now).execution_options(synchronize_session=False))


def _prefix(case_id: UUID) -> str:
    return f"held:{case_id}"
