"""Reminders that people give a unit (催办、催告), with their proof."""

from uuid import UUID

from sqlalchemy import func, select

from rules.hazards import refuses_to_rectify
from store.tables import Chase
from workflows.acts import Act
from workflows.catalogue import Inputs, Outputs, operation
from workflows.operations.answers import Answers


@operation("记录催办", inputs=("subject_id", "kind"), outputs=("reminders", "reminded_enough"))
def record_chase(act: Act, inputs: Inputs) -> Outputs:
    """Keep reminders about a visit or a hazard, count them, say whether silence means refusal (第十九条)."""
    answers = Answers(inputs)
    kind, subject_id = str(inputs["kind"]), inputs["subject_id"]
    for row in answers.rows("reminders") or ([answers] if "channel" in answers else []):
        add_chase(act, kind, subject_id, row)
    given = chases(act, kind, subject_id)
    enough = refuses_to_rectify(act.today, in_writing=False, unanswered_reminders=given)
    return {"reminders": given, "reminded_enough": enough}


def add_chase(act: Act, kind: str, subject_id: object, row: Answers) -> None:
    """Add a reminder that somebody gave the unit, with its proof."""
    act.session.add(
        Chase(
            kind=kind,
            subject=kind,
            subject_id=UUID(str(subject_id)),
            case_id=act.case.id,
            visit_id=act.case.visit_id,
            number=chases(act, kind, subject_id) + 1,
            channel=row.text("channel"),
            person=row.text("person"),
            content=row.text("content"),
            at=row.moment("chased_at") or act.now,
            proof=list(row.many("proof")),
            by_id=act.actor.person_id,
            **act.owners(),
        )
    )
    act.session.flush()


def chases(act: Act, kind: str, subject_id: object) -> int:
    """Return how many reminders were given about the subject."""
    query = select(func.count()).where(Chase.kind == kind, Chase.subject_id == UUID(str(subject_id)))
    return act.session.scalar(query) or 0
