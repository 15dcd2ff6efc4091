"""Statements that are built once and run often, past the ORM: what each completion reads and writes.

Building a statement and loading objects costs several times what the database takes for it. Only a session that
sees everything may run them, since no scope is added to what does not pass the ORM.
"""

from collections.abc import Mapping, Sequence
from typing import Any  # Any: what a row holds depends on the statement

from sqlalchemy import Connection, CursorResult, Executable
from sqlalchemy.orm import Session

from store.errors import MissingScopeError
from store.scope import Scope

Values = Mapping[str, object]


def run(
    session: Session, statement: Executable, values: Values | Sequence[Values] = ()
) -> CursorResult[Any]:  # Any: see above
    """Run a statement in the session's transaction, after what waits in the session is written.

    Raises: MissingScopeError if the session does not see everything.
    """
    scope = session.info.get("scope")
    if not isinstance(scope, Scope) or not scope.sees_everything:
        raise MissingScopeError("a prepared statement needs a session that sees everything")
    session.flush()
    wire: Connection | None = session.info.get("wire")
    if wire is None or wire.closed:  # asking the session each time costs as much as a small statement
        wire = session.info["wire"] = session.connection()
    return wire.execute(statement, values or None)
