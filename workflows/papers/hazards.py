"""Papers about hazards: notice, rectification and recheck, decline (第十八、十九条)."""

from uuid import UUID

from sqlalchemy import select

from documents.papers import PAPERS
from rules.vocabulary import label
from store.tables import (
    Chase,
    Document,
    EvidenceFile,
    Extension,
    Hazard,
    HazardNotice,
    HazardNoticeLine,
    Organization,
    Recheck,
    Rectification,
    Visit,
)
from workflows.acts import Act
from workflows.papers.common import Content, days_of, name_of, pictures, policy_of, team_of
from workflows.reading import found, local
from workflows.subjects import existing

TREATMENT = {
    "current_state": "现状及产生原因",
    "harm_analysis": "危害程度与整改难易",
    "treatment_goal": "目标和任务",
    "treatment_methods": "方法和措施",
    "treatment_resources": "经费和物资",
    "treatment_organization": "机构、人员和责任",
    "treatment_schedule": "时限和要求",
    "treatment_safety": "安全措施和应急预案",
}


def _line(hazard: Hazard, *, photos: bool) -> Content:
    return {
        "number": hazard.number,
        "place": hazard.place,
        "description": hazard.description,
        "level": label("hazard_level", hazard.level),
        "is_major": hazard.level == "major",
        "hazard_class": label("hazard_class", hazard.hazard_class),
        "suggestion": hazard.suggestion or "",
        "deadline": hazard.deadline,
        "basis": hazard.basis_clause or "",
        "cause": label("cause", hazard.cause),
        "accident_kind": label("accident_kind", hazard.accident_kind) if hazard.accident_kind else "",
        "stop_work_advice": str(hazard.five_commitments.get("interim_measures") or ""),
        "fixed_on_spot": hazard.fixed_on_spot,
        "photos": pictures(hazard.photos_before) if photos else [],
    }


def hazard_notice(act: Act, document: Document) -> Content:
    """Return the notice with each hazard as the unit is told of it (第十八条)."""
    notice = existing(act.session, HazardNotice, document.subject_id)
    visit = existing(act.session, Visit, notice.visit_id)
    provider = found(act, Organization, visit.responsible_org_id)
    hazards = act.session.scalars(
        select(Hazard)
        .join(HazardNoticeLine, HazardNoticeLine.hazard_id == Hazard.id)
        .where(HazardNoticeLine.notice_id == notice.id)
        .order_by(HazardNoticeLine.position)
    )
    before = found(act, HazardNotice, notice.supersedes_id)
    return {
        "visit_number": visit.number,
        "inspected": days_of(act, visit),
        "inspectors": team_of(act, visit),
        "hazards": [_line(hazard, photos=True) for hazard in hazards],
        "feedback_phone": (provider.phone or "") if provider is not None else "",
        "replaces": before.number if before is not None else "",
        "signatures": [
            {
                "party": "第三方服务机构",
                "seal": True,
                "name": name_of(act, notice.signed_by),
                "signed_at": local(notice.signed_at),
            },
            {"party": "投保单位签收"},
        ],
    }


def delivery_receipt(act: Act, document: Document) -> Content:
    """Return how a notice was served, by whom, and who signed for it or saw it refused (第十八条)."""
    notice = existing(act.session, HazardNotice, document.subject_id)
    levels = act.session.scalars(
        select(Hazard.level)
        .join(HazardNoticeLine, HazardNoticeLine.hazard_id == Hazard.id)
        .where(HazardNoticeLine.notice_id == notice.id)
    ).all()
    proof = act.session.scalars(
        select(EvidenceFile.name)
        .where(EvidenceFile.id.in_([UUID(str(file_id)) for file_id in notice.proof]))
        .order_by(EvidenceFile.id)
    )
    served_by, served_at = name_of(act, act.actor.person_id), local(act.now.replace(microsecond=0))
    receiver: Content = {
        "party": "投保单位签收",
        "name": notice.received_by,
        "image": next((f"file:{file_id}" for file_id in notice.signature), None),
        "refused": notice.refused_to_sign,
        "witness": notice.witness,
        "signed_at": local(notice.received_at),
    }
    return {
        "served_title": PAPERS["hazard_notice"].title,
        "served_number": notice.number,
        "hazards": len(levels),
        "majors": sum(level == "major" for level in levels),
        "method": label("notice_delivery", notice.delivery) if notice.delivery else "",
        "served_at": local(notice.served_at),
        "served_by": served_by,
        "received_by": notice.received_by,
        "refused": notice.refused_to_sign,
        "witness": notice.witness,
        "proof": list(proof),
        "signatures": [receiver, {"party": "送达人", "name": served_by, "signed_at": served_at}],
    }


