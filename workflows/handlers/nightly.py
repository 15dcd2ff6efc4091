"""The check of every night: all invariants of the data, and a notice to the system administrators if one is broken."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date, datetime, time, timedelta
from threading import Event, Thread
from typing import Final

import structlog
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from store.errors import LostLeaseError
from store.queue import enqueue
from store.scope import Scope
from store.tables import Notice, Person, RoleGrant
from workflows.breaches import breaches
from workflows.runtime import SHANGHAI, Runtime

KIND: Final = "check_invariants"
HOUR: Final = time(2, 30)
"""When nobody works, and the backup of midnight is done (Asia/Shanghai)."""

BEAT_SECONDS: Final = 30.0
SHOWN: Final = 20
_SCOPE = Scope.everything("the nightly check of the data")
log = structlog.get_logger()


def next_night(now: datetime) -> datetime:
    """Return the moment of the next check."""
    local = now.astimezone(SHANGHAI)
    tonight = datetime.combine(local.date(), HOUR, SHANGHAI)
    return tonight if local <= tonight else tonight + timedelta(days=1)


def queue_check(runtime: Runtime, at: datetime) -> None:
    """Queue the check of one night; however many workers do so, it is one."""
    night = at.astimezone(SHANGHAI).date().isoformat()
    with runtime.database.write(_SCOPE) as session:
        enqueue(session, KIND, {"night": night}, run_at=at, key=f"invariants-{night}")


def check_all(runtime: Runtime, night: date) -> int:
    """Check all data; tell each system administrator once for a night what is broken. Returns how much is."""
    with _at_work(runtime):
        found = breaches(runtime)
    if not found:
        return 0
    log.error("invariants_broken", count=len(found), first=found[0])
    left = len(found) - SHOWN
    body = "\n".join([*found[:SHOWN], *([f"还有 {left} 处"] if left > 0 else [])])
    title = f"夜间核对数据发现 {len(found)} 处不对，请运行 python3 run.py doctor --invariants"
    with runtime.database.write(_SCOPE, now=runtime.now()) as session:
        keys = {
            f"invariants-{night}-{person_id}": person_id for person_id in session.scalars(_ADMINISTRATORS)
        }
        told = set(session.scalars(select(Notice.key).where(Notice.key.in_(keys))))
        session.add_all(
            Notice(
                key=key,
                person_id=person_id,
                kind="invariants",
                title=title,
                body=body,
                link="/admin/",
                at=runtime.now(),
            )
            for key, person_id in keys.items()
            if key not in told
        )
    return len(found)


_ADMINISTRATORS = (
    select(RoleGrant.person_id)
    .join(Person, Person.id == RoleGrant.person_id)
    .where(RoleGrant.role == "system_admin", RoleGrant.revoked_at.is_(None), Person.active)
    .distinct()
)


@contextmanager
def _at_work(runtime: Runtime) -> Iterator[None]:
    """Say now and then that this worker is still at it: large data take longer than a lease."""
    is_over = Event()

    def beat() -> None:
        while not is_over.wait(BEAT_SECONDS):
            with suppress(LostLeaseError, SQLAlchemyError):
                runtime.still_at_work()

    beating = Thread(target=beat, daemon=True)
    beating.start()
    try:
        yield
    finally:
        is_over.set()
        beating.join()
