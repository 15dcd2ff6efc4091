"""What another release would mean for the running cases of a process, in numbers: no case is named."""

from collections import Counter
from collections.abc import Iterator
from uuid import UUID

from msgspec import Struct
from sqlalchemy import func, select
from sqlalchemy.orm import Session, undefer

from store.tables import Case, Release
from workflows import engine
from workflows.engine import Spec
from workflows.pinned import spec_of
from workflows.statuses import RUNNING

LOOKED_AT = 300
"""So many running cases are tried, the newest ones; what the others would meet is the same kind of thing."""


class Fate(Struct, frozen=True):
    """How many cases of a release meet the same: they can move by themselves, or why they cannot.

    `is_held` = they stand where the new release has nothing: somebody moves them on first.
    """

    number: int
    count: int
    can_move: bool
    is_held: bool
    reason: str


class Prospects(Struct, frozen=True):
    """The running cases of a process: how many there are, how many were tried, what these would meet."""

    running: int
    tried: int
    fates: tuple[Fate, ...]


def prospects_of(session: Session, process: str, new: Spec) -> Prospects:
    """Return what the running cases of a process would meet on another specification."""
    spec = Spec.from_json(new.to_json())  # as every case will meet it: built from what is kept
    running = select(func.count()).where(Case.process == process, Case.status.in_(RUNNING))
    query = (
        select(Case, Release.number)
        .join(Release, Release.id == Case.release_id)
        .where(Case.process == process, Case.status.in_(RUNNING))
        .options(undefer(Case.state))
        .order_by(Case.id.desc())
        .limit(LOOKED_AT)
    )
    found: Counter[tuple[int, bool, bool, str]] = Counter()
    for case, number in session.execute(query):
        migration = engine.migrate(spec_of(session, case.release_id), spec, case.state or b"")
        first = min(migration.obstacles, key=_is_inner, default=None)
        is_held = first is not None and first.reason == "removed"
        found[number, first is None, is_held, first.message_zh if first is not None else ""] += 1
    return Prospects(session.scalar(running) or 0, found.total(), tuple(_fates(found)))


def _is_inner(obstacle: engine.Obstacle) -> bool:
    """Tell whether an obstacle speaks of a task that the engine has put in by itself, which people do not know."""
    return "|" in obstacle.message_zh


def running_on(session: Session, release_id: UUID) -> int:
    """Return how many cases run by a release."""
    query = select(func.count()).where(Case.release_id == release_id, Case.status.in_(RUNNING))
    return session.scalar(query) or 0


def _fates(found: Counter[tuple[int, bool, bool, str]]) -> Iterator[Fate]:
    for (number, can_move, is_held, reason), count in sorted(found.items(), reverse=True):
        yield Fate(number, count, can_move, is_held, reason)
