"""Written notices of hazards: drafted, signed, served, corrected (第十八条)."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import delete, select

from rules.hazards import Level, State, notice_gate
from rules.vocabulary import label
from store.tables import Document, Hazard, HazardNotice, HazardNoticeLine, Visit
from workflows.acts import Act
from workflows.catalogue import Inputs, Outputs, operation
from workflows.errors import AnswersRefusedError
from workflows.operations.answers import Answers
from workflows.operations.deadlines import owe
from workflows.operations.documents import declare_void, issue
from workflows.operations.hazards import alert_of, hazards_of
from workflows.subjects import existing

_TOLD = ("place", "description", "level", "hazard_class", "cause", "basis_clause", "suggestion")


@operation("拟隐患告知书", inputs=("visit_id",), outputs=("notice_due", "notice_provisional"))
def issue_hazard_notice(act: Act, inputs: Inputs) -> Outputs:
    """Draft the notices: one for the general hazards together, one for each major hazard (第十八条)."""
    visit = existing(act.session, Visit, inputs["visit_id"])
    notices = _draft(act, visit, hazards_of(act, visit))
    due = owe(act, f"notice_{_level(notices)}", visit.completed_on or act.today)
    return {"notice_due": due.due, "notice_provisional": due.provisional}


def _level(rows: Sequence[Hazard | HazardNotice]) -> str:
    return "major" if any(row.level == "major" for row in rows) else "general"


def _draft(
    act: Act, visit: Visit, hazards: Sequence[Hazard], supersedes: UUID | None = None
) -> list[HazardNotice]:
    majors = [[hazard] for hazard in hazards if hazard.level == "major"]
    general = [hazard for hazard in hazards if hazard.level != "major"]
    return [_draft_one(act, visit, group, supersedes) for group in (*majors, general) if group]


def _draft_one(act: Act, visit: Visit, hazards: list[Hazard], supersedes: UUID | None) -> HazardNotice:
    """Write a notice about these hazards with the text as it stands now."""
    notice = HazardNotice(
        visit_id=visit.id,
        number=f"草稿 {hazards[0].number}" if supersedes is None else f"更正 {hazards[0].number}",
        level=_level(hazards),
        state="draft",
        supersedes_id=supersedes,
        **act.owners(),
    )
    act.session.add(notice)
    act.session.flush()
    for position, hazard in enumerate(hazards, 1):
        content = {name: getattr(hazard, name) for name in _TOLD} | {"deadline": hazard.deadline.isoformat()}
        act.session.add(
            HazardNoticeLine(
                visit_id=visit.id,
                notice_id=notice.id,
                hazard_id=hazard.id,
                position=position,
                content=content,
                **act.owners(),
            )
        )
    act.session.flush()
    return notice


def _notices(act: Act, visit: Visit, state: str) -> list[HazardNotice]:
    query = select(HazardNotice).where(HazardNotice.visit_id == visit.id, HazardNotice.state == state)
    return list(act.session.scalars(query.order_by(HazardNotice.created_at, HazardNotice.id)))


@operation(
    "签发隐患告知书",
    inputs=("visit_id",),
    outputs=("major_count", "raised", "notice_due", "notice_provisional"),
)
def sign_hazard_notice(act: Act, inputs: Inputs) -> Outputs:
    """Fix level and basis of each hazard, take the numbers and issue the papers (第十八条).

    The drafts are written anew: a hazard that is major after all has a notice of its own, to be served the
    same day, and is alerted at once. Drafts that are `raised` to major wait for the signature that major
    hazards need. No deadline comes back where the drafts' own still holds.
    """
    answers = Answers(inputs)
    visit = existing(act.session, Visit, inputs["visit_id"])
    for row in answers.rows("hazards"):
        hazard = existing(act.session, Hazard, row.text("item"))
        hazard.level, hazard.basis_clause = row.text("level"), row.text("basis_clause") or hazard.basis_clause
        check_notice(hazard)
    drafts, hazards = _notices(act, visit, "draft"), hazards_of(act, visit)
    expected = _level(drafts)
    _discard(act, drafts)
    level = _level(hazards)
    raised = level == "major" and expected != "major"
    for notice in _draft(act, visit, hazards):
        notice.opinion = answers.text("opinion")
        if not raised:
            _issue(act, notice)
    majors = [hazard for hazard in hazards if hazard.level == "major"]
    for hazard in majors:
        alert_of(act, hazard)
    if raised:
        act.say("notice.raised", f"{len(majors)} 项隐患改为重大，告知书转服务机构负责人审签")
    moved = owe(act, f"notice_{level}", act.today) if level != expected else None
    return {
        "major_count": len(majors),
        "raised": raised,
        "notice_due": moved and moved.due,
        "notice_provisional": moved and moved.provisional,
    }


def check_notice(hazard: Hazard) -> None:
    """Raise: AnswersRefusedError if the hazard lacks something that its notice must say (第十八条)."""
    missing = notice_gate(Level(hazard.level), {name: getattr(hazard, name) for name in (*_TOLD, "deadline")})
    if not missing.is_open:
        words = "、".join(label("notice_element", name) for name in missing.missing)
        raise AnswersRefusedError({"hazards": f"隐患 {hazard.position} 还没有{words}，不能告知（第十八条）"})


def _discard(act: Act, drafts: list[HazardNotice]) -> None:
    known = [draft.id for draft in drafts]
    act.session.execute(delete(HazardNoticeLine).where(HazardNoticeLine.notice_id.in_(known)))
    act.session.execute(delete(HazardNotice).where(HazardNotice.id.in_(known)))


def _issue(act: Act, notice: HazardNotice) -> None:
    """Sign a draft: it takes its number, which is never used again, and becomes a paper."""
    notice.signed_by, notice.signed_at = act.actor.person_id, act.now
    notice.state, notice.issued_by, notice.issued_at = "issued", act.actor.person_id, act.now
    document = issue(act, "hazard_notice", notice.id)
    notice.number, notice.document_id = document.number, document.id


@operation("送达隐患告知书", inputs=("visit_id",))
def serve_hazard_notice(act: Act, inputs: Inputs) -> Outputs:
    """Keep how the notices that are issued were served: signed for, or refused before a witness (第十八条, D16)."""
    answers = Answers(inputs)
    visit = existing(act.session, Visit, inputs["visit_id"])
    for notice in _notices(act, visit, "issued"):
        notice.state, notice.delivery = "served", answers.text("delivery")
        notice.served_at = answers.moment("served_at")
        notice.received_by, notice.received_at = answers.text("received_by"), answers.moment("served_at")
        notice.refused_to_sign, notice.witness = answers.tick("refused_to_sign"), answers.text("witness")
        notice.signature = answers.many("signature")
        notice.proof = answers.many("delivery_proof") + answers.many("refusal_proof")
        who = f"{notice.received_by}签收" if notice.received_by else f"拒签，{notice.witness}见证"
        act.say("notice.served", f"《事故隐患告知书》{notice.number}送达，{who}", notice_id=notice.id)
        issue(act, "delivery_receipt", notice.id)
    for hazard in hazards_of(act, visit):
        hazard.notified_on = hazard.notified_on or act.today
    return {}


@operation("出更正告知书", inputs=("hazard_id",))
def reissue_hazard_notice(act: Act, inputs: Inputs) -> Outputs:
    """Issue corrected notices after a change of level; the one they take the place of is void, its number stays."""
    hazard = existing(act.session, Hazard, inputs["hazard_id"])
    visit = existing(act.session, Visit, hazard.visit_id)
    told = select(HazardNotice).join(HazardNoticeLine, HazardNoticeLine.notice_id == HazardNotice.id)
    before = act.session.scalars(
        told.where(HazardNoticeLine.hazard_id == hazard.id, HazardNotice.state != "void")
    ).one()
    before.state, before.void_reason = "void", f"隐患 {hazard.number} 定级改变，由更正告知书代替"
    for notice in _draft(act, visit, _still_told(act, before), before.id):
        _issue(act, notice)
    declare_void(act, existing(act.session, Document, before.document_id), before.void_reason)
    if hazard.level == "major":
        alert_of(act, hazard)
    return {}


def _still_told(act: Act, notice: HazardNotice) -> Sequence[Hazard]:
    query = select(Hazard).join(HazardNoticeLine, HazardNoticeLine.hazard_id == Hazard.id)
    return act.session.scalars(
        query.where(HazardNoticeLine.notice_id == notice.id, Hazard.state != State.WITHDRAWN).order_by(
            HazardNoticeLine.position
        )
    ).all()
