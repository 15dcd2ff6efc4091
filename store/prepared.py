"""Statements that are built once and run often, past the ORM: what each completion reads and writes.

Building a statement and loading objects costs several times what the database takes for it. Only a session that
sees everything may run them, since no scope is added to what does not pass the ORM.
"""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any, NamedTuple, TypeVar  # Any: what a row holds depends on the statement

from sqlalchemy import Connection, CursorResult, Executable, Select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session, make_transient_to_detached, object_mapper

from store.errors import MissingScopeError, StaleRowError
from store.plans import Values, plan
from store.scope import Scope
from store.tables.base import Base

R = TypeVar("R", bound=Base)


class Write(NamedTuple):
    """A statement that returns nothing, and its values. One that `changes_one` row fails when it finds none."""

    statement: Executable
    values: Values | Sequence[Values]
    changes_one: bool = False


def run(
    session: Session, statement: Executable, values: Values | Sequence[Values] = ()
) -> CursorResult[Any]:  # Any: see above
    """Run a statement in the session's transaction, after what waits in the session is written.

    Raises: MissingScopeError if the session does not see everything.
    """
    return _wire(session).execute(statement, one_or_many(values) or None)


def ask(
    session: Session, question: Select[*tuple[Any, ...]], values: Values
) -> list[tuple[Any, ...]]:  # Any: see above
    """Return the rows that answer a question which is asked with each completion.

    Raises: as `run`.
    """
    return ask_bare(_wire(session), question, values)


def ask_bare(
    wire: Connection, question: Select[*tuple[Any, ...]], values: Values
) -> list[tuple[Any, ...]]:  # Any: see above
    """Return the rows that answer a question of the product itself, which concerns no scope."""
    planned = plan(question, wire.dialect, frozenset(values))
    with _driver(wire) as driver:
        cursor = driver.cursor()
        cursor.execute(planned.text, planned.arguments(values))
        return planned.rows(cursor)


def run_together(session: Session, writes: Sequence[Write]) -> None:
    """Run statements in their order; on PostgreSQL they and their answers travel in one exchange.

    Raises: as `run`; StaleRowError.
    """
    wire = _wire(session)
    with _driver(wire) as driver, _exchange(wire, driver):
        cursors = [_write(driver, wire, write) for write in writes]
    for write, cursor in zip(writes, cursors, strict=True):
        if write.changes_one and cursor.rowcount != 1:
            raise StaleRowError(str(write.statement))


def _write(driver: Any, wire: Connection, write: Write) -> Any:  # noqa: ANN401  # either driver's connection and cursor
    cursor = driver.cursor()
    values = one_or_many(write.values)
    if isinstance(values, Sequence):
        planned = plan(write.statement, wire.dialect, frozenset(values[0]))
        cursor.executemany(planned.text, [planned.arguments(row) for row in values])
    else:
        planned = plan(write.statement, wire.dialect, frozenset(values))
        cursor.execute(planned.text, planned.arguments(values))
    return cursor


def _wire(session: Session) -> Connection:
    scope = session.info.get("scope")
    if not isinstance(scope, Scope) or not scope.sees_everything:
        raise MissingScopeError("a prepared statement needs a session that sees everything")
    session.flush()
    wire: Connection | None = session.info.get("wire")
    if wire is None or wire.closed:  # asking the session each time costs as much as a small statement
        wire = session.info["wire"] = session.connection()
    return wire


@contextmanager
def _driver(wire: Connection) -> Iterator[Any]:  # Any: either driver's connection
    """Give the driver's own connection; its errors are told as SQLAlchemy's."""
    errors = wire.dialect.loaded_dbapi.Error
    try:
        yield wire.connection.driver_connection
    except errors as error:
        raise DBAPIError.instance(None, None, error, errors, dialect=wire.dialect) from error


def _exchange(wire: Connection, driver: Any) -> AbstractContextManager[object]:  # noqa: ANN401  # either driver's
    """Let what is written inside go to PostgreSQL at once."""
    return driver.pipeline() if wire.dialect.name == "postgresql" else nullcontext()


def unwatched(model: type[R], values: Values) -> R:
    """Return an object with these values, made without noting each of them as a change."""
    row = model()
    vars(row).update(values)
    return row


def as_loaded(session: Session, row: R) -> R:
    """Give the session an object made from a row that was read past the ORM, as if it had loaded it itself.

    Returns it, or the object of that row which the session has already.
    """
    known: R | None = session.identity_map.get(object_mapper(row).identity_key_from_instance(row))
    if known is not None:
        return known
    make_transient_to_detached(row)
    session.add(row)
    return row


def one_or_many(values: Values | Sequence[Values]) -> Values | Sequence[Values]:
    """Return the one row of a list of one: a list costs its own exchanges with the database."""
    return values[0] if isinstance(values, Sequence) and len(values) == 1 else values
