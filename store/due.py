"""When something is to be done without a person: asked by each worker before it sleeps, and so past the ORM."""

from datetime import datetime

from sqlalchemy import select

from store.database import Database
from store.prepared import ask_bare
from store.tables import Job, Timer
from store.tables.operation import READY

_JOB = select(Job.run_at).where(READY).order_by(Job.run_at).limit(1)
_TIMER = select(Timer.due_at).order_by(Timer.due_at).limit(1)
_NEXT = select(_JOB.scalar_subquery(), _TIMER.scalar_subquery())


def next_due(database: Database) -> datetime | None:
    """Return the moment of the first job or timer, None if there is none.

    One that has passed need not mean that there is work: others may have it in hand, or its case is suspended.
    """
    with database.glancing() as connection:
        ((job, timer),) = ask_bare(connection, _NEXT, {})
    return min((at for at in (job, timer) if at is not None), default=None)
