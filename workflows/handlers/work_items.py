"""Commands on work items: claim, give back, keep a draft, complete."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from forms.validate import check
from store.events import EventDraft
from store.prepared import Write
from store.scope import Scope
from store.tables import AnswerDraft, WorkItem
from workflows.acts import Act
from workflows.advance import move_case, new_act, refuse_suspended
from workflows.answering import answering_context
from workflows.commands import ClaimWorkItem, CompleteWorkItem, ReleaseWorkItem, SaveDraft
from workflows.counting import counted
from workflows.engine import Complete
from workflows.engine.errors import OperationFailedError, TokenGoneError
from workflows.errors import (
    AnswersRefusedError,
    InvalidAnswersError,
    NotAllowedError,
    RuleRefusedError,
    StaleVersionError,
)
from workflows.evidence import bind_files
from workflows.handlers.incidents import STOPPING, record_incident
from workflows.handlers.items import Item, find_item, is_visible, item_for, lock_with_case, name_of, permitted
from workflows.handlers.keys import remembered, remembering, unique
from workflows.handlers.rounds import load_round, refuse_twice
from workflows.handlers.signing import sign
from workflows.people import Actor
from workflows.pinned import form_of
from workflows.runtime import Runtime
from workflows.statuses import CLAIMED, DONE, POOL
from workflows.values import json_object

_REASON = "a person's command on a work item"


def claim_work_item(runtime: Runtime, command: ClaimWorkItem, actor: Actor) -> None:
    """Take the item from the pool.

    Raises: NotFoundError, NotAllowedError, StaleVersionError, RuleRefusedError (another seat of the round is theirs).
    """
    now = runtime.now()
    with runtime.database.write(Scope.everything(_REASON), now=now, actor=actor.person_id) as session:
        item = item_for(session, command.work_item_id, actor)
        if item.status == CLAIMED and item.assignee_id == actor.person_id:
            return
        if item.sign_round_id is not None:
            refuse_twice(load_round(session, item.sign_round_id), item.id, actor.person_id)
        _change(session, item, command.version, status=CLAIMED, assignee_id=actor.person_id, claimed_at=now)


def release_work_item(runtime: Runtime, command: ReleaseWorkItem, actor: Actor) -> None:
    """Give an own item back to the pool. Raises: NotFoundError, NotAllowedError, StaleVersionError."""
    now = runtime.now()
    with runtime.database.write(Scope.everything(_REASON), now=now, actor=actor.person_id) as session:
        item = item_for(session, command.work_item_id, actor)
        if item.assignee_id != actor.person_id:
            raise NotAllowedError("release", "only the holder may give it back")
        if not may_release(item.role) or item.delegates:
            raise NotAllowedError("release", "assigned by dispatch")
        _change(session, item, command.version, status=POOL, assignee_id=None, owner_id=None, claimed_at=None)


def may_release(role: str) -> bool:
    """Tell whether a step of this role may go back to the pool: not what dispatch gave to a person."""
    return role != "expert"


def save_draft(runtime: Runtime, command: SaveDraft, actor: Actor) -> datetime:
    """Keep what the person typed into a step that is not done; returns when.

    Raises: NotFoundError, NotAllowedError, StaleVersionError.
    """
    now = runtime.now()
    with runtime.database.write(Scope.everything(_REASON), now=now, actor=actor.person_id) as session:
        found = find_item(session, command.work_item_id, locked=True)
        item = permitted(session, found, command.work_item_id, actor)
        _same_version(session, item, item.version)
        _keep_draft(session, item, actor, command.body, now)
    return now


@counted()
def complete_work_item(runtime: Runtime, command: CompleteWorkItem, actor: Actor) -> UUID:
    """Finish the step, let the case go on, return the case's id.

    Raises: NotFoundError, NotAllowedError, StaleVersionError, InvalidAnswersError (the form's own rules or a
    gate of the standard), CommandKeyConflictError, CaseStuckError (an incident waits; nothing was changed).
    In every case of failure what was typed is kept as a draft.
    """
    now = runtime.now()
    try:
        with runtime.database.write(Scope.everything(_REASON), now=now, actor=actor.person_id) as session:
            return _complete(runtime, session, command, actor, now)
    except OperationFailedError as error:
        keep_typed(runtime, command, actor, now)
        if isinstance(error.__cause__, AnswersRefusedError):
            raise InvalidAnswersError(error.__cause__.errors, command.answers) from error
        if isinstance(error.__cause__, OperationalError):
            raise error.__cause__ from None  # the database is busy or away: no matter of the case
        raise record_incident(runtime, command, actor, error, now) from error
    except TokenGoneError as error:
        keep_typed(runtime, command, actor, now)
        raise StaleVersionError(
            command.work_item_id, command.version, command.version, closed=True
        ) from error
    except STOPPING as error:
        keep_typed(runtime, command, actor, now)
        raise record_incident(runtime, command, actor, error, now) from error
    except (StaleVersionError, InvalidAnswersError, NotAllowedError, RuleRefusedError):
        keep_typed(runtime, command, actor, now)
        raise


def _complete(
    runtime: Runtime, session: Session, command: CompleteWorkItem, actor: Actor, now: datetime
) -> UUID:
    case, item, calendar = lock_with_case(session, command.work_item_id)
    is_as_seen = item.status < DONE and item.version == command.version
    if not is_as_seen and remembered(session, actor, command.key, command.fingerprint()) is not None:
        return case.id  # this very command was carried out
    permitted(session, item, command.work_item_id, actor)
    refuse_suspended(case)
    _same_version(session, item, command.version)
    if item.delegates and item.owner_id is not None:
        raise RuleRefusedError(f"这一条是{name_of(session, item.owner_id)}委派给你的：办好后交回，由他提交")
    act = new_act(runtime, session, case, actor, now, calendar)
    form = form_of(session, item.form_sha256)
    checked = check(form, command.answers, answering_context(act, on_behalf=command.on_behalf))
    if checked.errors:
        raise InvalidAnswersError(checked.errors, command.answers)
    bind_files(act, checked.answers)
    finish_step(act, item, command, checked.answers)
    return case.id


def finish_step(act: Act, item: Item, command: CompleteWorkItem, answers: Mapping[str, object]) -> None:
    """Close an item whose answers are checked, let its case go on, remember the command.

    Of a step that several sign, the case goes on once their round is decided. Raises: RuleRefusedError.
    """
    case, actor, now = act.case, act.actor, act.now
    act.unit_name = item.subject if case.policyholder_id else None
    act.writes += [
        *([Write(_NO_DRAFTS, {"item": item.id})] if item.has_drafts else ()),
        *remembering(actor, command.key, command.fingerprint(), case.id, now),
    ]
    if item.sign_round_id is not None:
        found = load_round(act.session, item.sign_round_id)
        sign(act, found.item(item.id), found, command, answers)
        return
    done = {"item": item.id, "seen": item.version, "at": now, "by": actor.person_id}
    act.writes.insert(0, Write(_DONE, done, changes_one=True))
    head = EventDraft(
        "step.completed",
        item.step,
        {
            "text": f"{actor.name}完成“{item.title}”",
            "answers": json_object(answers),
            "form_sha256": item.form_sha256,
            "seen_version": command.version,
            "role": item.role,
            "on_behalf": command.on_behalf,
        },
    )
    behalf = item.holder_id if command.on_behalf else None
    with unique(command.key):
        move_case(act, Complete(item.task_id, answers), head, item.task_id, behalf)


def _same_version(session: Session, item: Item, seen: int) -> None:
    closed = item.status >= DONE
    if closed or item.version != seen:
        by = name_of(session, item.done_by) if item.done_by else ""
        raise StaleVersionError(item.id, seen, item.version, by, closed)


def _change(session: Session, item: Item, seen: int, **values: object) -> None:
    _same_version(session, item, seen)
    changed = session.execute(
        update(WorkItem)
        .where(WorkItem.id == item.id, WorkItem.version == seen, WorkItem.status < DONE)
        .values(version=seen + 1, **values)
        .execution_options(synchronize_session=False)
    )
    if changed.rowcount != 1:  # type: ignore[attr-defined]  # an UPDATE's result is a CursorResult
        raise StaleVersionError(item.id, seen, seen + 1)


_DONE = (
    update(WorkItem.__table__)  # type: ignore[arg-type]  # the class's table
    .where(WorkItem.id == bindparam("item"), WorkItem.version == bindparam("seen"), WorkItem.status < DONE)
    .values(version=WorkItem.version + 1, status=DONE, done_at=bindparam("at"), done_by=bindparam("by"))
)
_NO_DRAFTS = delete(AnswerDraft.__table__).where(  # type: ignore[arg-type]  # the class's table
    AnswerDraft.work_item_id == bindparam("item")
)


def _keep_draft(
    session: Session, item: Item, actor: Actor, body: Mapping[str, object], now: datetime
) -> None:
    draft = session.scalar(
        select(AnswerDraft).where(
            AnswerDraft.person_id == actor.person_id, AnswerDraft.work_item_id == item.id
        )
    )
    if draft is None and actor.person_id is not None:
        draft = AnswerDraft(person_id=actor.person_id, work_item_id=item.id, form_sha256=item.form_sha256)
        session.add(draft)
    if draft is not None:
        draft.form_sha256, draft.body, draft.saved_at = item.form_sha256, json_object(body), now


def keep_typed(runtime: Runtime, command: CompleteWorkItem, actor: Actor, now: datetime) -> None:
    """Keep the answers of a command that failed as a draft, in a transaction of its own."""
    with runtime.database.write(Scope.everything(_REASON), now=now, actor=actor.person_id) as session:
        item = find_item(session, command.work_item_id)
        if item is not None and is_visible(item, actor):
            _keep_draft(session, item, actor, command.answers, now)
