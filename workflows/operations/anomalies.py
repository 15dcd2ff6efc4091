"""Flags on a visit for a reviewer; they never refuse anything by themselves (第十九条, domain §4.3)."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

from sqlalchemy import func, select

from store.tables import Anomaly, EntryCheck, EvidenceFile, Visit, VisitMember
from workflows.acts import Act
from workflows.catalogue import Inputs, Outputs, operation
from workflows.operations.answers import Answers
from workflows.subjects import existing

SHORT_STAY = timedelta(minutes=30)
CLOCK_SKEW = timedelta(minutes=5)


@operation("查异常", inputs=("visit_id",), outputs=("anomaly_count",))
def scan_anomalies(act: Act, inputs: Inputs) -> Outputs:
    """Flag reused photos, missing positions, short stays, clocks that disagree, people in two places."""
    visit = existing(act.session, Visit, inputs["visit_id"])
    found = list(_flags(act, visit))
    for code, detail in found:
        act.session.add(
            Anomaly(
                visit_id=visit.id,
                code=code,
                detail=detail,
                found_at=act.now,
                person_id=visit.lead_id,
                **act.owners(),
            )
        )
    if found:
        act.say("anomalies.found", f"标出 {len(found)} 处异常，等负责人核", codes=[code for code, _ in found])
    return {"anomaly_count": len(found)}


def _flags(act: Act, visit: Visit) -> Iterator[tuple[str, dict[str, object]]]:
    arrival = act.session.scalar(
        select(EntryCheck).where(EntryCheck.visit_id == visit.id).order_by(EntryCheck.id.desc()).limit(1)
    )
    if not visit.position:
        yield "no_position", {"reason": arrival.no_position_reason if arrival else ""}
    if visit.arrived_at and visit.left_at and visit.left_at - visit.arrived_at < SHORT_STAY:
        yield "short_stay", {"minutes": int((visit.left_at - visit.arrived_at).total_seconds() // 60)}
    if (
        arrival is not None
        and arrival.device_time
        and abs(arrival.arrived_at - arrival.device_time) > CLOCK_SKEW
    ):
        yield (
            "clock_skew",
            {"device": arrival.device_time.isoformat(), "server": arrival.arrived_at.isoformat()},
        )
    yield from _reused_photos(act, visit)
    yield from _two_places(act, visit)


def _reused_photos(act: Act, visit: Visit) -> Iterator[tuple[str, dict[str, object]]]:
    ids = [UUID(str(photo)) for photo in visit.photos]
    mine = list(act.session.scalars(select(EvidenceFile).where(EvidenceFile.id.in_(ids)))) if ids else []
    for photo in mine:
        other = act.session.scalar(
            select(EvidenceFile.id)
            .where(
                EvidenceFile.sha256 == photo.sha256,
                EvidenceFile.visit_id.is_not(None),
                EvidenceFile.visit_id != visit.id,
            )
            .limit(1)
        )
        if other is not None:
            yield "photo_reused", {"photo": str(photo.id), "same_as": str(other)}


def _two_places(act: Act, visit: Visit) -> Iterator[tuple[str, dict[str, object]]]:
    if visit.arrived_at is None or visit.left_at is None or visit.lead_id is None:
        return
    other = act.session.scalar(
        select(Visit)
        .join(VisitMember, VisitMember.visit_id == Visit.id)
        .where(
            VisitMember.person_id == visit.lead_id,
            VisitMember.removed_at.is_(None),
            Visit.id != visit.id,
            Visit.arrived_at < visit.left_at,
            Visit.left_at > visit.arrived_at,
        )
        .limit(1)
    )
    if other is not None:
        yield "two_places", {"visit": other.number}


@operation("核异常", inputs=("visit_id",), outputs=("open_count", "decision"))
def review_anomalies(act: Act, inputs: Inputs) -> Outputs:
    """Keep the reviewer's verdict on each flag; one rejected sends the record back for a correction."""
    answers = Answers(inputs)
    visit = existing(act.session, Visit, inputs["visit_id"])
    rejected = False
    for row in answers.rows("anomalies"):
        anomaly = existing(act.session, Anomaly, row.text("item"))
        anomaly.decision, anomaly.explanation = row.text("verdict"), row.text("note")
        anomaly.decided_by, anomaly.decided_at = act.actor.person_id, act.now
        rejected = rejected or anomaly.decision == "reject"
    act.session.flush()
    undecided = act.session.scalar(
        select(func.count()).where(Anomaly.visit_id == visit.id, Anomaly.decided_at.is_(None))
    )
    return {"open_count": undecided or 0, "decision": "reject" if rejected else "accept"}
