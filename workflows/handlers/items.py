"""What a command knows of a work item, and who may act on it."""

from uuid import UUID

from msgspec import Struct
from msgspec.structs import fields
from sqlalchemy import bindparam, exists, select
from sqlalchemy.orm import Session

from rules.working_days import Calendar
from store.calendar import HAS_OWN_DAYS, load_calendar
from store.prepared import as_loaded, ask, unwatched
from store.tables import AnswerDraft, Case, Person, WorkItem
from workflows.errors import NotAllowedError, NotFoundError
from workflows.people import Actor
from workflows.statuses import DONE


class Item(Struct, frozen=True):
    """What commands go by of a work item, as it stood when it was read."""

    id: UUID
    case_id: UUID
    task_id: str
    step: str
    title: str
    subject: str
    form_sha256: str
    status: int
    version: int
    role: str
    region_code: str | None
    holder_id: UUID
    assignee_id: UUID | None
    done_by: UUID | None
    sign_round_id: UUID | None
    owner_id: UUID | None
    delegates: list[object]
    has_drafts: bool


_HAS_DRAFTS = exists().where(AnswerDraft.work_item_id == WorkItem.id)
_COLUMNS = [getattr(WorkItem, column.name, _HAS_DRAFTS) for column in fields(Item)]
_ITEM = select(*_COLUMNS).where(WorkItem.id == bindparam("item"))
_LOCKED_ITEM = _ITEM.with_for_update()
_CASE = list(Case.__table__.columns)
_LOCKED_WITH_CASE = (
    select(*_CASE, HAS_OWN_DAYS, *_COLUMNS)
    .join_from(Case, WorkItem, WorkItem.case_id == Case.id)
    .where(WorkItem.id == bindparam("item"))
    .with_for_update(key_share=True)
)


def find_item(session: Session, work_item_id: UUID, *, locked: bool = False) -> Item | None:
    """Return a work item, whosever it is; a locked one stays as it is until the transaction ends."""
    found = ask(session, _LOCKED_ITEM if locked else _ITEM, {"item": work_item_id})
    return next((Item(*columns) for columns in found), None)


def lock_with_case(session: Session, work_item_id: UUID) -> tuple[Case, Item, Calendar]:
    """Return a work item, whosever it is, with its case, both as they stay until the transaction ends; the calendar.

    The case is locked first, as everywhere. Raises: NotFoundError.
    """
    found = ask(session, _LOCKED_WITH_CASE, {"item": work_item_id})
    if not found:
        raise NotFoundError(kind="work_item", id=str(work_item_id))
    row = found[0]
    of_case, (has_own_days, *columns) = row[: len(_CASE)], row[len(_CASE) :]
    values = {column.key: value for column, value in zip(_CASE, of_case, strict=True)}
    case = as_loaded(session, unwatched(Case, values))
    return case, Item(*columns), load_calendar(session, has_own_days=has_own_days)


def item_for(session: Session, work_item_id: UUID, actor: Actor) -> Item:
    """Return the item if the actor may act on it.

    Raises: NotFoundError for an item of other organizations, NotAllowedError for one of the own organization
    that is not the actor's to do.
    """
    return permitted(session, find_item(session, work_item_id), work_item_id, actor)


def permitted(session: Session, item: Item | None, work_item_id: UUID, actor: Actor) -> Item:
    """Return the item that was found, if the actor may act on it. Raises: as `item_for`."""
    if item is None or not is_visible(item, actor):
        raise NotFoundError(kind="work_item", id=str(work_item_id))
    if item.assignee_id is not None and item.assignee_id != actor.person_id and item.status < DONE:
        raise NotAllowedError("complete", name_of(session, item.assignee_id))
    if not actor.has(item.role):
        raise NotAllowedError("complete", item.role)
    return item


def is_visible(item: Item, actor: Actor) -> bool:
    """Tell whether the item is the actor's own, or lies where the actor works."""
    is_own = actor.person_id in (item.assignee_id, item.done_by)
    is_near = item.holder_id == actor.org_id and actor.scope.reaches(item.role, item.region_code)
    return actor.person_id is not None and (is_own or is_near)


def name_of(session: Session, person_id: UUID) -> str:
    """Return a person's name, to be told to another."""
    person = session.get(Person, person_id)
    return person.name if person is not None else ""
