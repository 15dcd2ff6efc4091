"""Databases for tests: migrated once per process, copied for every test."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from itertools import count
from pathlib import Path
from typing import Protocol, Self

from store.database import Database
from store.migrate import upgrade
from tests.support.postgres import Server

Fill = Callable[[str], None]


class Template(Protocol):
    """A database that tests take copies of."""

    def copy(self) -> AbstractContextManager[str]:
        """Give the address of a fresh copy, for the length of a `with` block."""

    def grown(self, fill: Fill) -> Self:
        """Return a template that holds what this one holds and what `fill` writes at an address."""


class SqliteTemplate:
    """A SQLite file that tests take copies of."""

    def __init__(self, file: Path) -> None:
        """Take a file that nobody changes any more."""
        self._file = file
        self._numbers = count(1)

    @classmethod
    def migrated(cls, folder: Path) -> Self:
        """Migrate an empty file."""
        file = folder / "template.db"
        _migrate(f"sqlite:///{file}")
        return cls(file)

    @contextmanager
    def copy(self) -> Iterator[str]:
        """Yield the address of a fresh copy."""
        file = self._new_copy()
        yield f"sqlite:///{file}"
        for leftover in file.parent.glob(f"{file.name}*"):
            leftover.unlink()

    def grown(self, fill: Fill) -> Self:
        """Return a template that holds what `fill` writes besides."""
        file = self._new_copy()
        fill(f"sqlite:///{file}")
        return type(self)(file)

    def _new_copy(self) -> Path:
        file = self._file.with_name(f"{self._file.stem}-{next(self._numbers)}.db")
        shutil.copyfile(self._file, file)
        return file


class PostgresTemplate:
    """A PostgreSQL database that tests take clones of."""

    def __init__(self, server: Server, name: str) -> None:
        """Take a database that nobody is connected to any more."""
        self._server = server
        self._name = name
        self._numbers = count(1)

    @classmethod
    def migrated(cls, server: Server) -> Self:
        """Migrate an empty database."""
        name = f"weiran_test_{os.getpid()}"
        create = f"CREATE DATABASE {name} ENCODING 'UTF8' LC_COLLATE 'C' TEMPLATE template0"
        server.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)", create)
        _migrate(server.url(name))
        return cls(server, name)

    @contextmanager
    def copy(self) -> Iterator[str]:
        """Yield the address of a fresh clone."""
        name = self._new_clone()
        try:
            yield self._server.url(name)
        finally:
            self._drop(name)

    def grown(self, fill: Fill) -> Self:
        """Return a template that holds what `fill` writes besides."""
        name = self._new_clone()
        fill(self._server.url(name))
        return type(self)(self._server, name)

    def drop(self) -> None:
        """Remove the template, for the sake of a server that outlives the tests."""
        self._drop(self._name)

    def _new_clone(self) -> str:
        name = f"{self._name}_{next(self._numbers)}"
        self._server.execute(f"CREATE DATABASE {name} TEMPLATE {self._name} STRATEGY FILE_COPY")
        return name

    def _drop(self, name: str) -> None:
        self._server.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


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
