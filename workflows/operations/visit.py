"""What was done at the unit: the record, the signatures, the completion (第十八、十九条)."""

from datetime import date
from uuid import UUID

from sqlalchemy import func, select

from store.checklists import checklist
from store.numbers import take_number
from store.tables import ChecklistResult, EvidenceFile, Hazard, ServiceItemRecord, Visit, VisitDay
from workflows.acts import Act
from workflows.catalogue import Inputs, Outputs, operation
from workflows.errors import AnswersRefusedError
from workflows.operations.answers import Answers
from workflows.operations.deadlines import owe
from workflows.records import latest_pre_contact
from workflows.runtime import legal_day
from workflows.subjects import existing

ITEM_GROUPS = ("training", "risk_assessment", "standardization", "emergency", "technology_culture")


@operation("记录服务", inputs=("visit_id",), outputs=("hazard_count", "major_count"))
def record_visit_report(act: Act, inputs: Inputs) -> Outputs:
    """Keep the record of the visit: days, place, process, items, checklist, hazards (第十九条)."""
    answers = Answers(inputs)
    visit = existing(act.session, Visit, inputs["visit_id"])
    visit.place, visit.process = answers.text("place"), answers.text("process")
    visit.measures_taken = answers.text("measures_taken")
    agreed = latest_pre_contact(act, visit)
    visit.protective_measures = agreed.protective_measures if agreed is not None else ""
    visit.photos = _each_once(act, answers.many("photos"))
    visit.items = list(answers.many("items"))
    visit.left_at = answers.moment("left_at")
    for row in answers.rows("days"):
        started, ended = row.moment("started_at") or act.now, row.moment("ended_at") or act.now
        act.session.add(
            VisitDay(
                visit_id=visit.id, day=legal_day(started), arrived_at=started, left_at=ended, **act.owners()
            )
        )
    _keep_items(act, visit, answers)
    found = [_hazard(act, visit, row, i + 1) for i, row in enumerate(answers.rows("hazards"))]
    visit.findings = len(found)
    _keep_checklist(act, visit, answers, found)
    majors = sum(hazard.level == "major" for hazard in found)
    act.say("visit.recorded", f"记录了 {len(found)} 项隐患，其中重大 {majors} 项", place=visit.place)
    return {"hazard_count": len(found), "major_count": majors}


def _each_once(act: Act, photos: list[str]) -> list[str]:
    """Return the photos. Raises: AnswersRefusedError if one picture was taken in twice."""
    hashes = {
        str(file_id): sha256
        for file_id, sha256 in act.session.execute(
            select(EvidenceFile.id, EvidenceFile.sha256).where(EvidenceFile.id.in_(map(UUID, photos)))
        )
    }
    if len({hashes.get(photo, photo) for photo in photos}) < len(photos):
        raise AnswersRefusedError({"photos": "有两张是同一张照片，请删去一张，另拍一张"})
    return photos


def _keep_items(act: Act, visit: Visit, answers: Answers) -> None:
    for position, name in enumerate(ITEM_GROUPS):
        group = answers.group(name)
        if group.plain():
            content = {
                key: str(value) if value is not None and not isinstance(value, list | bool) else value
                for key, value in group.plain().items()
            }
            act.session.add(
                ServiceItemRecord(
                    visit_id=visit.id, item=name, position=position, content=content, **act.owners()
                )
            )


