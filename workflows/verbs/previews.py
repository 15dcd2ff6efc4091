"""What a return would do: the steps it may go to, the walls in between, who loses which work (I6)."""

from collections.abc import Iterable
from datetime import datetime

from msgspec import Struct
from sqlalchemy import select
from sqlalchemy.orm import Session

from rules.roles import ROLES
from store.tables import Case, Message, Person, WorkItem
from workflows import engine
from workflows.commands import digest
from workflows.engine import EngineError, Return, Spec
from workflows.releases import spec_of
from workflows.statuses import DONE, UNFINISHED
from workflows.verbs.earlier import finished_at

WALLED = "之后开出了别的办件，或者消息已经发出，收不回来了"


class Loss(Struct, frozen=True):
    """Open work that would be closed: the step, and who holds it or may take it."""

    task_id: str
    title: str
    holder: str
    item: WorkItem | None


class Target(Struct, frozen=True):
    """A finished step that work may go back to; `reason` says why it may not after all."""

    activation: str
    element: str
    title: str
    done_by: str
    done: WorkItem | None
    losses: tuple[Loss, ...]
    straight: bool
    reason: str = ""

    @property
    def fingerprint(self) -> str:
        """Return the digest of what is lost: the command carries it, so that nobody loses more than was shown."""
        lost = sorted(
            (loss.task_id, str(loss.item.assignee_id or "") if loss.item else "") for loss in self.losses
        )
        return digest(activation=self.activation, lost=lost)


def targets(session: Session, case: Case, task_id: str) -> tuple[Target, ...]:
    """Return the steps that the work of an open token may go back to, the latest first."""
    spec, state = spec_of(session, case.release_id), case.state or b""
    try:
        points = engine.return_points(spec, state, task_id)
    except EngineError:
        return ()
    done = _done_items(session, case, [point.activation for point in points])
    return tuple(
        _target(session, case, spec, Return(task_id, point.activation), point.element, point.name, done)
        for point in points
    )


def target_of_done(session: Session, case: Case, item: WorkItem) -> tuple[str, Target] | None:
    """Return the open token that descends from a finished item and what a return would do; None if there is none."""
    spec, state = spec_of(session, case.release_id), case.state or b""
    if case.status != "open":
        return None
    for token in engine.peek(spec, state):
        points = engine.return_points(spec, state, token.id)
        found = next((point for point in points if point.activation == item.task_id), None)
        if found is not None:
            done = _done_items(session, case, [item.task_id])
            back = Return(token.id, found.activation)
            return token.id, _target(session, case, spec, back, found.element, found.name, done)
    return None


def _target(  # what one return is made of
    session: Session,
    case: Case,
    spec: Spec,
    back: Return,
    element: str,
    name: str,
    done: dict[str, tuple[WorkItem, str]],
) -> Target:
    item, by = done.get(back.activation, (None, ""))
    state = case.state or b""
    return Target(
        activation=back.activation,
        element=element,
        title=item.title if item is not None else name,
        done_by=by,
        done=item,
        losses=_losses(session, case, engine.lost_by(spec, state, back)),
        straight=engine.may_go_straight(spec, state, back),
        reason=WALLED if item is not None and _is_walled(session, case, finished_at(session, item)) else "",
    )


def _losses(session: Session, case: Case, lost: Iterable[engine.Token]) -> tuple[Loss, ...]:
    items: dict[str, list[Loss]] = {}
    for item, name in session.execute(
        select(WorkItem, Person.name)
        .outerjoin(Person, Person.id == WorkItem.assignee_id)
        .where(WorkItem.case_id == case.id, WorkItem.status.in_(UNFINISHED))
        .order_by(WorkItem.order_no, WorkItem.id)
        .limit(500)
    ):  # of a step that several sign, each of them loses work
        loss = Loss(item.task_id, item.title, name or ROLES[item.role].title, item)
        items.setdefault(item.task_id, []).append(loss)
    return tuple(
        loss
        for token in lost
        for loss in items.get(token.id, [Loss(token.id, token.name or token.element, "", None)])
    )


def _done_items(session: Session, case: Case, task_ids: list[str]) -> dict[str, tuple[WorkItem, str]]:
    """Return who did each activation: of one to which signers were added, whom the diagram asked for."""
    rows = session.execute(
        select(WorkItem, Person.name)
        .outerjoin(Person, Person.id == WorkItem.done_by)
        .where(WorkItem.case_id == case.id, WorkItem.task_id.in_(task_ids), WorkItem.status == DONE)
        .order_by(WorkItem.added_to.is_(None), WorkItem.done_at, WorkItem.turn, WorkItem.id)
        .limit(500)
    )
    return {item.task_id: (item, name or "") for item, name in rows}


def _is_walled(session: Session, case: Case, since: datetime | None) -> bool:
    """Tell whether something left the case since then that nobody can call back: a case opened, a message sent."""
    if since is None:
        return False
    opened = select(Case.id).where(Case.parent_case_id == case.id, Case.opened_at >= since)
    sent = select(Message.id).where(Message.sender_case_id == case.id, Message.sent_at >= since)
    return any(session.scalar(one.limit(1)) is not None for one in (opened, sent))
