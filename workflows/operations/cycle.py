"""A unit's service cycle: when its visits are, what holds or ends them (第十二至十四条)."""

from datetime import date
from operator import attrgetter

from sqlalchemy import func, select

from rules.hazards import Level, outlives_surrender
from rules.visit_counting import after_surrender
from rules.visit_planning import plan_visits
from store.numbers import take_number
from store.tables import PlannedVisit, Policy, Policyholder, ServiceScheme, Visit
from workflows.acts import Act, Opening
from workflows.catalogue import Inputs, Outputs, operation
from workflows.operations.answers import Answers
from workflows.operations.hazards import open_hazards
from workflows.operations.quota import FALLEN_THROUGH, OVER, PROGRESS, progress
from workflows.operations.refusals import open_refusals
from workflows.subjects import existing, owners_of, unit_name


@operation("排各次服务", inputs=("policy_id", "required"), outputs=("planned_count", *PROGRESS))
def schedule_visits(act: Act, inputs: Inputs) -> Outputs:
    """Plan the owed visits that are neither done nor planned, evenly over the rest of the term (第十四条)."""
    policy = existing(act.session, Policy, inputs["policy_id"])
    scheme = act.session.scalar(
        select(ServiceScheme)
        .where(ServiceScheme.policy_id == policy.id)
        .order_by(ServiceScheme.version.desc())
        .limit(1)
    )
    wanted = max(int(str(inputs["required"])), (scheme.frequency or 0) if scheme is not None else 0)
    _drop_fallen_through(act, policy)
    missing = wanted - sum(p.state != "cancelled" for p in planned_visits(act, policy))
    first = max(policy.term_start, act.today)
    for day in plan_visits(first, policy.term_end, max(0, missing), act.calendar):
        _plan(act, policy, scheme, day)
    if missing > 0:
        act.say("visits.planned", f"排了 {missing} 次服务", count=missing)
    return {"planned_count": max(0, missing), **progress(act, policy)}


def planned_visits(act: Act, policy: Policy) -> list[PlannedVisit]:
    """Return the policy's planned visits in order."""
    query = select(PlannedVisit).where(PlannedVisit.policy_id == policy.id)
    return list(act.session.scalars(query.order_by(PlannedVisit.sequence)))


def _plan(
    act: Act, policy: Policy, scheme: ServiceScheme | None, day: date, reason: str = ""
) -> PlannedVisit:
    """Plan one more visit; its number follows the highest one, cancelled or not."""
    highest = act.session.scalar(
        select(func.max(PlannedVisit.sequence)).where(PlannedVisit.policy_id == policy.id)
    )
    planned = PlannedVisit(
        policy_id=policy.id,
        scheme_id=scheme.id if scheme is not None else None,
        sequence=(highest or 0) + 1,
        planned_on=day,
        first_planned_on=day,
        state="planned",
        reason=reason,
        **act.owners(),
    )
    act.session.add(planned)
    act.session.flush()
    return planned


@operation("记录补欠次安排", inputs=("policy_id",))
def record_catch_up(act: Act, inputs: Inputs) -> Outputs:
    """Plan the visits that make up what is short, on the days that were chosen."""
    answers = Answers(inputs)
    policy = existing(act.session, Policy, inputs["policy_id"])
    for row in answers.rows("dates"):
        _plan(act, policy, None, row.day("planned_on") or act.today)
    act.say("visits.planned", f"补排 {len(answers.rows('dates'))} 次服务：{answers.text('reason')}")
    return {}


@operation("开服务单", inputs=("policy_id", "sequence", "reason"), outputs=("visit_id",))
def open_visit_case(act: Act, inputs: Inputs) -> Outputs:
    """Open the case of the planned visit whose day comes first; the cycle does not wait for it."""
    policy = existing(act.session, Policy, inputs["policy_id"])
    planned = [p for p in planned_visits(act, policy) if p.state == "planned"]
    if not planned:
        return {"visit_id": None}
    visit = _begin_visit(act, policy, min(planned, key=attrgetter("planned_on", "sequence")))
    act.say("visit.opened", f"开第 {visit.sequence} 次服务单 {visit.number}", visit_id=visit.id)
    return {"visit_id": str(visit.id)}


def _begin_visit(act: Act, policy: Policy, planned: PlannedVisit, reason: str = "") -> Visit:
    """Make the visit of a planned one and let its case open with this command; one by hand has a reason."""
    visit = Visit(
        number=take_number(act.session, policy.org_id, "FW", act.today.year),
        policy_id=policy.id,
        scheme_id=planned.scheme_id,
        sequence=planned.sequence,
        source="extra" if reason else "plan",
        reason=reason,
        state="planned",
        planned_on=planned.planned_on,
        responsible_org_id=policy.org_id,
        **act.owners(),
    )
    act.session.add(visit)
    act.session.flush()
    planned.state, planned.visit_id = "opened", visit.id
    act.open_case(visit_opening(act, policy, visit))
    return visit


