"""A database by its URL, and sessions on it: `read` and `write`, each with a scope.

SQLite: one file, write-ahead log, full durability; a write takes the writer's place at once
(BEGIN IMMEDIATE), so that two writers queue instead of failing in the middle. PostgreSQL: read
committed, connections that have rested are checked before use.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from math import inf
from pathlib import Path
from selectors import EVENT_READ, DefaultSelector
from sqlite3 import Connection as DriverConnection
from time import monotonic
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import URL, Connection, Engine, Pool, create_engine, event, make_url
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.orm import Session
from sqlalchemy.pool import ConnectionPoolEntry

from store.guard import ScopedSession
from store.scope import Scope

if TYPE_CHECKING:
    import psycopg

BUSY_SECONDS = 10
_SWIFT = {"options": "-c jit=off"}
"""PostgreSQL would compile the statements of a dashboard for 15 s, to save nothing of the 0.1 s that they take."""
RESTED_SECONDS = 1
_ALL_TABLES = 0x10002  # those too that this connection has not read yet


class Database:
    """One database. A session lives as long as its `with` block; its rows stay readable after."""

    def __init__(self, url: str, *, pool_size: int = 5) -> None:
        """Connect lazily to this URL; `postgresql://` means psycopg."""
        self.url = _complete(make_url(url))
        self.dialect = self.url.get_backend_name()
        options = {"pool_size": pool_size, "max_overflow": 4 * pool_size}
        if self.dialect == "sqlite":
            self.engine = _sqlite_engine(self.url, options, "BEGIN")
            self.reader = self._glancer = self.engine
            self.writer = _sqlite_engine(self.url, {}, "BEGIN IMMEDIATE", self.engine.pool)
        else:
            self.engine = create_engine(self.url, hide_parameters=True, connect_args=_SWIFT, **options)
            _look_after_rests(self.engine)
            self.reader = self.engine.execution_options(postgresql_readonly=True)
            self.writer = self.engine
            self._glancer = self.engine.execution_options(isolation_level="AUTOCOMMIT")

    @contextmanager
    def read(self, scope: Scope) -> Iterator[Session]:
        """Give a session that reads within this scope; nothing that it adds is kept.

        PostgreSQL: it ends with a commit, since after a rollback the driver forgets all statements that the
        connection has prepared, and the next command has each one planned anew: a third of its time.
        """
        info = {"scope": scope}
        with ScopedSession(self.reader, expire_on_commit=False, autoflush=False, info=info) as session:
            yield session
            if self.dialect == "postgresql":
                session.expunge_all()
                session.commit()

    @contextmanager
    def write(
        self, scope: Scope, *, now: datetime | None = None, actor: UUID | None = None
    ) -> Iterator[Session]:
        """Give a session for one transaction: committed at the end, rolled back on any error.

        `now` and `actor` stamp the rows that it adds (`created_at`, `created_by`).
        """
        info = {"scope": scope, "now": now, "actor": actor}
        with ScopedSession(self.writer, expire_on_commit=False, info=info) as session, session.begin():
            yield session

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Give a bare connection in one write transaction: migrations and maintenance, no scope."""
        with self.writer.begin() as connection:
            yield connection

    @contextmanager
    def glancing(self) -> Iterator[Connection]:
        """Give a bare connection for one question outside transactions, no scope: what a worker asks all day long."""
        with self._glancer.connect() as connection:
            yield connection

    def note_sizes(self) -> None:
        """Let the planner know how large the tables are.

        SQLite: else every index counts as equally good, and the one on `org_id`, which holds every row of a provider,
        is taken for a policy's visits: units without enough visits among 6,000 policies took 33 s, with it 0.2 s.
        PostgreSQL finds out by itself within minutes; until then foreign keys of a table that was empty are checked
        row by row: an import of 50,000 policies waited 50 s for it.
        """
        if self.dialect == "sqlite":
            with self.writing() as connection:
                connection.exec_driver_sql(f"PRAGMA optimize={_ALL_TABLES}")
            return
        with self.glancing() as connection:
            connection.exec_driver_sql("ANALYZE")  # table by table, none stays locked

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()


def _complete(url: URL) -> URL:
    """Name the driver, and make the folder of a SQLite file."""
    if url.drivername in {"postgresql", "postgres"}:
        return url.set(drivername="postgresql+psycopg")
    if url.get_backend_name() == "sqlite" and url.database and url.database != ":memory:":
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    return url


def _sqlite_engine(url: URL, options: dict[str, int], begin: str, pool: Pool | None = None) -> Engine:
    """Return an engine whose transactions begin with this statement.

    The dialect says it: a listener for it would cost every statement a tenth of its time.
    """
    in_memory = url.database in {None, "", ":memory:"}
    arguments = {"timeout": BUSY_SECONDS, "check_same_thread": False, "isolation_level": None}
    engine = create_engine(
        url, pool=pool, connect_args=arguments, hide_parameters=True, **({} if in_memory else options)
    )
    if pool is None:
        event.listen(engine, "connect", _prepare_sqlite)
    engine.dialect.do_begin = lambda dbapi_connection: dbapi_connection.execute(begin)  # type: ignore[method-assign]  # see above
    return engine


def _look_after_rests(engine: Engine) -> None:
    """Ask a connection that has rested, or heard from the server meanwhile, whether it is still there.

    To one just used the server says nothing but that it ends.
    """

    @event.listens_for(engine, "checkin")
    def _rests(_connection: object, record: ConnectionPoolEntry) -> None:
        record.info["since"] = monotonic()

    @event.listens_for(engine, "checkout")
    def _wakes(connection: "psycopg.Connection", record: ConnectionPoolEntry, _proxy: object) -> None:
        if monotonic() - record.info.get("since", -inf) < RESTED_SECONDS and _is_silent(connection):
            return
        try:
            engine.dialect.do_ping(connection)  # type: ignore[arg-type]  # psycopg has its own words for it
        except engine.dialect.loaded_dbapi.Error as error:
            raise DisconnectionError from error  # the pool makes a new one


def _is_silent(connection: "psycopg.Connection") -> bool:
    with DefaultSelector() as selector:
        selector.register(connection, EVENT_READ)
        return not selector.select(timeout=0)


SYNCHRONOUS = "FULL"
"""How SQLite writes a commit: to the disk itself. Tests, which survive no loss of power, leave that to the system."""


def _prepare_sqlite(connection: DriverConnection, _record: object) -> None:
    for pragma in ("journal_mode=WAL", f"synchronous={SYNCHRONOUS}", "foreign_keys=ON", "temp_store=MEMORY"):
        connection.execute(f"PRAGMA {pragma}")
