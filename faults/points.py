"""The fault points: before and after each write and each commit, whatever path it takes to the driver.

They hang on the drivers' own connections and cursors, below SQLAlchemy and below the prepared statements that pass
it by, and are named after the statement (`before-update-cases`, `after-commit`): a new write has its points without
a word said about it. Only the fault build and tests watch; the product pays nothing, for it does not know of them.
"""

import re
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any  # Any: what drivers take and give

import psycopg
from sqlalchemy import Dialect, Engine, event

ANY = "any"
_WRITE = re.compile(
    r"\s*(INSERT|UPDATE|DELETE)\s+(?:OR\s+\w+\s+)?(?:INTO\s+|FROM\s+)?\"?(\w+)", re.IGNORECASE
)
Passed = Callable[[str, Any], None]
"""What is told of each passage: the point's name, and the driver's connection."""
Change = Callable[[str], str]


class Watch:
    """What is done at each point of this process, and how statements are changed on their way (sabotage)."""

    def __init__(self) -> None:
        """Begin with nothing to do."""
        self.passed: Passed = lambda _name, _connection: None
        self.change: Change = lambda statement: statement
        self.autocommit = False

    @contextmanager
    def around(self, connection: Any, statement: str) -> Iterator[None]:  # noqa: ANN401  # either driver's
        """Pass the two points of a statement, if it writes."""
        found = _WRITE.match(statement)
        if found is None:
            yield
            return
        name = f"{found[1]}-{found[2]}".lower()
        connection.wrote = True
        self.passed(f"before-{name}", connection)
        yield
        self.passed(f"after-{name}", connection)

    @contextmanager
    def committing(self, connection: Any) -> Iterator[None]:  # noqa: ANN401  # either driver's
        """Pass the two points of a commit, if anything was written."""
        if not connection.wrote:
            yield
            return
        self.passed("before-commit", connection)
        yield
        connection.wrote = False
        self.passed("after-commit", connection)


WATCH = Watch()


class SqliteCursor(sqlite3.Cursor):
    """A cursor of SQLite with points."""

    def execute(self, statement: str, values: Any = (), /) -> "SqliteCursor":  # noqa: ANN401  # as the driver's
        """Execute a statement between its points."""
        if WATCH.autocommit and statement.startswith("BEGIN"):
            return self
        with WATCH.around(self.connection, statement):
            super().execute(WATCH.change(statement), values)
        return self

    def executemany(self, statement: str, rows: Any, /) -> "SqliteCursor":  # noqa: ANN401  # as the driver's
        """Execute a statement for many rows between its points."""
        with WATCH.around(self.connection, statement):
            super().executemany(WATCH.change(statement), rows)
        return self


class SqliteConnection(sqlite3.Connection):
    """A connection to SQLite with points."""

    wrote = False

    def cursor(self, factory: Any = SqliteCursor) -> Any:  # noqa: ANN401  # as the driver's
        """Return a cursor with points."""
        return super().cursor(factory)

    def execute(self, statement: str, values: Any = (), /) -> sqlite3.Cursor:  # noqa: ANN401  # as the driver's
        """Execute a statement on a cursor with points: the driver would take one of its own."""
        cursor: sqlite3.Cursor = self.cursor().execute(statement, values)
        return cursor

    def commit(self) -> None:
        """Commit between the two points of a commit."""
        with WATCH.committing(self):
            super().commit()

    def rollback(self) -> None:
        """Undo what was written."""
        super().rollback()
        self.wrote = False


class PostgresCursor(psycopg.Cursor[Any]):
    """A cursor of psycopg with points."""

    def execute(self, query: Any, params: Any = None, **options: Any) -> "PostgresCursor":  # noqa: ANN401  # as the driver's
        """Execute a statement between its points."""
        statement = query if isinstance(query, str) else ""
        with WATCH.around(self.connection, statement):
            super().execute(WATCH.change(statement) if statement else query, params, **options)
        return self

    def executemany(self, query: Any, params_seq: Any, *, returning: bool = False) -> None:  # noqa: ANN401  # as the driver's
        """Execute a statement for many rows between its points."""
        statement = query if isinstance(query, str) else ""
        with WATCH.around(self.connection, statement):
            super().executemany(
                WATCH.change(statement) if statement else query, params_seq, returning=returning
            )


class PostgresConnection(psycopg.Connection[Any]):
    """A connection of psycopg with points."""

    wrote = False

    def commit(self) -> None:
        """Commit between the two points of a commit."""
        with WATCH.committing(self):
            super().commit()

    def rollback(self) -> None:
        """Undo what was written."""
        super().rollback()
        self.wrote = False


def watch() -> None:
    """Give every connection that this process makes from now on its points."""
    event.listen(Engine, "do_connect", _connect)


def unwatch() -> None:
    """Make connections without points again."""
    event.remove(Engine, "do_connect", _connect)


def _connect(
    dialect: Dialect,
    _record: object,
    arguments: Sequence[Any],  # Any: as the driver's
    options: dict[str, Any],  # Any: as the driver's
) -> Any:  # noqa: ANN401  # either driver's
    if dialect.name == "sqlite":
        return sqlite3.connect(*arguments, **{**options, "factory": SqliteConnection})
    options = {**options, "cursor_factory": PostgresCursor, "autocommit": WATCH.autocommit}
    return PostgresConnection.connect(*arguments, **options)