def begin_extra_visit(act: Act, policy: Policy, scheme: ServiceScheme, day: date, reason: str) -> Visit:
    """Open a visit beside the plan, by hand and with its reason (加单)."""
    visit = _begin_visit(act, policy, _plan(act, policy, scheme, day, reason), reason)
    act.say("visit.opened", f"加开第 {visit.sequence} 次服务单 {visit.number}：{reason}", visit_id=visit.id)
    return visit


def visit_opening(act: Act, policy: Policy, visit: Visit) -> Opening:
    """Return the opening of a visit's case."""
    return Opening(
        process="service_visit",
        business_key=str(visit.id),
        number=visit.number,
        title=f"{unit_name(act.session, policy)} 第 {visit.sequence} 次服务",
        variables={
            "visit_id": str(visit.id),
            "policy_id": str(policy.id),
            "sequence": visit.sequence,
            "planned_on": visit.planned_on,
            "policy_end": policy.term_end,
            "permission_granted": False,
        },
        subject=owners_of(policy, policy_id=policy.id, visit_id=visit.id),
    )


def open_visits(act: Act, policy: Policy) -> list[Visit]:
    """Return the policy's visits that are not over."""
    query = select(Visit).where(Visit.policy_id == policy.id, Visit.state.not_in(OVER))
    return list(act.session.scalars(query.order_by(Visit.sequence)))


@operation("暂停上门", inputs=("policy_id", "scope"), outputs=("held", "willingness", *PROGRESS))
def hold_visits(act: Act, inputs: Inputs) -> Outputs:
    """Stop planning visits for a unit that refuses all of them, and tell its open visits (第十三条)."""
    policy = existing(act.session, Policy, inputs["policy_id"])
    held = 0
    if inputs.get("scope") == "all":
        held = _cancel_planned(act, policy, "service_refused")
        for visit in open_visits(act, policy):
            act.send("service_refused", "service_visit", visit.id)
    else:
        _replan_cancelled(act, policy)
    unit = existing(act.session, Policyholder, policy.policyholder_id)
    return {"held": held, "willingness": unit.willingness, **progress(act, policy)}


def _replan_cancelled(act: Act, policy: Policy) -> None:
    """Plan a refused visit once more: refusing one visit is not refusing the service."""
    for _ in range(_drop_fallen_through(act, policy)):
        (day,) = plan_visits(act.today, policy.term_end, 1, act.calendar)
        _plan(act, policy, None, day)


def _drop_fallen_through(act: Act, policy: Policy) -> int:
    """Cancel the plans whose visit was cancelled or turned away; return how many: they are owed again (D18)."""
    query = select(PlannedVisit).join(Visit, Visit.id == PlannedVisit.visit_id)
    fallen = act.session.scalars(
        query.where(
            PlannedVisit.policy_id == policy.id,
            PlannedVisit.state == "opened",
            Visit.state.in_(FALLEN_THROUGH),
        )
    ).all()
    for planned in fallen:
        planned.state = "cancelled"
    act.session.flush()
    return len(fallen)


def _cancel_planned(act: Act, policy: Policy, reason: str) -> int:
    count = 0
    for planned in planned_visits(act, policy):
        if planned.state == "planned":
            planned.state, planned.reason = "cancelled", reason
            count += 1
    act.session.flush()
    return count


@operation("退保收尾", inputs=("policy_id",), outputs=("cancelled", *PROGRESS))
def end_cycle_by_surrender(act: Act, inputs: Inputs) -> Outputs:
    """Cancel what was not begun; what was done is called back and archived all the same (D6).

    General hazards are left as they stand, major ones are followed to their end.
    """
    policy = existing(act.session, Policy, inputs["policy_id"])
    days = [p.planned_on for p in planned_visits(act, policy) if p.state == "planned"]
    ended = after_surrender(policy.term_end, policy.surrender_effective or act.today, days)
    _cancel_planned(act, policy, "policy_surrendered")
    for visit in open_visits(act, policy):
        act.send("policy_surrendered", "service_visit", visit.id)
    for refusal_id in open_refusals(act, policy):
        act.send("policy_surrendered", "service_refusal", refusal_id)
    for hazard in open_hazards(act, policy):
        if not outlives_surrender(Level(hazard.level)):
            act.send("policy_surrendered", "hazard_closure", hazard.id)
    act.say("policy.surrendered", f"退保，最后有效日 {ended.effective_end}，取消未开始的 {len(days)} 次服务")
    return {"cancelled": len(ended.cancelled), **progress(act, policy)}


@operation("提醒", inputs=("role", "text"))
def notify(act: Act, inputs: Inputs) -> Outputs:
    """Put a line behind the bell of those who hold the role in the case's provider."""
    act.notify(str(inputs["text"]), role=str(inputs["role"]))
    return {}