def _hazard(act: Act, visit: Visit, row: Answers, position: int) -> Hazard:
    fixed = row.tick("fixed_on_spot")
    due: date = act.today if fixed else (row.day("deadline") or act.today)
    hazard = Hazard(
        visit_id=visit.id,
        number=take_number(act.session, visit.org_id, "YH", act.today.year),
        position=position,
        place=row.text("place"),
        description=row.text("description"),
        level=row.text("level"),
        hazard_class=row.text("hazard_class"),
        cause=row.text("cause"),
        accident_kind=row.text("accident_kind"),
        basis_clause=row.text("basis_clause"),
        suggestion=row.text("suggestion"),
        checklist_item=row.text("baseline_item"),
        template_id=UUID(row.text("template")) if "template" in row else None,
        deadline=due,
        original_deadline=due,
        five_commitments={"interim_measures": row.text("interim_measures")},
        photos_before=list(row.many("photos_before")),
        photos_after=list(row.many("photos_after")),
        fixed_on_spot=fixed,
        state="draft",
        found_on=act.today,
        **act.owners(),
    )
    act.session.add(hazard)
    act.session.flush()
    return hazard


def _keep_checklist(act: Act, visit: Visit, answers: Answers, hazards: list[Hazard]) -> None:
    by_item = {hazard.checklist_item: hazard.id for hazard in hazards if hazard.checklist_item}
    known = {item.key: code for code in visit.checklists for item in checklist(act.session, str(code)).items}
    for row in answers.rows("baseline"):
        item = row.text("item")
        act.session.add(
            ChecklistResult(
                visit_id=visit.id,
                checklist=known.get(item, item.partition("-")[0]),
                item=item,
                answer=row.text("answer"),
                basis=row.text("basis"),
                photo=list(row.many("photos")),
                hazard_id=by_item.get(item),
                **act.owners(),
            )
        )


def sign(act: Act, visit: Visit, party: str, purpose: str, answers: Answers) -> None:
    """Add a signature, or the witnessed refusal to sign, to the visit."""
    visit.signatures = [
        *visit.signatures,
        {
            "party": party,
            "purpose": purpose,
            "name": answers.text("signer_name") or act.actor.name,
            "title": answers.text("signer_title"),
            "files": answers.many("signature") + answers.many("signed_scan"),
            "witness": answers.text("witness"),
            "reason": answers.text("reason") or answers.text("on_behalf_reason"),
            "at": act.now.isoformat(),
        },
    ]


@operation("记录现场签字", inputs=("visit_id",))
def sign_visit(act: Act, inputs: Inputs) -> Outputs:
    """Keep the unit's comment and signature at the end of the visit."""
    answers = Answers(inputs)
    visit = existing(act.session, Visit, inputs["visit_id"])
    visit.policyholder_comment = answers.text("comment")
    sign(act, visit, "policyholder", "visit", answers)
    return {}


@operation(
    "服务完成",
    inputs=("visit_id",),
    outputs=(
        "completed_on",
        "return_visit_due",
        "return_visit_provisional",
        "archive_due",
        "archive_provisional",
        "hazard_count",
        "major_count",
    ),
)
def complete_visit(act: Act, inputs: Inputs) -> Outputs:
    """Fix the completion day (the last departure, in Beijing) and both deadlines (第十九条, D21)."""
    visit = existing(act.session, Visit, inputs["visit_id"])
    left = [visit.left_at or act.now]
    left += list(act.session.scalars(select(VisitDay.left_at).where(VisitDay.visit_id == visit.id)))
    completed_on = legal_day(max(left))
    back, archive = owe(act, "return_visit", completed_on), owe(act, "archive", completed_on)
    visit.state, visit.completed_on = "completed", completed_on
    visit.return_visit_due, visit.archive_due = back.due, archive.due
    act.say(
        "visit.completed",
        f"服务完成。回访最晚 {back.due}，归档最晚 {archive.due}",
        completed_on=completed_on,
        return_visit_due=back.due,
        archive_due=archive.due,
    )
    hazards = select(func.count()).where(Hazard.visit_id == visit.id)
    return {
        "completed_on": completed_on,
        "return_visit_due": back.due,
        "archive_due": archive.due,
        "return_visit_provisional": back.provisional,
        "archive_provisional": archive.provisional,
        "hazard_count": act.session.scalar(hazards) or 0,
        "major_count": act.session.scalar(hazards.where(Hazard.level == "major")) or 0,
    }
