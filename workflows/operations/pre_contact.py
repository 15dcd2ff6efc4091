"""Agreeing a visit with the unit before anybody goes there (第十八条)."""

from datetime import date, timedelta

from sqlalchemy import select

from rules.entry import entry_gate
from store.tables import EntryCheck, PreContact, Visit
from workflows.acts import Act
from workflows.catalogue import Inputs, Outputs, operation
from workflows.errors import AnswersRefusedError
from workflows.operations.answers import Answers
from workflows.operations.dispatch import findings, sentence_of
from workflows.records import latest_pre_contact, team_of
from workflows.runtime import legal_day
from workflows.subjects import existing

MISSING = {
    "service_time": "服务时间",
    "content": "服务内容",
    "technical_measures": "具体技术措施",
    "permission": "投保单位允许进场",
}


def missing_for_entry(act: Act, visit: Visit) -> tuple[str, ...]:
    """Return what is still missing before anybody may enter the site (第十八条)."""
    contact = latest_pre_contact(act, visit)
    if contact is None:
        return entry_gate({}).missing
    agreed = {
        "service_time": contact.service_start,
        "content": contact.content,
        "technical_measures": contact.technical_measures,
        "permission": contact.permission_granted,
    }
    return entry_gate(agreed, permission_withdrawn=contact.permission_revoked_at is not None).missing


@operation("核对能否进场", inputs=("visit_id",), outputs=("can_start_onsite", "missing"))
def check_permission(act: Act, inputs: Inputs) -> Outputs:
    """Say whether the four things are there without which nobody enters."""
    missing = missing_for_entry(act, existing(act.session, Visit, inputs["visit_id"]))
    return {"can_start_onsite": not missing, "missing": list(missing)}


@operation("记录服务前沟通", inputs=("visit_id",), outputs=("planned_on",))
def record_pre_contact(act: Act, inputs: Inputs) -> Outputs:
    """Keep what was agreed: time, content, technical measures, protection."""
    answers = Answers(inputs)
    visit = existing(act.session, Visit, inputs["visit_id"])
    before = latest_pre_contact(act, visit)
    contact = PreContact(
        visit_id=visit.id,
        round=1 if before is None else before.round + 1,
        contacted_at=answers.moment("contacted_at") or act.now,
        method=answers.text("method"),
        contact=answers.text("contact"),
        service_start=answers.moment("service_from"),
        service_end=answers.moment("service_until"),
        content=answers.text("content"),
        technical_measures=answers.text("technical_measures"),
        protective_measures=answers.text("protective_measures"),
        site_rules=answers.text("site_rules"),
        visitors=[dict(row.plain()) for row in answers.rows("visitors")],
        reschedules=list(before.reschedules) if before is not None else [],
        **act.owners(),
    )
    act.session.add(contact)
    if contact.service_start is not None:
        _move(act, visit, legal_day(contact.service_start))
    return {"planned_on": visit.planned_on}


def _move(act: Act, visit: Visit, day: date) -> None:
    """Plan the visit for the agreed day, on which those who are sent may still be sent (第十条)."""
    if barred := findings(act, visit, team_of(act, visit), day, visit.agency_id).blocks:
        raise AnswersRefusedError({"service_from": f"这一天不能去，请另约一天：{sentence_of(barred)}"})
    visit.planned_on = day


@operation("记录允许进场", inputs=("visit_id",), outputs=("visit_due",))
def record_permission(act: Act, inputs: Inputs) -> Outputs:
    """Keep what the unit answers, and who allows whom to enter, when and how (第十八条)."""
    answers = Answers(inputs)
    visit = existing(act.session, Visit, inputs["visit_id"])
    contact = latest_pre_contact(act, visit)
    if contact is None:
        raise AnswersRefusedError({"answer": "还没有约定服务时间和内容，请联系协调员"})
    contact.answer, contact.answered_at, contact.answered_by = (
        answers.text("answer"),
        act.now,
        act.actor.person_id,
    )
    contact.confirm_time, contact.confirm_content = (
        answers.tick("confirm_time"),
        answers.tick("confirm_content"),
    )
    contact.confirm_measures = answers.tick("confirm_measures")
    contact.permission_granted = answers.tick("permission_granted")
    contact.grantor, contact.grantor_title = answers.text("grantor_name"), answers.text("grantor_title")
    contact.grant_method = answers.text("grant_method")
    contact.grant_proof = [
        *answers.many("grant_signature"),
        *answers.many("grant_proof"),
        *answers.many("signed_scan"),
    ]
    contact.new_time, contact.refuse_reason = answers.moment("new_time"), answers.text("refuse_reason")
    contact.site_contact = answers.text("site_contact")
    contact.site_rules = answers.text("site_rules") or contact.site_rules
    if contact.answer == "reschedule":
        _count_reschedule(contact, act, "投保单位改期")
    if contact.permission_granted:
        visit.state = "confirmed"
        act.say("visit.permitted", f"{contact.grantor}（{contact.grantor_title}）允许进场")
    return {"visit_due": visit.planned_on}


