"""Databases for tests: migrated once per process, copied for every test."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

from store.database import Database
from store.migrate import upgrade
from tests.support.postgres import Server


class SqliteTemplate:
    """A migrated SQLite file that tests take copies of."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "template.db"
        self._numbers = count(1)
        _migrate(f"sqlite:///{self._file}")

    @contextmanager
    def copy(self) -> Iterator[str]:
        """Yield the address of a fresh copy."""
        file = self._file.with_name(f"copy-{next(self._numbers)}.db")
        shutil.copyfile(self._file, file)
        yield f"sqlite:///{file}"
        for leftover in file.parent.glob(f"{file.name}*"):
            leftover.unlink()


class PostgresTemplate:
    """A migrated PostgreSQL database that tests take clones of."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._name = f"weiran_template_{os.getpid()}"
        self._numbers = count(1)
        create = f"CREATE DATABASE {self._name} ENCODING 'UTF8' LC_COLLATE 'C' TEMPLATE template0"
        server.execute(f"DROP DATABASE IF EXISTS {self._name} WITH (FORCE)", create)
        _migrate(server.url(self._name))

    @contextmanager
    def copy(self) -> Iterator[str]:
        """Yield the address of a fresh clone."""
        name = f"weiran_test_{os.getpid()}_{next(self._numbers)}"
        self._server.execute(f"CREATE DATABASE {name} TEMPLATE {self._name} STRATEGY FILE_COPY")
        try:
            yield self._server.url(name)
        finally:
            self._server.execute(f"DROP DATABASE {name} WITH (FORCE)")

    def drop(self) -> None:
        """Remove the template, for the sake of a server that outlives the tests."""
        self._server.execute(f"DROP DATABASE IF EXISTS {self._name} WITH (FORCE)")


@contextmanager
def opened(url: str) -> Iterator[Database]:
    """Yield the database at an address and close its connections afterwards."""
    database = Database(url)
    try:
        yield database
    finally:
        database.close()


def _migrate(url: str) -> None:
    with opened(url) as database:
        upgrade(database)
