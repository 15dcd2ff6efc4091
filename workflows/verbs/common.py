"""What all verbs share: the case and item they lock, the sentence they leave, the people they tell."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from msgspec import Struct
from sqlalchemy import select
from sqlalchemy.orm import Session

from store.scope import Scope, seen_by
from store.tables import Case, Notice, WorkItem
from workflows.acts import Act
from workflows.administration import one_line
from workflows.advance import lock_case, new_act
from workflows.errors import NotAllowedError, NotFoundError, RuleRefusedError, StaleVersionError
from workflows.handlers.items import Item, find_item, is_visible, name_of
from workflows.handlers.keys import remember, remembered, unique
from workflows.people import Actor
from workflows.runtime import Runtime
from workflows.statuses import DONE

LONGEST_REASON = 500
MANAGER = "provider_manager"
_REASON = "a person's verb on open work"


class Verbal(Struct, frozen=True):
    """A command on a work item that is begun: its act, and the item as it is locked."""

    act: Act
    item: Item
    row: WorkItem


def told(text: str, *, required: str = "") -> str:
    """Return what a person wrote as one clean line. Raises: RuleRefusedError with `required` if there is nothing."""
    line = one_line(text)[:LONGEST_REASON]
    if required and not line:
        raise RuleRefusedError(required)
    return line


@contextmanager
def begun(
    runtime: Runtime, actor: Actor, work_item_id: UUID, key: str, fingerprint: str
) -> Iterator[Verbal | None]:
    """Lock a work item with its case and give what a verb needs; None if this very command was carried out.

    The case is locked first, as everywhere. Raises: NotFoundError for what the person does not see.
    """
    now = runtime.now()
    with runtime.database.write(Scope.everything(_REASON), now=now, actor=actor.person_id) as session:
        item = find_item(session, work_item_id)
        if item is None:
            raise NotFoundError(kind="work_item", id=str(work_item_id))
        act = new_act(runtime, session, lock_case(session, item.case_id), actor, now)
        if remembered(session, actor, key, fingerprint) is not None:
            yield None
            return
        locked = find_item(session, work_item_id, locked=True)
        if locked is None or not sees(session, locked, actor):
            raise NotFoundError(kind="work_item", id=str(work_item_id))
        with unique(key):
            yield Verbal(act, locked, session.get_one(WorkItem, work_item_id))
            remember(session, actor, key, fingerprint, item.case_id, now)


@contextmanager
def begun_on_case(
    runtime: Runtime, actor: Actor, case_id: UUID, key: str, fingerprint: str
) -> Iterator[Act | None]:
    """Lock a case that the person sees; None if this very command was carried out. Raises: NotFoundError."""
    now = runtime.now()
    with runtime.database.read(actor.scope) as session:
        if session.get(Case, case_id) is None:
            raise NotFoundError(kind="case", id=str(case_id))
    with runtime.database.write(Scope.everything(_REASON), now=now, actor=actor.person_id) as session:
        act = new_act(runtime, session, lock_case(session, case_id), actor, now)
        if remembered(session, actor, key, fingerprint) is not None:
            yield None
            return
        with unique(key):
            yield act
            remember(session, actor, key, fingerprint, case_id, now)


def sees(session: Session, item: Item, actor: Actor) -> bool:
    """Tell whether an item is the person's own or near, or the person owns it, or its case is open to them."""
    if is_visible(item, actor) or (actor.person_id is not None and item.owner_id == actor.person_id):
        return True
    outside = actor.scope
    if outside.sees_everything:
        return actor.person_id is None or item.holder_id == actor.org_id
    with seen_by(session, outside):
        return session.scalar(select(WorkItem.id).where(WorkItem.id == item.id)) is not None


def same_version(verbal: Verbal, seen: int) -> None:
    """Raises: StaleVersionError if the item is closed or was changed since the person saw it."""
    item = verbal.item
    if item.status >= DONE or item.version != seen:
        by = name_of(verbal.act.session, item.done_by) if item.done_by else ""
        raise StaleVersionError(item.id, seen, item.version, by, item.status >= DONE)


def theirs(verbal: Verbal, action: str) -> None:
    """Let those pass who hold the item, or may take it. Raises: NotAllowedError."""
    item, actor = verbal.item, verbal.act.actor
    if item.assignee_id is not None and item.assignee_id != actor.person_id:
        raise NotAllowedError(action, name_of(verbal.act.session, item.assignee_id))
    if not actor.has(item.role):
        raise NotAllowedError(action, item.role)


def inform(
    act: Act, person_id: UUID | None, title: str, *, item_id: UUID | None = None, body: str = ""
) -> None:
    """Put a line behind somebody's bell; nobody is told what they did themselves."""
    if person_id is None or person_id == act.actor.person_id:
        return
    link = f"/inbox/{item_id}" if item_id is not None else f"/cases/{act.case.id}"
    act.session.add(
        Notice(
            person_id=person_id,
            case_id=act.case.id,
            work_item_id=item_id,
            kind="notice",
            title=title,
            body=body,
            link=link,
            at=act.now,
        )
    )


def inform_holder(act: Act, item: WorkItem, title: str, *, body: str = "") -> None:
    """Tell who holds an item; where nobody does, those who may take it."""
    if item.assignee_id is not None:
        inform(act, item.assignee_id, title, item_id=item.id, body=body)
        return
    act.session.add(
        Notice(
            role=item.role,
            holder_id=item.holder_id,
            case_id=act.case.id,
            work_item_id=item.id,
            kind="notice",
            title=title,
            body=body,
            link=f"/inbox/{item.id}",
            at=act.now,
        )
    )


def person_name(session: Session, person_id: UUID | None) -> str:
    """Return a person's name; empty for nobody."""
    return name_of(session, person_id) if person_id is not None else ""
