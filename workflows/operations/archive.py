"""Closing the file of a visit: the elements, the signatures, the seal (第七、十九条)."""

from uuid import UUID

from sqlalchemy import func, select

from rules.archive import archive_gate
from rules.retention import retention
from rules.vocabulary import label
from store.numbers import take_number
from store.queue import enqueue
from store.tables import CaseFile, CaseFileItem, Document, Policy, Visit
from workflows.acts import Act
from workflows.catalogue import Inputs, Outputs, operation
from workflows.errors import RuleRefusedError
from workflows.operations.answers import Answers
from workflows.operations.corrections import correct
from workflows.operations.deadlines import meet
from workflows.operations.visit import sign
from workflows.records import latest_return_visit
from workflows.subjects import existing, unit_name


@operation("记录整理", inputs=("visit_id",))
def record_compilation(act: Act, inputs: Inputs) -> Outputs:
    """Keep the check of the elements, attachments and corrections; a correction keeps the old value."""
    answers = Answers(inputs)
    visit = existing(act.session, Visit, inputs["visit_id"])
    visit.elements = {row.text("item"): dict(row.plain()) for row in answers.rows("elements")}
    visit.attachments = [*visit.attachments, *answers.many("attachments")]
    for row in answers.rows("corrections"):
        correct(act, visit, row)
    return {}


@operation("记录单位确认", inputs=("visit_id",))
def confirm_visit_record(act: Act, inputs: Inputs) -> Outputs:
    """Keep whether the unit confirms the record (第十九条: 由投保单位确认后归档)."""
    answers = Answers(inputs)
    visit = existing(act.session, Visit, inputs["visit_id"])
    visit.record_answer, visit.objection = answers.text("record_answer"), answers.text("objection")
    if visit.record_answer == "agree":
        visit.record_confirmed_at = act.now
        sign(act, visit, "policyholder", "record", answers)
        act.say("record.confirmed", "投保单位确认了服务记录")
    else:
        act.say("record.objected", f"投保单位有异议：{visit.objection}")
    return {}


@operation("第三方签字", inputs=("visit_id",))
def sign_visit_record(act: Act, inputs: Inputs) -> Outputs:
    """Keep the provider's signature on the record (AQ: both sides confirm)."""
    sign(act, existing(act.session, Visit, inputs["visit_id"]), "provider", "record", Answers(inputs))
    return {}


def missing_for_archive(act: Act, visit: Visit) -> tuple[str, ...]:
    """Return which of the elements, or the unit's confirmation, are missing (第十九条)."""
    record = {
        "time": visit.arrived_at is not None and visit.left_at is not None,
        "place": visit.place,
        "org": visit.responsible_org_id is not None,
        "personnel": visit.lead_id is not None,
        "content": bool(visit.items),
        "process": visit.process,
        "return_visit": latest_return_visit(act, visit) is not None,
    }
    return archive_gate(
        record,
        insured_confirmed=visit.record_confirmed_at is not None,
        provider_signed=any(s.get("party") == "provider" for s in visit.signatures),
    ).missing


@operation("核对能否归档", inputs=("visit_id",), outputs=("can_archive", "missing"))
def check_archive(act: Act, inputs: Inputs) -> Outputs:
    """Say whether the file may be closed: no archive without return visit and confirmation (第十九条)."""
    missing = missing_for_archive(act, existing(act.session, Visit, inputs["visit_id"]))
    return {"can_archive": not missing, "missing": list(missing)}


@operation("归档", inputs=("visit_id",), outputs=("retain_until",))
def seal_archive(act: Act, inputs: Inputs) -> Outputs:
    """Close the visit's file; a job builds the package (第七、十九条).

    Raises: RuleRefusedError if an element or a confirmation is missing, whatever the diagram asked before.
    """
    visit = existing(act.session, Visit, inputs["visit_id"])
    if missing := missing_for_archive(act, visit):
        words = "、".join(label("archive_element", name) for name in missing)
        raise RuleRefusedError(f"还缺{words}，不能归档（第十九条）")
    policy = existing(act.session, Policy, visit.policy_id)
    kept = retention((policy.term_end, act.today))
    visit.state, visit.archived_at = "archived", act.now
    meet(act, "archive", act.today)
    file = _open_file(act, visit, policy)
    file.state, file.sealed_at, file.sealed_by = "closing", act.now, act.actor.person_id
    file.retain_until, file.disposable_from = kept.retain_until, kept.disposable_from
    _index(act, file, visit)
    act.say("visit.archived", f"归档 {file.number}，保管至 {kept.retain_until}", case_file_id=file.id)
    enqueue(
        act.session, "seal_package", {"case_file_id": str(file.id)}, run_at=act.now, key=f"package:{file.id}"
    )
    return {"retain_until": kept.retain_until}


def _open_file(act: Act, visit: Visit, policy: Policy) -> CaseFile:
    file = CaseFile(
        number=take_number(act.session, visit.org_id, "DA", act.today.year),
        policy_id=policy.id,
        visit_id=visit.id,
        case_id=act.case.id,
        title=f"{unit_name(act.session, policy)} 第 {visit.sequence} 次服务",
        confirmed_by=unit_name(act.session, policy),
        **act.owners(),
    )
    act.session.add(file)
    act.session.flush()
    return file


def _index(act: Act, file: CaseFile, visit: Visit) -> None:
    papers = act.session.scalars(
        select(Document).where(Document.visit_id == visit.id).order_by(Document.issued_at, Document.id)
    )
    for position, paper in enumerate(papers, 1):
        _add_item(act, file, paper, position, 0, "")


def _add_item(
    act: Act, file: CaseFile, paper: Document, position: int, supplement_no: int, reason: str
) -> None:
    act.session.add(
        CaseFileItem(
            case_file_id=file.id,
            visit_id=file.visit_id,
            position=position,
            title=f"{paper.title} {paper.number}",
            kind="document",
            object_kind="document",
            object_id=paper.id,
            document_id=paper.id,
            sha256=paper.pdf_sha256,
            dated=act.today,
            supplement_no=supplement_no,
            reason=reason,
            added_at=act.now,
            added_by=act.actor.person_id,
            **act.owners(),
        )
    )


def supplement(act: Act, visit_id: UUID, paper: Document, reason: str) -> int:
    """Add a paper to a closed file; its package stays as it is. 0 if there is no closed file."""
    file = act.session.scalar(
        select(CaseFile)
        .where(CaseFile.visit_id == visit_id, CaseFile.state.in_(("closing", "sealed")))
        .limit(1)
        .with_for_update()  # two hazards of a visit may come at once
    )
    if file is None:
        return 0
    known = select(CaseFileItem).where(CaseFileItem.case_file_id == file.id).subquery()
    number = (act.session.scalar(select(func.max(known.c.supplement_no))) or 0) + 1
    count = act.session.scalar(select(func.count()).select_from(known)) or 0
    _add_item(act, file, paper, count + 1, number, reason)
    act.say("archive.supplemented", f"补卷第 {number} 号：{paper.title}", case_file_id=file.id)
    return number


@operation("补卷", inputs=("object_id",), outputs=("supplement_no",))
def append_to_archive(act: Act, inputs: Inputs) -> Outputs:
    """Add a later paper to the sealed file of its visit."""
    paper = existing(act.session, Document, inputs["object_id"])
    if paper.visit_id is None:
        return {"supplement_no": 0}
    return {"supplement_no": supplement(act, paper.visit_id, paper, "归档后补充")}
