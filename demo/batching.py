"""Many commands in one transaction: some days of the sample city are kept whole or not at all."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from uuid import UUID

from sqlalchemy import event
from sqlalchemy.orm import Session

from store.database import Database
from store.scope import Scope
from store.tables import (
    AnswerDraft,
    Case,
    CaseEvent,
    Deadline,
    Document,
    ImportRun,
    Incident,
    Job,
    Message,
    Subscription,
    Timer,
    WorkItem,
)

FLEETING = (
    AnswerDraft,
    Case,
    CaseEvent,
    Deadline,
    Document,
    ImportRun,
    Incident,
    Job,
    Message,
    Subscription,
    Timer,
    WorkItem,
)
"""Rows that commands change past their session, so that each command reads them anew."""


class BatchedDatabase(Database):
    """A database on which, within `batch`, each command is a savepoint of one transaction."""

    def __init__(self, database: Database) -> None:
        """Use this database's connections."""
        vars(self).update(vars(database))
        self._shared: Session | None = None
        self._depth = 0
        self._held: list[object] = []
        self._fleeting: list[object] = []

    def note_sizes(self) -> None:
        """Leave it to the worker that starts on the sample data: within a batch the writer's place is taken."""

    @contextmanager
    def batch(self, scope: Scope) -> Iterator[None]:
        """Commit at the end what the commands within did."""
        with super().write(scope) as session:
            for moment in ("loaded_as_persistent", "pending_to_persistent"):
                event.listen(session, moment, self._hold)
            self._shared = session
            try:
                yield
            finally:
                self._shared, self._held, self._fleeting = None, [], []

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

    def _hold(self, _session: Session, row: object) -> None:
        """Hold a row, since a session forgets what nobody holds; the fleeting ones to the end of the command."""
        (self._fleeting if isinstance(row, FLEETING) else self._held).append(row)

    @contextmanager
    def _in_use(self, session: Session) -> Iterator[None]:
        self._depth += 1
        try:
            yield
        finally:
            self._depth -= 1
            if not self._depth:
                for row in self._fleeting:
                    if row in session:
                        session.expunge(row)
                self._fleeting = []
