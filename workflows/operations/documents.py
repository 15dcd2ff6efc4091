"""Papers: numbered within the business transaction, rendered by a job that it enqueues."""

from uuid import UUID

from sqlalchemy import select

from store.numbers import take_number
from store.queue import enqueue
from store.tables import Document
from workflows.acts import Act
from workflows.catalogue import Inputs, Outputs, operation
from workflows.papers import CODES, compose, titles
from workflows.template_choice import chosen_digest


def issue(act: Act, template: str, object_id: object, number: str | None = None) -> Document:
    """Issue a paper about a record: number, frozen content, and the job that prints it."""
    code, subject = CODES[template]
    document = Document(
        number=number or take_number(act.session, act.case.org_id, code, act.today.year),
        template=template,
        template_sha256=chosen_digest(act.session, template, act.case.release_id),
        title=titles(template),
        subject=subject,
        subject_id=UUID(str(object_id)),
        policy_id=act.case.policy_id,
        visit_id=act.case.visit_id,
        case_id=act.case.id,
        state="issued",
        content={},
        issued_by=act.actor.person_id,
        issued_at=act.now,
        **act.owners(),
    )
    act.session.add(document)
    act.session.flush()
    document.content = dict(compose(act, document))
    enqueue(
        act.session,
        "render_document",
        {"document_id": str(document.id)},
        run_at=act.now,
        key=f"render:{document.id}",
    )
    act.say("document.issued", f"出具《{document.title}》{document.number}", document_id=document.id)
    return document


def declare_void(act: Act, document: Document, reason: str) -> None:
    """Make a paper void; its number is never used again, and what was printed is kept."""
    document.void_reason = reason
    act.say("document.void", f"《{document.title}》{document.number}作废：{reason}", document_id=document.id)


@operation("出具文书", inputs=("template", "object_id"), outputs=("number", "document_id"))
def issue_document(act: Act, inputs: Inputs) -> Outputs:
    """Issue the paper of a template about an object, in place of the one before: that is void, its number stays."""
    template, object_id = str(inputs["template"]), UUID(str(inputs["object_id"]))
    before = act.session.scalars(
        select(Document).where(
            Document.subject == CODES[template][1],
            Document.subject_id == object_id,
            Document.template == template,
            Document.void_reason == "",
        )
    ).all()
    document = issue(act, template, object_id)
    for paper in before:
        declare_void(act, paper, f"由 {document.number} 代替")
    return {"number": document.number, "document_id": str(document.id)}
