"""Durable databases for a benchmark: a SQLite file, and a PostgreSQL that flushes to disk at each commit."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from store import secrets
from store.database import Database
from tests.support.postgres import NoPostgresError, Server, running_server

FIELD_KEYS = {"bench": bytes(range(32))}


@contextmanager
def durable_databases(url: str | None) -> Iterator[dict[str, Database | str]]:
    """Yield a fresh database per dialect; a text in the place of one says why there is none."""
    secrets.configure(FIELD_KEYS)
    with tempfile.TemporaryDirectory(prefix="weiran-bench-") as name:
        found: dict[str, Database | str] = {"SQLite": Database(f"sqlite:///{Path(name) / 'bench.db'}")}
        with _postgres(url) as other:
            found["PostgreSQL"] = other
            yield found
            for database in found.values():
                if isinstance(database, Database):
                    database.close()


@contextmanager
def _postgres(url: str | None) -> Iterator[Database | str]:
    try:
        with running_server(durable=True, given=url) as server, _fresh(server) as database:
            yield database
    except NoPostgresError as error:
        yield str(error)


@contextmanager
def _fresh(server: Server, kind: str = "first") -> Iterator[Database]:
    name = f"weiran_bench_{os.getpid()}_{kind}"
    server.execute(f"CREATE DATABASE {name} ENCODING 'UTF8' LC_COLLATE 'C' TEMPLATE template0")
    database = Database(server.url(name))
    try:
        yield database
    finally:
        database.close()
        server.execute(f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def beside(database: Database) -> Iterator[Database]:
    """Yield a second fresh database in the same place, of the same kind."""
    if database.dialect == "sqlite":
        second = Database(f"sqlite:///{database.url.database}.second")
        yield second
        second.close()
        return
    server = Server(database.url.render_as_string(hide_password=False))
    with _fresh(server, "second") as second:
        yield second
