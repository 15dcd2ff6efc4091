"""Jobs join the transaction, are claimed under a lease, and are finished by the last token alone."""

from datetime import timedelta
from threading import Thread

import pytest
from sqlalchemy import select

from store import queue
from store import tables as t
from store.due import next_due
from store.errors import LostLeaseError
from tests.store.builders import EVERYTHING, NOW

LEASE = timedelta(minutes=1)


def put(database, count=1, **changes):
    with database.write(EVERYTHING) as session:
        for n in range(count):
            queue.enqueue(session, "mail", {"n": n}, **({"run_at": NOW} | changes))


def jobs(database):
    with database.read(EVERYTHING) as session:
        return session.scalars(select(t.Job).order_by(t.Job.run_at, t.Job.id)).all()


def test_a_job_of_a_rolled_back_transaction_does_not_exist(database):
    def fail():
        with database.write(EVERYTHING) as session:
            queue.enqueue(session, "mail", {}, run_at=NOW)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert jobs(database) == []


def test_a_key_queues_once_even_when_the_job_is_done(database):
    put(database, key="k")
    (job,) = queue.claim(database, NOW, 9, LEASE)
    with database.write(EVERYTHING) as session:
        queue.finish(session, job, NOW)
    put(database, key="k")
    assert [row.state for row in jobs(database)] == ["done"]


def test_jobs_without_key_never_collide(database):
    put(database, count=3)
    assert len(jobs(database)) == 3


def test_a_claimed_job_is_nobody_elses_until_its_lease_ends(database):
    put(database)
    (first,) = queue.claim(database, NOW, 9, LEASE)
    assert (first.kind, first.args, first.attempt) == ("mail", {"n": 0}, 1)
    assert queue.claim(database, NOW + LEASE, 9, LEASE) == []
    (second,) = queue.claim(database, NOW + LEASE + timedelta(seconds=1), 9, LEASE)
    assert second.attempt == 2
    with pytest.raises(LostLeaseError), database.write(EVERYTHING) as session:
        queue.finish(session, first, NOW)
    with database.write(EVERYTHING) as session:
        queue.finish(session, second, NOW)


def test_the_effect_of_a_lost_job_is_rolled_back(database):
    put(database)
    (first,) = queue.claim(database, NOW, 9, LEASE)
    queue.claim(database, NOW + LEASE * 2, 9, LEASE)

    def effect():
        with database.write(EVERYTHING) as session:
            session.add(t.Dictionary(name="effect", code="1", label="x"))
            queue.finish(session, first, NOW)

    with pytest.raises(LostLeaseError):
        effect()
    with database.read(EVERYTHING) as session:
        assert session.scalars(select(t.Dictionary)).all() == []


def test_a_heartbeat_keeps_a_job(database):
    put(database)
    (job,) = queue.claim(database, NOW, 9, LEASE)
    queue.extend(database, job, NOW + LEASE, LEASE)
    assert queue.claim(database, NOW + LEASE + timedelta(seconds=1), 9, LEASE) == []


def test_jobs_of_the_future_wait_and_the_oldest_come_first(database):
    put(database, run_at=NOW + LEASE)
    put(database, run_at=NOW - LEASE)
    assert next_due(database) == NOW - LEASE
    assert [job.args for job in queue.claim(database, NOW, 9, LEASE)] == [{"n": 0}]
    assert len(queue.claim(database, NOW + LEASE, 1, LEASE)) == 1


def test_nothing_is_due_when_there_is_no_job(database):
    assert next_due(database) is None


def test_a_failing_job_waits_longer_each_time_and_dies_in_the_end(database):
    put(database)
    now, waits = NOW, []
    for attempt in range(1, queue.MAX_ATTEMPTS + 1):
        (job,) = queue.claim(database, now, 9, LEASE)
        is_dead = queue.fail(database, job, now, "钉")
        assert is_dead == (attempt == queue.MAX_ATTEMPTS)
        (row,) = jobs(database)
        waits.append(row.run_at - now)
        now = max(now, row.run_at)
    assert waits[0] < waits[3] < waits[8]
    assert (row.state, row.last_error) == ("dead", "钉")
    assert queue.claim(database, now + timedelta(days=9), 9, LEASE) == []


def test_parallel_workers_never_share_a_job(database):
    put(database, count=24)
    taken = []

    def work():
        while claimed := queue.claim(database, NOW, 3, LEASE):
            taken.extend(job.id for job in claimed)

    threads = [Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(taken) == len(set(taken)) == 24
