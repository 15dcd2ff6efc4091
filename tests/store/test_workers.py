"""What workers tell of themselves: the last word counts, and those long silent are forgotten."""

from datetime import timedelta

from msgspec.structs import replace

from store.workers import Beat, forget_worker, last_seen, note_worker, workers
from tests.store.builders import EVERYTHING, NOW

FIRST = Beat("one:1", NOW, NOW, "", None, 0, 0, 0)


def tell(database, *beats):
    for beat in beats:
        with database.write(EVERYTHING) as session:
            note_worker(session, beat)


def told(database):
    with database.read(EVERYTHING) as session:
        return workers(session)


def test_the_last_word_of_a_worker_counts(database):
    later = replace(FIRST, seen_at=NOW + timedelta(seconds=10), busy_with="mail", busy_since=NOW, jobs_done=3)
    tell(database, FIRST, later)
    assert told(database) == [later]


def test_those_heard_last_come_first_and_the_long_silent_are_forgotten(database):
    old = replace(FIRST, name="old:9", seen_at=NOW - timedelta(days=1, seconds=1))
    other = replace(FIRST, name="two:2", seen_at=NOW - timedelta(minutes=5))
    tell(database, old, other, FIRST)
    assert told(database) == [FIRST, other]


def test_a_worker_that_ends_in_order_is_forgotten(database):
    tell(database, FIRST)
    with database.write(EVERYTHING) as session:
        forget_worker(session, FIRST.name)
    with database.read(EVERYTHING) as session:
        assert last_seen(session) is None