def _count_reschedule(contact: PreContact, act: Act, reason: str) -> None:
    entry = {"at": act.now.isoformat(), "reason": reason, "by": act.actor.name}
    contact.reschedules = [*contact.reschedules, entry]


@operation("记录改期", inputs=("visit_id",))
def record_reschedule(act: Act, inputs: Inputs) -> Outputs:
    """Take back the permission for the old time; the visit is agreed anew (counts towards cooperation)."""
    answers = Answers(inputs)
    visit = existing(act.session, Visit, inputs["visit_id"])
    contact = latest_pre_contact(act, visit)
    if contact is not None:
        contact.permission_granted = False
        contact.new_time = answers.moment("new_time")
        _count_reschedule(contact, act, answers.text("reason"))
    act.say("visit.rescheduled", f"要求改期：{answers.text('reason')}")
    return {}


@operation("撤回允许", inputs=("visit_id",))
def revoke_permission(act: Act, inputs: Inputs) -> Outputs:
    """Withdraw the permission to enter: work stops at once (第十八条)."""
    answers = Answers(inputs)
    visit = existing(act.session, Visit, inputs["visit_id"])
    contact = latest_pre_contact(act, visit)
    if contact is not None:
        contact.permission_granted, contact.permission_revoked_at = False, act.now
    act.say("visit.permission_revoked", f"投保单位撤回进场允许：{answers.text('reason')}")
    return {}


@operation("记录签到", inputs=("visit_id",), outputs=("entry_admitted",))
def check_in_visit(act: Act, inputs: Inputs) -> Outputs:
    """Keep the arrival; nobody is checked in without the unit's permission (第十八条)."""
    answers = Answers(inputs)
    visit = existing(act.session, Visit, inputs["visit_id"])
    missing = missing_for_entry(act, visit)
    admitted = answers.tick("entry_admitted")
    if admitted and missing:
        raise AnswersRefusedError(
            {
                "entry_admitted": "还缺："
                + "、".join(MISSING[name] for name in missing)
                + "，不能进场（第十八条）"
            }
        )
    arrived_at = answers.moment("arrived_at") or act.now
    position = answers.plain().get("position")
    act.session.add(
        EntryCheck(
            visit_id=visit.id,
            arrived_at=act.now,
            device_time=arrived_at,
            position=plain_position(position),
            no_position_reason=answers.text("no_position_reason"),
            gate_photo=list(answers.many("gate_photo")),
            entry_admitted=admitted,
            escort=answers.text("escort_name"),
            escort_title=answers.text("escort_title"),
            briefing=answers.tick("briefing"),
            ppe=answers.tick("ppe"),
            **act.owners(),
        )
    )
    visit.arrived_at = arrived_at if abs(arrived_at - act.now) < timedelta(days=1) else act.now
    visit.position, visit.escort = plain_position(position), answers.text("escort_name")
    if admitted:
        visit.state = "in_progress"
        act.say("visit.checked_in", f"{act.actor.name}进场签到", position=visit.position)
    return {"entry_admitted": admitted}


def plain_position(position: object) -> dict[str, object]:
    """Return a position as JSON: latitude, longitude (degrees, WGS84) and accuracy (metres) as text."""
    if not isinstance(position, dict):
        return {}
    return {
        key: str(position[key])
        for key in ("latitude", "longitude", "accuracy")
        if position.get(key) is not None
    }


@operation("记录拒入场", inputs=("visit_id",))
def record_entry_refusal(act: Act, inputs: Inputs) -> Outputs:
    """Keep who refused entry, why, and the proof; the visit does not count (D18)."""
    answers = Answers(inputs)
    visit = existing(act.session, Visit, inputs["visit_id"])
    check = act.session.scalar(
        select(EntryCheck).where(EntryCheck.visit_id == visit.id).order_by(EntryCheck.id.desc()).limit(1)
    )
    if check is None:
        check = EntryCheck(visit_id=visit.id, arrived_at=act.now, entry_admitted=False, **act.owners())
        act.session.add(check)
    check.entry_admitted = False
    check.refused_by, check.reason = answers.text("refused_by"), answers.text("reason")
    check.refused_at, check.proof = answers.moment("refused_at"), list(answers.many("proof"))
    act.say("visit.turned_away", f"{check.refused_by}不允许进场：{check.reason}")
    return {}


@operation("取消服务", inputs=("visit_id", "reason"), outputs=("state",))
def cancel_visit(act: Act, inputs: Inputs) -> Outputs:
    """Cancel the visit; a refused entry keeps its own state: a written notice follows (D18)."""
    visit = existing(act.session, Visit, inputs["visit_id"])
    reason = str(inputs["reason"])
    visit.state = "entry_refused" if reason == "entry_refused" else "cancelled"
    visit.cancelled_at, visit.cancel_reason = act.now, reason
    act.say("visit.cancelled", "这次服务取消", reason=reason)
    return {"state": visit.state}
