"""From a posted form to the command: row buttons change rows, the rest completes."""

from uuid import UUID

from flask import request
from werkzeug.datastructures import MultiDict

from forms.initial import Texts
from forms.posted import nest
from forms.rows import apply_row_command
from store.pages.inbox import Cursor, View, inbox_page, next_in_case
from store.tables import Case, WorkItem
from webapp import addresses
from webapp.identity import signed_in
from webapp.inbox.listing import DONE_VIEWS, Asked, reader_of
from webapp.inbox.task import FORM, form_of_item, is_theirs
from workflows.advance import new_act
from workflows.answering import answering_context
from workflows.commands import CompleteWorkItem
from workflows.errors import NotAllowedError, NotFoundError
from workflows.handlers.work_items import complete_work_item
from workflows.people import Actor
from workflows.runtime import Runtime


def rows_changed(
    runtime: Runtime, work_item_id: UUID, fields: MultiDict[str, str], actor: Actor
) -> Texts | None:
    """Return the values after a row button, None when another button was pressed.

    Raises: NotFoundError; NotAllowedError when the step is another role's.
    """
    with runtime.database.read(actor.scope) as session:
        seen = session.get(WorkItem, work_item_id)
        if seen is None:
            raise NotFoundError(kind="work_item", id=str(work_item_id))
        if not is_theirs(seen, actor):
            raise NotAllowedError("complete", seen.role)
    with runtime.database.read(FORM) as session:
        item = session.get_one(WorkItem, work_item_id)
        act = new_act(runtime, session, session.get_one(Case, item.case_id), actor, runtime.now())
        return apply_row_command(form_of_item(session, work_item_id), fields, answering_context(act))


def complete(runtime: Runtime, work_item_id: UUID, fields: MultiDict[str, str], actor: Actor) -> UUID:
    """Finish the step; return its case's id. Raises: WorkflowError."""
    with runtime.database.read(FORM) as session:
        answers = nest(form_of_item(session, work_item_id), fields)
    command = CompleteWorkItem(
        work_item_id=work_item_id,
        version=addresses.row_version(request.form.get("version", "")),
        answers=answers,
        key=request.form.get("key", "")[:64] or str(work_item_id),
    )
    return complete_work_item(runtime, command, actor)


def after_completion(runtime: Runtime, case_id: UUID, work_item_id: UUID, asked: Asked, actor: Actor) -> str:
    """Return where to go on: the next step of the same case, else the next task of the list."""
    view = asked.view if asked.view is not None and asked.view not in DONE_VIEWS else View.MINE
    reader = reader_of(signed_in(), runtime.now())
    with runtime.database.read(actor.scope) as session:
        if (follows := next_in_case(session, reader, case_id)) is not None:
            return asked.href("inbox.show", work_item_id=follows)
        item = session.get(WorkItem, work_item_id)
        after = Cursor(item.due_at, item.id) if item is not None else None
        rows = inbox_page(session, reader, view, query=asked.query, after=after).rows
        rows = rows or inbox_page(session, reader, view, query=asked.query).rows
    if rows:
        return asked.href("inbox.show", work_item_id=rows[0].id)
    return asked.href()
