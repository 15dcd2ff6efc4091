"""终止: a case ends with everything that is open in it, for a reason; what was done in it stays."""

from msgspec import Struct
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from store.events import EventDraft
from store.scope import Scope
from store.tables import Case, Incident, Visit
from workflows.acts import Act
from workflows.administration import reason_of
from workflows.advance import lock_case, new_act, turn_aside
from workflows.calls import KEY
from workflows.catalogue import find_operation
from workflows.commands import Below, CancelCase, digest
from workflows.engine import Cancel
from workflows.errors import RuleRefusedError
from workflows.handlers.holding import let_go
from workflows.handlers.incidents import CLOSED
from workflows.handlers.incidents import OPEN as OPEN_INCIDENT
from workflows.handlers.interventions import (
    CHANGED,
    Work,
    acts_below,
    intervening,
    open_items,
    open_work,
    running_below,
)
from workflows.handlers.lost_children import tell_parent
from workflows.handlers.rounds import tell
from workflows.handlers.suspending import suspend_all, without_mark
from workflows.people import SYSTEM as NOBODY
from workflows.people import Actor
from workflows.releases import spec_of
from workflows.runtime import Runtime
from workflows.statuses import OPEN, RUNNING
from workflows.values import json_object

BY_HAND = "cancelled_by_hand"
UNAWAITED = "上级办件已经往下走了，不再等它"
_CANCEL_VISIT = "cancel_visit"
_OVER = frozenset({"completed", "archived", "cancelled", "entry_refused"})


class Ending(Struct, frozen=True):
    """What the cancellation of a case would close, and the running cases below it."""

    work: tuple[Work, ...]
    below: tuple[Case, ...]

    @property
    def fingerprint(self) -> str:
        """Return the digest of the set: nobody loses more than was shown (I6)."""
        lost = sorted((work.task_id, str(work.person_id or "")) for work in self.work)
        return digest(lost=lost, below=sorted(str(case.id) for case in self.below))


def preview(session: Session, case: Case) -> Ending:
    """Return what the cancellation of a case would do."""
    return Ending(open_work(session, case), tuple(running_below(session, case.id)))


def cancel_case(runtime: Runtime, command: CancelCase, actor: Actor) -> None:
    """End a case: items, rounds, timers, subscriptions and incidents are void; the case above is told.

    Raises: NotFoundError, RuleRefusedError (no reason, over already, not what the preview showed),
    CommandKeyConflictError.
    """
    with intervening(runtime, actor, command.case_id, command.key, command.fingerprint()) as act:
        if act is None:
            return
        reason = reason_of(command.reason)
        if act.case.status not in RUNNING:
            raise RuleRefusedError("这个办件已经结束，不能再终止")
        if preview(act.session, act.case).fingerprint != command.seen:
            raise RuleRefusedError(CHANGED)
        below = acts_below(act)
        tell_parent(act, reason)
        _cancel(act, reason, f"{actor.name}终止办件：{reason}{_ALONG[command.below] if below else ''}")
        if command.below is Below.CANCEL:
            for one in below:
                _cancel(one, reason, f"{actor.name}终止办件（随上级办件 {act.case.number}）：{reason}")
        elif command.below is Below.SUSPEND:
            suspend_all([one for one in below if one.case.status == OPEN], act, reason)


def end_called(runtime: Runtime, token_id: str) -> None:
    """End a case, with what lies below it, whose caller waits for its answer no more."""
    now = runtime.now()
    with runtime.database.write(Scope.everything("a call was interrupted"), now=now) as session:
        found = session.scalar(select(Case.id).where(Case.business_key == KEY + token_id))
        if found is None:
            return
        act = new_act(runtime, session, lock_case(session, found), NOBODY, now)
        if act.case.status in RUNNING:
            for one in (act, *acts_below(act)):
                _cancel(one, UNAWAITED, f"系统终止办件：{UNAWAITED}")


_ALONG = {
    Below.KEEP: "，下面的办件照常办",
    Below.SUSPEND: "，下面的办件挂起",
    Below.CANCEL: "，下面的办件一起终止",
}


def _cancel(act: Act, reason: str, text: str) -> None:
    lost = [f"{work.holder} {work.title}".strip() for work in open_work(act.session, act.case)]
    for item in open_items(act.session, act.case.id):
        without_mark(item)
        tell(act, item, f"{item.subject}：“{item.title}”不用办了，办件终止了：{reason}")
    _end_visit(act)
    _close_incidents(act, text)
    let_go(act.session, act.case.id, act.now)
    act.void_reason = text
    body = {"text": text, "reason": reason, "lost": lost}
    turn_aside(act, Cancel(reason), EventDraft("case.cancelled", None, json_object(body)))


def _end_visit(act: Act) -> None:
    """Cancel the visit that the case is about, as its own diagram would: it is owed again."""
    uses = spec_of(act.session, act.case.release_id).operations
    use = next((one for one in uses if one.operation == _CANCEL_VISIT), None)
    visit = act.session.get(Visit, act.case.visit_id) if use is not None and act.case.visit_id else None
    if use is not None and visit is not None and visit.state not in _OVER:
        find_operation(use.operation, use.element).run(act, {"visit_id": str(visit.id), "reason": BY_HAND})


def _close_incidents(act: Act, text: str) -> None:
    waiting = select(Incident).where(Incident.case_id == act.case.id, Incident.status == OPEN_INCIDENT)
    ids = [incident.id for incident in act.session.scalars(waiting)]
    over = {"status": CLOSED, "closed_at": act.now, "closed_by": act.actor.person_id, "resolution": text}
    act.session.execute(
        update(Incident)
        .where(Incident.id.in_(ids))
        .values(**over)
        .execution_options(synchronize_session=False)
    )
