"""Telling the unit of hazards, and opening a case for each (第十八条)."""

from uuid import UUID

from sqlalchemy import select

from rules.hazards import Level, State, notice_gate
from rules.vocabulary import label
from store.tables import Hazard, HazardNotice, HazardNoticeLine, Policy, Visit
from workflows.acts import Act, Opening
from workflows.catalogue import Inputs, Outputs, operation
from workflows.errors import AnswersRefusedError
from workflows.operations.answers import Answers
from workflows.operations.deadlines import owe
from workflows.operations.documents import issue
from workflows.operations.hazard_states import move
from workflows.subjects import existing, owners_of, unit_name

_TOLD = ("place", "description", "level", "hazard_class", "cause", "basis_clause", "suggestion")


def hazards_of(act: Act, visit: Visit) -> list[Hazard]:
    """Return the hazards of a visit in the order of the record."""
    return list(
        act.session.scalars(
            select(Hazard).where(Hazard.visit_id == visit.id).order_by(Hazard.position, Hazard.id)
        )
    )


@operation("告知重大隐患", inputs=("hazard_id", "visit_id"), outputs=("alerted_at",))
def alert_major_hazard(act: Act, inputs: Inputs) -> Outputs:
    """Tell the unit's head, the insurer and the coordinator of a major hazard, once."""
    hazard = existing(act.session, Hazard, inputs["hazard_id"]) if inputs.get("hazard_id") else None
    if hazard is not None and hazard.alerted_at is not None:
        return {"alerted_at": hazard.alerted_at}
    place = hazard.place if hazard is not None else "现场"
    title = f"发现重大事故隐患：{act.case.title}，{place}"
    case = act.case
    for role, holder in (
        ("policyholder", case.policyholder_id),
        ("insurer", case.insurer_id),
        ("coordinator", case.org_id),
    ):
        act.notify(title, role=role, holder_id=holder, kind="major_hazard")
    if hazard is not None:
        hazard.alerted_at = act.now
    act.say("hazard.alerted", "重大隐患已告知主要负责人、保险机构和协调员")
    return {"alerted_at": act.now}


@operation("拟隐患告知书", inputs=("visit_id",), outputs=("notice_id", "notice_due", "notice_provisional"))
def issue_hazard_notice(act: Act, inputs: Inputs) -> Outputs:
    """Draft the notices: one for the general hazards together, one for each major hazard (第十八条)."""
    visit = existing(act.session, Visit, inputs["visit_id"])
    found = hazards_of(act, visit)
    majors = [[hazard] for hazard in found if hazard.level == "major"]
    general = [hazard for hazard in found if hazard.level != "major"]
    notices = [draft_notice(act, visit, group) for group in (*majors, *([general] if general else []))]
    kind = "notice_major" if majors else "notice_general"
    due = owe(act, kind, visit.completed_on or act.today)
    return {
        "notice_id": str(notices[0].id) if notices else None,
        "notice_due": due.due,
        "notice_provisional": due.provisional,
    }


