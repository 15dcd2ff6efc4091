"""Many commands in one transaction: a day of the sample city is kept whole or not at all."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from store.database import Database
from store.scope import Scope
from store.tables import (
    Artefact,
    Definition,
    EvidenceFile,
    Expert,
    HazardTemplate,
    Organization,
    Person,
    Policy,
    Policyholder,
    Release,
)

STEADY = (
    Artefact,
    Definition,
    EvidenceFile,
    Expert,
    HazardTemplate,
    Organization,
    Person,
    Policy,
    Policyholder,
    Release,
)
"""Rows that many commands read and that are changed through their session alone: read once per batch."""


class BatchedDatabase(Database):
    """A database on which, within `batch`, each command is a savepoint of one transaction."""

    def __init__(self, database: Database) -> None:
        """Use this database's connections."""
        vars(self).update(vars(database))
        self._shared: Session | None = None
        self._depth = 0
        self._steady: dict[int, object] = {}

    @contextmanager
    def batch(self, scope: Scope) -> Iterator[None]:
        """Commit at the end what the commands within did."""
        with super().write(scope) as session:
            self._shared, self._steady = session, {}
            try:
                yield
            finally:
                self._shared, self._steady = None, {}

    @contextmanager
    def read(self, scope: Scope) -> Iterator[Session]:
        """Give a session that sees what the batch did so far."""
        if (shared := self._shared) is None:
            with super().read(scope) as session:
                yield session
            return
        with self._in_use(shared), shared.no_autoflush:
            yield shared

    @contextmanager
    def write(
        self, scope: Scope, *, now: datetime | None = None, actor: UUID | None = None
    ) -> Iterator[Session]:
        """Give a session for one command: kept with the batch, undone alone on an error."""
        if (shared := self._shared) is None:
            with super().write(scope, now=now, actor=actor) as session:
                yield session
            return
        shared.info.update(scope=scope, now=now, actor=actor, told={})
        with self._in_use(shared), shared.begin_nested():
            yield shared

    @contextmanager
    def _in_use(self, session: Session) -> Iterator[None]:
        self._depth += 1
        try:
            yield
        finally:
            self._depth -= 1
            if not self._depth:
                self._forget(session)

    def _forget(self, session: Session) -> None:
        """Let go of the rows that the next command must read anew; hold the steady ones."""
        for row in list(session):
            if isinstance(row, STEADY):
                self._steady[id(row)] = row
            else:
                session.expunge(row)
