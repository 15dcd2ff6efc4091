"""The scheme agreed with a unit (第十七条)."""

from sqlalchemy import select

from rules.vocabulary import label
from store.quota import required_in_all
from store.tables import Document, InsurerProfile, PlannedVisit, QuotaSnapshot, ServiceScheme
from workflows.acts import Act
from workflows.papers.common import Content, policy_of
from workflows.reading import found
from workflows.subjects import existing

_TIERS = {"premium": "第一档", "industry": "第二档", "history": "第三档"}


def service_scheme(act: Act, document: Document) -> Content:
    """Return the scheme's elements, with the tiers that explain its frequency (第十四、十七条)."""
    scheme = existing(act.session, ServiceScheme, document.subject_id)
    scheme.document_id, scheme.number, scheme.sent_at = document.id, document.number, act.now
    snapshot = found(act, QuotaSnapshot, scheme.quota_snapshot_id)
    insurer = found(act, InsurerProfile, act.case.insurer_id)
    planned = act.session.scalars(
        select(PlannedVisit.planned_on)
        .where(PlannedVisit.policy_id == scheme.policy_id, PlannedVisit.state != "cancelled")
        .order_by(PlannedVisit.planned_on)
    )
    return {
        "policy": policy_of(act),
        "version": scheme.version,
        "needs": scheme.needs or "",
        "risk_state": scheme.risk_state or "",
        "required": required_in_all(snapshot) if snapshot is not None else scheme.frequency,
        "frequency": scheme.frequency,
        "tiers": _tiers(snapshot),
        "items": [
            {"name": label("service_item", str(item)), "measures": scheme.measures or ""}
            for item in scheme.items
        ],
        "time_limit": scheme.time_limit or "",
        "expected_effect": scheme.expected_effect or "",
        "team": [{"name": scheme.org_experts or ""}],
        "guarantee": scheme.guarantee or "",
        "complaint": {
            "phone": (insurer.complaint_phone or "") if insurer is not None else "",
            "procedure": (insurer.complaint_procedure or "") if insurer is not None else "",
            "mediation": scheme.complaint_arbitration or "",
        },
        "key_periods": [
            {"period": str(row.get("name") or ""), "stage": str(row.get("measures") or "")}
            for row in scheme.key_periods
            if isinstance(row, dict)
        ],
        "planned_dates": list(planned),
        "baseline": scheme.baseline_target or "",
        "signatures": [{"party": "投保单位", "seal": True}, {"party": "第三方服务机构", "seal": True}],
    }


def _tiers(snapshot: QuotaSnapshot | None) -> list[Content]:
    if snapshot is None:
        return []
    found_reasons = [r for r in snapshot.reasons if isinstance(r, dict)]
    tiers = []
    for code, title in _TIERS.items():
        mine = [reason for reason in found_reasons if reason.get("tier") == code]
        visits = max((int(str(reason["visits"])) for reason in mine), default=0)
        tiers.append(
            {
                "title": title,
                "visits": visits,
                "reason": "；".join(str(reason.get("text")) for reason in mine) or "没有触发",
                "decisive": False,
            }
        )
    best = max(tiers, key=lambda tier: int(str(tier["visits"])))
    best["decisive"] = True
    return tiers