def rectification_sheet(act: Act, document: Document) -> Content:
    """Return plan, rounds and rechecks of a hazard."""
    hazard = existing(act.session, Hazard, document.subject_id)
    rounds = list(
        act.session.scalars(
            select(Rectification).where(Rectification.hazard_id == hazard.id).order_by(Rectification.round)
        )
    )
    rechecks = list(
        act.session.scalars(select(Recheck).where(Recheck.hazard_id == hazard.id).order_by(Recheck.round))
    )
    done = [entry for entry in rounds if entry.finished_on is not None]
    plan = next((entry for entry in reversed(rounds) if entry.responsible), None)
    return {
        "notice_number": _notice_number(act, hazard),
        "hazard": _line(hazard, photos=True),
        "original_deadline": hazard.original_deadline,
        "plan": _plan(hazard, plan),
        "rounds": [_round(act, i, entry, rechecks) for i, entry in enumerate(done, 1)],
        "treatment": [
            {"name": word, "value": str(plan.major_plan[key])}
            for key, word in TREATMENT.items()
            if plan is not None and plan.major_plan.get(key)
        ],
        "extensions": _extensions(act, hazard),
        "state": label("hazard_state", hazard.state),
    }


def _plan(hazard: Hazard, plan: Rectification | None) -> Content:
    if plan is None:
        return {"responsible": "", "measures": hazard.suggestion or "", "finish_by": hazard.deadline}
    return {
        "responsible": plan.responsible or "",
        "measures": plan.measures or "",
        "finish_by": plan.finish_by or hazard.deadline,
        "funds": f"{plan.funds:.2f}" if plan.funds is not None else None,
        "contingency_plan": plan.contingency_plan or "",
    }


def _round(act: Act, number: int, entry: Rectification, rechecks: list[Recheck]) -> Content:
    recheck = next((row for row in rechecks if row.rectification_id == entry.id), None)
    body: Content = {
        "number": number,
        "measures_done": entry.measures_done or "",
        "finished_on": entry.finished_on,
        "submitted_by": name_of(act, entry.submitted_by),
        "cost": f"{entry.cost:.2f}" if entry.cost is not None else None,
        "photos": pictures(entry.photos),
    }
    if recheck is not None:
        body |= {
            "checker": name_of(act, recheck.checker_id),
            "method": label("recheck_method", recheck.method),
            "checked_at": local(recheck.checked_at),
            "passed": recheck.result == "passed",
            "opinion": recheck.opinion,
            "new_deadline": recheck.new_deadline,
        }
    return body


def _extensions(act: Act, hazard: Hazard) -> list[Content]:
    granted = act.session.scalars(
        select(Extension)
        .where(Extension.hazard_id == hazard.id, Extension.decision == "approve")
        .order_by(Extension.decided_at)
    )
    return [
        {
            "former": row.old_deadline,
            "deadline": row.new_deadline,
            "reason": row.reason or "",
            "approved_by": name_of(act, row.decided_by),
            "approved_at": local(row.decided_at),
        }
        for row in granted
    ]


def _notice_number(act: Act, hazard: Hazard) -> str:
    number = act.session.scalar(
        select(HazardNotice.number)
        .join(HazardNoticeLine, HazardNoticeLine.notice_id == HazardNotice.id)
        .where(HazardNoticeLine.hazard_id == hazard.id, HazardNotice.state != "void")
        .order_by(HazardNotice.issued_at.desc())
        .limit(1)
    )
    return number or ""


def decline_notice(act: Act, document: Document) -> Content:
    """Return what the insurer tells the industry's authority (第十九条)."""
    hazard = existing(act.session, Hazard, document.subject_id)
    chases = act.session.scalars(
        select(Chase).where(Chase.kind == "rectification", Chase.subject_id == hazard.id).order_by(Chase.at)
    )
    return {
        "policy": policy_of(act),
        "recipient": "属地行业主管部门",
        "hazards": [_line(hazard, photos=False)],
        "refusal_basis": label("rectification_refusal_basis", hazard.refusal_basis)
        if hazard.refusal_basis
        else "",
        "chases": [
            {
                "at": local(row.at),
                "channel": label("chase_channel", row.channel),
                "person": row.person or "",
                "content": row.content or "",
            }
            for row in chases
        ],
        "reason": hazard.decline_reason or "",
        "result": "下一保险年度不予承保",
        "decided_by": hazard.decline_approver or "",
        "decided_on": act.today,
        "channel": label("notice_channel", "written"),
        "signatures": [{"party": "保险机构", "seal": True}],
    }
