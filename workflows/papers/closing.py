"""Papers about a refusal and about the end of a term (第十三、十九条)."""

from rules.vocabulary import label
from store.tables import Complaint, Document, InsurerProfile, RateEvidence, RefusalNotice
from workflows.acts import Act
from workflows.papers.common import Content, name_of, policy_of
from workflows.reading import found
from workflows.renewals import UNRATED, Rating
from workflows.runtime import legal_day
from workflows.subjects import existing

FACTS = {
    "cooperation": {"reschedule_count": "改期次数", "entry_refusal_count": "拒绝进场次数"},
    "rectification": {"hazard_count": "发现隐患", "hazards_closed": "已闭环", "refused_count": "拒不整改"},
    "risk_control": {"major_count": "重大隐患"},
}


def refusal_notice(act: Act, document: Document) -> Content:
    """Return the insurer's letter to a unit that refuses the service (第十三条)."""
    notice = existing(act.session, RefusalNotice, document.subject_id)
    notice.document_id, notice.number = document.id, document.number
    insurer = found(act, InsurerProfile, act.case.insurer_id)
    return {
        "policy": policy_of(act),
        "refused_on": notice.refused_on,
        "refused_by": notice.refused_by or "",
        "manner": "口头或书面表示",
        "scope": label("refusal_scope", notice.extent) if notice.extent else "",
        "reason": notice.reason or "",
        "channel": label("notice_channel", notice.channel) if notice.channel else "",
        "address": notice.address or "",
        "contact_phone": (insurer.complaint_phone or "") if insurer is not None else "",
        "signatures": [{"party": "保险机构", "seal": True}],
    }


def complaint_reply(act: Act, document: Document) -> Content:
    """Return the insurer's written answer to a complaint (第二十二条, AQ 9010)."""
    complaint = existing(act.session, Complaint, document.subject_id)
    insurer = found(act, InsurerProfile, act.case.insurer_id)
    return {
        "policy": policy_of(act),
        "complaint_number": complaint.number,
        "complainant": complaint.complainant,
        "received_on": legal_day(complaint.received_at),
        "due": complaint.due,
        "request": complaint.restated,
        "findings": complaint.findings,
        "basis": complaint.basis,
        "measures": complaint.measures,
        "remedy": complaint.remedy,
        "contact_phone": (insurer.complaint_phone or "") if insurer is not None else "",
        "signatures": [{"party": "保险机构", "seal": True}],
    }


def rate_evidence(act: Act, document: Document) -> Content:
    """Return the facts for next year's rate under the three grounds of 第十九条; never a rate."""
    evidence = existing(act.session, RateEvidence, document.subject_id)
    evidence.document_id = document.id
    grounds = {
        ground: [{"name": word, "value": str(evidence.factors.get(key) or 0)} for key, word in named.items()]
        for ground, named in FACTS.items()
    }
    return {
        "policy": policy_of(act),
        "final": not evidence.preliminary,
        "required": evidence.required,
        "counted": evidence.counted,
        **grounds,
        "factors": _factors(evidence),
        "cooperation_score": evidence.cooperation,
        "rectification_note": evidence.rectification_note or "",
        "risk_control_note": evidence.risk_control_note or "",
        "reviewed_by": name_of(act, evidence.reviewed_by),
        "signatures": [{"party": "第三方服务机构", "seal": True}],
    }


def _factors(evidence: RateEvidence) -> list[str]:
    rating = Rating.kept_in(evidence.factors)
    return [] if rating.level == UNRATED else [f"评定表：{rating.words}"]
