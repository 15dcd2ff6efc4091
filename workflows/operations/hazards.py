"""The hazards of a visit: the alert of a major one, a case for each (第十八条)."""

from datetime import datetime

from sqlalchemy import select

from rules.hazards import State, is_open
from store.tables import Hazard, Policy, Visit
from workflows.acts import Act, Opening
from workflows.catalogue import Inputs, Outputs, operation
from workflows.operations.hazard_states import move
from workflows.subjects import existing, owners_of, unit_name


def hazards_of(act: Act, visit: Visit) -> list[Hazard]:
    """Return the hazards of a visit in the order of the record."""
    return list(
        act.session.scalars(
            select(Hazard).where(Hazard.visit_id == visit.id).order_by(Hazard.position, Hazard.id)
        )
    )


def open_hazards(act: Act, policy: Policy) -> list[Hazard]:
    """Return the hazards of a policy's visits that wait for their closing."""
    query = select(Hazard).join(Visit, Visit.id == Hazard.visit_id).where(Visit.policy_id == policy.id)
    return [
        hazard for hazard in act.session.scalars(query.order_by(Hazard.id)) if is_open(State(hazard.state))
    ]


@operation("告知重大隐患", inputs=("hazard_id", "visit_id"), outputs=("alerted_at",))
def alert_major_hazard(act: Act, inputs: Inputs) -> Outputs:
    """Tell the unit's head, the insurer and the coordinator of a major hazard, once."""
    if inputs.get("hazard_id"):
        return {"alerted_at": alert_of(act, existing(act.session, Hazard, inputs["hazard_id"]))}
    _alert(act, "现场")
    return {"alerted_at": act.now}


def alert_of(act: Act, hazard: Hazard) -> datetime:
    """Alert of a major hazard of which nobody was alerted yet; return when that was."""
    if hazard.alerted_at is None:
        _alert(act, hazard.place)
        hazard.alerted_at = act.now
    return hazard.alerted_at


def _alert(act: Act, place: str) -> None:
    for role in ("policyholder", "insurer", "coordinator"):
        act.notify(f"发现重大事故隐患：{act.case.title}，{place}", role=role, kind="major_hazard")
    act.say("hazard.alerted", "重大隐患已告知主要负责人、保险机构和协调员")


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
