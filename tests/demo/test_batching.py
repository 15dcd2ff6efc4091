"""Many commands in one transaction: each undone alone, none seen before the batch is kept."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from demo.batching import BatchedDatabase
from rules.codes import regions, zones
from store.scope import Scope
from store.tables import Job, Region
from tests.support.databases import opened

NOW = datetime(2026, 11, 27, 3, 0, tzinfo=UTC)
EVERYTHING = Scope.everything("a test looks at all rows")


@pytest.fixture
def database(sqlite_template):
    """An empty database."""
    with sqlite_template.copy() as url, opened(url) as found:
        yield found


def region(code: str) -> Region:
    """Return a region to be kept."""
    return Region(code=code, name=code)


def fail(database) -> None:
    """Add a region and fail."""
    with database.write(EVERYTHING) as session:
        session.add(region("2"))
        session.flush()
        raise ZeroDivisionError


def begin_and_fail(batched) -> None:
    """Carry out two commands in a batch, the second of which fails."""
    with batched.batch(EVERYTHING):
        with batched.write(EVERYTHING) as session:
            session.add(region("1"))
        fail(batched)


def codes(database) -> list[str]:
    """Return the regions that are kept, beside those of Wenzhou."""
    with database.read(EVERYTHING) as session:
        kept = session.scalars(select(Region.code).order_by(Region.code))
        return [code for code in kept if code not in {*regions(), *zones()}]


def test_a_command_that_fails_is_undone_alone(database):
    batched = BatchedDatabase(database)
    with batched.batch(EVERYTHING):
        with batched.write(EVERYTHING) as session:
            session.add(region("1"))
        with pytest.raises(ZeroDivisionError):
            fail(batched)
        with batched.write(EVERYTHING) as session:
            session.add(region("3"))
        assert codes(batched) == ["1", "3"]
    assert codes(database) == ["1", "3"]


def test_a_batch_that_fails_keeps_nothing(database):
    batched = BatchedDatabase(database)
    with pytest.raises(ZeroDivisionError):
        begin_and_fail(batched)
    assert codes(database) == []


def test_what_commands_change_past_the_session_is_read_anew(database):
    batched = BatchedDatabase(database)
    with batched.batch(EVERYTHING):
        with batched.write(EVERYTHING) as session:
            session.add(Job(kind="k", args={}, state="ready", run_at=NOW, attempt=0))
            session.add(region("1"))
        with batched.write(EVERYTHING) as session:
            session.connection().exec_driver_sql("UPDATE job SET state = 'done'")
            session.connection().exec_driver_sql("UPDATE region SET name = 'x' WHERE code = '1'")
        with batched.read(EVERYTHING) as session:
            assert session.scalars(select(Job)).one().state == "done"
            assert session.get_one(Region, "1").name == "1", "held until the batch is kept"
    with database.read(EVERYTHING) as session:
        assert session.get_one(Region, "1").name == "x"
