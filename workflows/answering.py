"""What a form is answered against: variables, facts of the records, lists to choose from."""

from uuid import UUID

from sqlalchemy import select

from forms.context import FileFacts, FormContext, choices_from
from forms.layers import Later, Layers
from store.tables import AnswerDraft, EvidenceFile, WorkItem
from workflows.acts import Act
from workflows.facts import facts_of
from workflows.facts.choices import host_lists
from workflows.facts.prefill import prefill_of
from workflows.host import feel_host


def answering_context(act: Act, *, on_behalf: bool = False) -> FormContext:
    """Return the context for the form of a work item.

    What the form does not ask for is not read: facts, lists and suggestions wait until somebody looks.
    """
    lists = host_lists(act)
    variables = Layers({"on_behalf": on_behalf}, facts_of(act), act.case.variables)
    return FormContext(
        variables=variables,
        choices=choices_from(lists),
        files=lambda file_id: file_facts(act, file_id),
        now=act.now,
        today=act.today,
        feel_host=feel_host(act.calendar, act.now),
        prefill=Later(lambda: prefill_of(act, variables, lists)),
    )


def sending_context(act: Act) -> FormContext:
    """Return the context for the form of a message that a person sends to the case."""
    return answering_context(act)


def file_facts(act: Act, file_id: str) -> FileFacts | None:
    """Return what a form shows of an uploaded file; None if there is none that the actor may name here."""
    try:
        row = act.session.get(EvidenceFile, UUID(file_id))
    except ValueError:
        return None
    if row is None or not _may_be_named(act, row):
        return None
    return FileFacts(
        id=str(row.id),
        name=row.name,
        media_type=row.media_type,
        url=f"/files/{row.id}",
        thumb=f"/files/{row.id}/thumb" if row.media_type.startswith("image/") else "",
        taken_at=row.taken_at,
    )


def _may_be_named(act: Act, row: EvidenceFile) -> bool:
    """Tell whether a file is the actor's own and free, or evidence of this case or its visit already."""
    if row.case_id is None:
        return act.actor.person_id in {None, row.uploaded_by}
    return row.case_id == act.case.id or (row.visit_id is not None and row.visit_id == act.case.visit_id)


def draft_of(act: Act, item: WorkItem) -> AnswerDraft | None:
    """Return what the person typed into this item's form, or into an earlier round of the step."""
    if act.actor.person_id is None:
        return None
    return act.session.scalar(
        select(AnswerDraft)
        .join(WorkItem, WorkItem.id == AnswerDraft.work_item_id)
        .where(
            AnswerDraft.person_id == act.actor.person_id,
            WorkItem.case_id == item.case_id,
            WorkItem.step == item.step,
        )
        .order_by(AnswerDraft.saved_at.desc())
        .limit(1)
    )