def draft_notice(
    act: Act, visit: Visit, hazards: list[Hazard], supersedes: UUID | None = None
) -> HazardNotice:
    """Write a notice about these hazards with the text as it stands now, and its paper."""
    notice = HazardNotice(
        visit_id=visit.id,
        number=f"草稿 {hazards[0].number}" if supersedes is None else f"更正 {hazards[0].number}",
        level="major" if any(hazard.level == "major" for hazard in hazards) else "general",
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
    return notice


def notices_of(act: Act, visit: Visit) -> list[HazardNotice]:
    """Return the notices of a visit that are not void."""
    query = select(HazardNotice).where(HazardNotice.visit_id == visit.id, HazardNotice.state != "void")
    return list(act.session.scalars(query.order_by(HazardNotice.created_at, HazardNotice.id)))


@operation("签发隐患告知书", inputs=("visit_id",))
def sign_hazard_notice(act: Act, inputs: Inputs) -> Outputs:
    """Fix level and basis of each hazard, take the numbers and issue the papers (第十八条)."""
    answers = Answers(inputs)
    visit = existing(act.session, Visit, inputs["visit_id"])
    for row in answers.rows("hazards"):
        hazard = existing(act.session, Hazard, row.text("item"))
        hazard.level, hazard.basis_clause = row.text("level"), row.text("basis_clause") or hazard.basis_clause
        _check_notice(hazard)
    act.session.flush()
    for notice in notices_of(act, visit):
        if notice.state != "draft":
            continue
        _refresh_lines(act, notice)
        notice.opinion, notice.signed_by, notice.signed_at = (
            answers.text("opinion"),
            act.actor.person_id,
            act.now,
        )
        notice.state, notice.issued_by, notice.issued_at = "issued", act.actor.person_id, act.now
        document = issue(act, "hazard_notice", notice.id)
        notice.number, notice.document_id = document.number, document.id
    return {}


def _check_notice(hazard: Hazard) -> None:
    """Raise: AnswersRefusedError if the hazard lacks something that its notice must say (第十八条)."""
    missing = notice_gate(Level(hazard.level), {name: getattr(hazard, name) for name in (*_TOLD, "deadline")})
    if not missing.is_open:
        words = "、".join(label("notice_element", name) for name in missing.missing)
        raise AnswersRefusedError({"hazards": f"隐患 {hazard.position} 还没有{words}，不能告知（第十八条）"})


def _refresh_lines(act: Act, notice: HazardNotice) -> None:
    for line in act.session.scalars(select(HazardNoticeLine).where(HazardNoticeLine.notice_id == notice.id)):
        hazard = existing(act.session, Hazard, line.hazard_id)
        line.content = {**line.content, "level": hazard.level, "basis_clause": hazard.basis_clause}


@operation("送达隐患告知书", inputs=("visit_id",))
def serve_hazard_notice(act: Act, inputs: Inputs) -> Outputs:
    """Keep how the notice was served: signed for, or refused before a witness (第十八条, D16)."""
    answers = Answers(inputs)
    visit = existing(act.session, Visit, inputs["visit_id"])
    for notice in notices_of(act, visit):
        if notice.state != "issued":
            continue
        notice.state, notice.delivery = "served", answers.text("delivery")
        notice.served_at = answers.moment("served_at")
        notice.received_by, notice.received_at = answers.text("received_by"), answers.moment("served_at")
        notice.refused_to_sign, notice.witness = answers.tick("refused_to_sign"), answers.text("witness")
        notice.signature = answers.many("signature")
        notice.proof = answers.many("delivery_proof") + answers.many("refusal_proof")
        who = f"{notice.received_by}签收" if notice.received_by else f"拒签，{notice.witness}见证"
        act.say("notice.served", f"《事故隐患告知书》{notice.number}送达，{who}", notice_id=notice.id)
    for hazard in hazards_of(act, visit):
        hazard.notified_on = act.today
    return {}


@operation("开隐患闭环单", inputs=("visit_id",), outputs=("opened",))
def open_hazard_cases(act: Act, inputs: Inputs) -> Outputs:
    """Open a case for each hazard that has none yet."""
    visit = existing(act.session, Visit, inputs["visit_id"])
    policy = existing(act.session, Policy, visit.policy_id)
    opened = 0
    for hazard in hazards_of(act, visit):
        if hazard.state != "draft":
            continue
        move(hazard, State.NOTIFIED)
        act.open_case(_opening(act, hazard, visit, policy))
        opened += 1
    return {"opened": opened}


def _opening(act: Act, hazard: Hazard, visit: Visit, policy: Policy) -> Opening:
    return Opening(
        process="hazard_closure",
        business_key=str(hazard.id),
        number=hazard.number,
        title=f"{unit_name(act.session, hazard)} 隐患：{hazard.place}",
        variables={
            "hazard_id": str(hazard.id),
            "visit_id": str(visit.id),
            "policy_id": str(policy.id),
            "place": hazard.place,
            "level": hazard.level,
            "fixed_on_spot": hazard.fixed_on_spot,
            "rectification_due": hazard.deadline,
            "rectification_provisional": False,
            "policy_end": policy.term_end,
            "lead_id": str(visit.lead_id) if visit.lead_id else None,
        },
        subject=owners_of(visit, policy_id=policy.id, visit_id=visit.id, hazard_id=hazard.id),
    )
