"""What a person typed into a step's form, kept on the server until the step is done."""

from datetime import datetime
from uuid import UUID

from werkzeug.datastructures import MultiDict

from forms.posted import nest
from store.tables import WorkItem
from webapp.identity import the_runtime
from workflows.commands import SaveDraft
from workflows.errors import NotFoundError
from workflows.handlers.work_items import save_draft
from workflows.people import Actor
from workflows.pinned import form_of


def keep_posted(work_item_id: UUID, fields: MultiDict[str, str], actor: Actor) -> datetime:
    """Keep posted fields as the draft of an item; return when. Raises: WorkflowError."""
    runtime = the_runtime()
    with runtime.database.read(actor.scope) as session:
        item = session.get(WorkItem, work_item_id)
        if item is None:
            raise NotFoundError(kind="work_item", id=str(work_item_id))
        form = form_of(session, item.form_sha256)
    return save_draft(runtime, SaveDraft(work_item_id, nest(form, fields)), actor)
