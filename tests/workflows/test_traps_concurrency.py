"""Traps of concurrency: two writers, and a pool whose connections have died."""

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from sqlalchemy import text

from store.database import Database
from tests.support.world import EVERYTHING
from workflows.commands import ClaimWorkItem, ReleaseWorkItem
from workflows.errors import NotAllowedError, StaleVersionError
from workflows.handlers.work_items import claim_work_item, release_work_item

ROUNDS = 200
RECOVERED = 10


def test_trap_12_of_two_writers_one_wins_each_round(world):
    world.register()
    first = world.actor("coordinator")
    both = (first, replace(first, person_id=world.offices.people["provider_manager"]))
    with ThreadPoolExecutor(2) as pool:
        for _ in range(ROUNDS):
            (item,) = world.items()
            tried = [pool.submit(claims, world, ClaimWorkItem(item.id, item.version), who) for who in both]
            won = [who for attempt in tried if (who := attempt.result())]
            assert len(won) == 1
            (item,) = world.items()
            assert item.assignee_id == won[0].person_id
            release_work_item(world.runtime, ReleaseWorkItem(item.id, item.version), won[0])


def claims(world, command, actor):
    try:
        claim_work_item(world.runtime, command, actor)
    except (StaleVersionError, NotAllowedError):
        return None
    return actor


def test_trap_13_a_pool_whose_connections_died_serves_the_next_command(postgres_url):
    database, other = Database(postgres_url), Database(postgres_url)
    with database.read(EVERYTHING) as session:
        session.execute(text("SELECT 1"))
    with other.writing() as connection:
        connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        )
    began = time.monotonic()
    with database.read(EVERYTHING) as session:
        assert session.execute(text("SELECT 1")).scalar() == 1
    assert time.monotonic() - began < RECOVERED
    database.close()
    other.close()
