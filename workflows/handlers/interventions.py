"""What all interventions in a case share: who may, the case and what lies below it locked, what is open in it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final
from uuid import UUID

from msgspec import Struct
from sqlalchemy import select
from sqlalchemy.orm import Session

from store.scope import Scope
from store.tables import Case, WorkItem
from workflows import engine
from workflows.acts import Act
from workflows.administration import SYSTEM
from workflows.advance import lock_case, new_act
from workflows.errors import NotFoundError
from workflows.handlers.keys import remember, remembered, unique
from workflows.handlers.rounds import who
from workflows.people import Actor
from workflows.releases import spec_of
from workflows.runtime import Runtime
from workflows.statuses import RUNNING, UNFINISHED

MANAGER: Final = "provider_manager"
CHANGED: Final = "你看过以后情况变了：会收回的工作和刚才列出的不一样。看过下面的新清单再决定"
_REASON = "somebody who answers for a case intervenes in it"
_DEEPEST = 8


class Work(Struct, frozen=True):
    """A place where a case waits: the step with who has it, or what it waits for."""

    task_id: str
    element: str
    kind: str
    title: str
    holder: str = ""
    person_id: UUID | None = None


def may_intervene(case: Case, actor: Actor) -> bool:
    """Tell whether a person may suspend, resume and cancel the case: operations staff, and its provider's manager."""
    return actor.has(SYSTEM) or (actor.has(MANAGER) and actor.org_id == case.org_id)


@contextmanager
def intervening(
    runtime: Runtime, actor: Actor, case_id: UUID, key: str, fingerprint: str
) -> Iterator[Act | None]:
    """Lock the case, under the one that it belongs to; None if this very command was carried out.

    Raises: NotFoundError for a case that is not the person's to intervene in, CommandKeyConflictError.
    """
    now = runtime.now()
    with runtime.database.write(Scope.everything(_REASON), now=now, actor=actor.person_id) as session:
        parent_id = session.scalar(select(Case.parent_case_id).where(Case.id == case_id))
        if parent_id is not None:
            lock_case(session, parent_id)
        case = lock_case(session, case_id)
        if not may_intervene(case, actor):
            raise NotFoundError(kind="case", id=str(case_id))
        if remembered(session, actor, key, fingerprint) is not None:
            yield None
            return
        with unique(key):
            yield new_act(runtime, session, case, actor, now)
            remember(session, actor, key, fingerprint, case_id, now)


def running_below(session: Session, case_id: UUID) -> list[Case]:
    """Return the running cases that a case has opened, and those that they have opened, the nearest first."""
    found: list[Case] = []
    above = [case_id]
    for _level in range(_DEEPEST):
        query = select(Case).where(Case.parent_case_id.in_(above)).order_by(Case.id)
        level = session.scalars(query).all()
        found += [case for case in level if case.status in RUNNING]
        above = [case.id for case in level]
        if not above:
            break
    return found


def acts_below(act: Act) -> list[Act]:
    """Return a context for each running case below the act's own, locked, the nearest first."""
    return [
        new_act(act.runtime, act.session, lock_case(act.session, case.id), act.actor, act.now, act.calendar)
        for case in running_below(act.session, act.case.id)
    ]


def open_items(session: Session, case_id: UUID) -> list[WorkItem]:
    """Return what people are still to do in a case."""
    query = select(WorkItem).where(WorkItem.case_id == case_id, WorkItem.status.in_(UNFINISHED))
    return list(session.scalars(query.order_by(WorkItem.order_no, WorkItem.id)))


def open_work(session: Session, case: Case) -> tuple[Work, ...]:
    """Return every place where a case waits, steps first, one that several sign once for each of them."""
    if case.status not in RUNNING:
        return ()
    seats: dict[str, list[WorkItem]] = {}
    for item in open_items(session, case.id):
        seats.setdefault(item.task_id, []).append(item)
    spec, found = spec_of(session, case.release_id), []
    for token in engine.peek(spec, case.state or b""):
        place = (token.id, token.element, token.kind)
        found += [
            Work(*place, item.title, who(session, item), item.assignee_id) for item in seats.get(token.id, ())
        ] or [Work(*place, token.name)]
    return tuple(sorted(found, key=lambda work: work.kind != "step"))
