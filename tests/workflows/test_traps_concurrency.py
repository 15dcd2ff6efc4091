"""Traps of concurrency: two writers, and a pool whose connections have died."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from functools import partial

import pytest
from msgspec.structs import replace
from sqlalchemy import select, text
from sqlalchemy.exc import OperationalError

from store.scope import owner_of
from store.tables import Endorsement, FundPlan, Notice
from tests.support.databases import opened
from tests.support.postgres import NoPostgresError, running_server
from tests.support.waiting import while_locked
from tests.support.world import EVERYTHING
from workflows.advance import lock_case, new_act
from workflows.commands import ClaimWorkItem, ReleaseWorkItem
from workflows.errors import NotAllowedError, StaleVersionError
from workflows.handlers.policies import EndorsePolicy, endorse_policy
from workflows.handlers.work_items import claim_work_item, release_work_item
from workflows.operations.fund import post_fund_entry
from workflows.people import SYSTEM

DAY = date(2026, 6, 1)
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


@pytest.fixture
def on_postgres(postgres_pasts, tmp_path):
    """A city whose first step waits, on the database where two commands write at once."""
    with postgres_pasts.until("begun").again(tmp_path) as world:
        yield world


def test_a_row_that_names_a_busy_case_does_not_wait_for_it(on_postgres):
    """Else two commands, each about the other's case too, would wait for each other for ever."""
    database = on_postgres.runtime.database
    (case,) = on_postgres.cases("service_cycle")

    def tell():
        with database.write(EVERYTHING) as session:
            session.add(Notice(case_id=case.id, kind="notice", title="", at=on_postgres.clock.at))

    with ThreadPoolExecutor(1) as pool, database.write(EVERYTHING) as session:
        lock_case(session, case.id)
        pool.submit(tell).result(timeout=10)


def test_a_row_that_names_a_busy_policy_does_not_wait_for_it(on_postgres):
    """A step of the cycle writes about the policy while an endorsement of it waits for the cycle."""
    (case,) = on_postgres.cases("service_cycle")
    command = EndorsePolicy(on_postgres.policy_id, DAY, Decimal(100))
    endorse = partial(endorse_policy, on_postgres.runtime, command, on_postgres.actor("coordinator"))
    with while_locked(on_postgres, case.id, endorse) as held:
        row = Endorsement(**owner_of(case), policy_id=on_postgres.policy_id, effective=DAY, premium_delta=1)
        held.session.add(row)
    assert held.commands[0].result() != row.id


def claims(world, command, actor):
    try:
        claim_work_item(world.runtime, command, actor)
    except (StaleVersionError, NotAllowedError):
        return None
    return actor


def test_two_fees_of_one_plan_are_judged_one_after_the_other(postgres_pasts, tmp_path):
    """第六条: what two visits spend at the same moment stays within the plan; SQLite has one writer anyway."""
    with postgres_pasts.until("arranged").again(tmp_path) as world:
        (case,), runtime = world.cases("service_visit"), world.runtime
        fee = {"amount": "100.00", "category": "expert_fee", "payee": "某", "voucher": ["x"]}
        locks = select(FundPlan).with_for_update(nowait=True)
        with runtime.database.write(EVERYTHING) as session:
            act = new_act(runtime, session, case, SYSTEM, world.clock.at)
            post_fund_entry(act, {"visit_id": case.visit_id, "entry": fee})
            with pytest.raises(OperationalError), runtime.database.write(EVERYTHING) as other:
                other.scalars(locks.where(FundPlan.year == act.today.year)).all()


@pytest.fixture
def own_server(monkeypatch):
    """A PostgreSQL server that this test may crash; commits are flushed to its disk."""
    monkeypatch.delenv("TEST_DATABASE_URL", raising=False)
    try:
        with running_server(durable=True) as server:
            yield server
    except NoPostgresError as error:
        pytest.skip(str(error))


def test_trap_13_a_pool_whose_server_crashed_serves_the_next_command(own_server):
    """The command in hand fails and is undone; the dead connections that lie idle in the pool stop nobody."""
    url = own_server.url("postgres")
    with opened(url) as database, opened(url) as other:
        with database.writing() as connection:
            connection.execute(text("CREATE TABLE kept AS SELECT 1 AS n"))
        with pytest.raises(OperationalError):
            crashes_in_the_middle(other, own_server.guardian)
        began = time.monotonic()
        own_server.guardian.start()
        with database.read(EVERYTHING) as session:
            assert list(session.scalars(text("SELECT n FROM kept"))) == [1]
        assert time.monotonic() - began < RECOVERED


def crashes_in_the_middle(database, guardian):
    with database.writing() as connection:
        connection.execute(text("INSERT INTO kept VALUES (2)"))
        guardian.crash()
        connection.execute(text("SELECT 1"))
