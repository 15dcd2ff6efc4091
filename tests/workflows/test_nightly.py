"""The check of every night: queued once, silent when all is well, told to the administrators when it is not."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select, update

from store.tables import Engagement, Expert, Job, Notice, WorkItem
from tests.support.world import EVERYTHING
from worker.executor import run_due_jobs
from worker.nightly import Nightly
from workflows.handlers.expiring import tell_of_ends
from workflows.handlers.nightly import KIND, check_all, next_night
from workflows.statuses import DONE

NIGHT = date(2026, 3, 3)


@pytest.fixture
def begun(pasts, tmp_path):
    """A city whose first step waits; the test runs once per kind of database."""
    with pasts.until("begun").again(tmp_path) as world:
        yield world


def rows(world, query):
    with world.runtime.database.read(EVERYTHING) as session:
        return session.scalars(query).all()


def test_the_night_is_the_next_half_past_two_in_wenzhou():
    assert next_night(datetime(2026, 3, 2, 1, tzinfo=UTC)) == datetime(2026, 3, 2, 18, 30, tzinfo=UTC)
    assert next_night(datetime(2026, 3, 2, 18, 30, tzinfo=UTC)) == datetime(2026, 3, 2, 18, 30, tzinfo=UTC)
    assert next_night(datetime(2026, 3, 2, 18, 31, tzinfo=UTC)) == datetime(2026, 3, 3, 18, 30, tzinfo=UTC)


def test_each_night_is_checked_once_however_many_workers_there_are(begun):
    for worker in (Nightly(), Nightly()):
        for _ in range(2):
            worker.look_ahead(begun.runtime)
    (job,) = rows(begun, select(Job).where(Job.kind == KIND))
    assert job.args == {"night": NIGHT.isoformat()}
    begun.clock.at = job.run_at
    run_due_jobs(begun.runtime)
    assert rows(begun, select(Job.state).where(Job.kind == KIND)) == ["done"]
    assert rows(begun, select(Notice).where(Notice.kind == "invariants")) == []


def test_what_is_broken_is_told_to_each_system_administrator_once(begun):
    (item,) = begun.items()
    with begun.runtime.database.write(EVERYTHING) as session:
        session.execute(update(WorkItem).where(WorkItem.id == item.id).values(status=DONE + 1))
    for _ in range(2):
        assert check_all(begun.runtime, NIGHT) > 0
    told = rows(begun, select(Notice).where(Notice.kind == "invariants"))
    administrators = {begun.offices.people[login] for login in ("system_admin", "system_admin_2")}
    assert {notice.person_id for notice in told} == administrators
    assert len(told) == len(administrators)
    assert "引擎在等" in told[0].body


def test_a_day_and_a_moment_that_disagree_are_found(begun):
    begun.do("confirm_unit_facts", is_key=False)
    dated = [item for item in begun.items() if item.due_on is not None]
    with begun.runtime.database.write(EVERYTHING) as session:
        session.execute(update(WorkItem).where(WorkItem.id == dated[0].id).values(due_at=begun.clock.at))
    assert check_all(begun.runtime, NIGHT) == 1
    (told, _) = rows(begun, select(Notice.body).where(Notice.kind == "invariants"))
    assert told.startswith("I7")


def test_who_answers_for_a_contract_is_told_60_30_and_7_days_before_it_ends(begun):
    ends = date(2026, 12, 31)
    with begun.runtime.database.write(EVERYTHING) as session:
        session.execute(update(Engagement).values(end=ends))
    told = {}
    for before in (61, 60, 59, 30, 20, 7, 0, -1):
        told[before] = tell_of_ends(begun.runtime, ends - timedelta(days=before))
    assert told == {61: 0, 60: 1, 59: 0, 30: 1, 20: 0, 7: 1, 0: 0, -1: 0}
    notices = rows(begun, select(Notice).where(Notice.kind == "expiry"))
    assert {(notice.role, notice.holder_id) for notice in notices} == {("insurer", begun.offices.insurer)}
    assert "“WT-2025-001”2026-12-31 到期，还有 60 天" in {
        notice.title.removeprefix("合同") for notice in notices
    }


def test_a_night_that_was_missed_is_caught_up_and_certificates_are_told_too(begun):
    (ends,) = rows(begun, select(Expert.valid_until))
    assert tell_of_ends(begun.runtime, ends - timedelta(days=29)) == 1
    (notice,) = rows(begun, select(Notice).where(Notice.kind == "expiry"))
    assert (notice.role, notice.holder_id) == ("provider_manager", begun.offices.provider)
    assert "陈屿" in notice.title
