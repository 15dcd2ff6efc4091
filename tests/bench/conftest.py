"""An empty database: the benchmarks migrate theirs."""

import pytest

from store.database import Database


@pytest.fixture
def empty_database(tmp_path):
    """A SQLite file that is not there yet."""
    database = Database(f"sqlite:///{tmp_path / 'bench.db'}")
    yield database
    database.close()
