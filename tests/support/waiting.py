"""Commands that wait for each other: held at a lock until the test has seen them wait there."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from uuid import UUID

from msgspec import Struct
from sqlalchemy import text
from sqlalchemy.orm import Session

from store.database import Database
from tests.support.world import EVERYTHING, World
from workflows.advance import lock_case

MOST_SECONDS = 30.0
_BLOCKED = text(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
)


class Held(Struct, frozen=True):
    """The transaction that holds a case, and the commands that wait for it."""

    session: Session
    commands: list[Future[object]]


@contextmanager
def while_locked(world: World, case_id: UUID, *commands: Callable[[], object]) -> Iterator[Held]:
    """Begin commands while a transaction of the test holds the case; all wait until the block ends.

    On SQLite the one writer's place stands for the case, and nobody can be seen waiting for it.
    """
    writing = world.runtime.database.write(EVERYTHING, now=world.clock.at)
    with ThreadPoolExecutor(len(commands)) as pool, writing as session:
        lock_case(session, case_id)
        begun = [pool.submit(command) for command in commands]
        _await_blocked(world.runtime.database, len(begun))
        yield Held(session, begun)


def _await_blocked(database: Database, count: int) -> None:
    limit = time.monotonic() + MOST_SECONDS
    while database.dialect == "postgresql":
        with database.writing() as connection:
            if connection.execute(_BLOCKED).scalar_one() >= count:
                return
        assert time.monotonic() < limit, "the commands do not wait"
        time.sleep(0.02)
