"""The bell of a worker: PostgreSQL says at a commit that jobs were queued, so that nobody has to ask each second."""

from selectors import EVENT_READ, DefaultSelector
from socket import socket

import psycopg

from store.database import Database
from store.triggers import RING


class Bell:
    """A connection of its own that listens; where there is none, waiting just lasts its time."""

    def __init__(self, database: Database) -> None:
        """Hang it up at the first wait. SQLite has no bell."""
        self._dsn = _dsn(database) if database.dialect == "postgresql" else None
        self._connection: psycopg.Connection | None = None

    def wait(self, seconds: float, end: socket) -> None:
        """Wait until it rings, until `end` has something to read, or this long."""
        if self._dsn is not None and self._connection is None and self._hang_up(self._dsn):
            return  # what was queued before it hung has not rung
        with DefaultSelector() as selector:
            selector.register(end, EVENT_READ)
            if self._connection is not None:
                selector.register(self._connection, EVENT_READ)
            ready = selector.select(seconds)
        if self._connection is not None and any(key.fileobj is self._connection for key, _ in ready):
            self._hear(self._connection)

    def take_down(self) -> None:
        """Listen no more."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _hang_up(self, dsn: str) -> bool:
        """Begin to listen; False while the database is away."""
        try:
            self._connection = psycopg.connect(dsn, autocommit=True)
            self._connection.execute(f"LISTEN {RING}")
        except psycopg.Error:
            self.take_down()
        return self._connection is not None

    def _hear(self, connection: psycopg.Connection) -> None:
        """Take what has been said; a server that ends says so too."""
        try:
            for _ in connection.notifies(timeout=0):
                pass
        except psycopg.Error:
            self.take_down()


def _dsn(database: Database) -> str:
    return database.url.set(drivername="postgresql").render_as_string(hide_password=False)
