"""The yearly plan: frozen basis, what is planned, the fund by insurer, agreement, filing (第十六、六、十五条)."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import Select, select

from rules.parameters import number
from rules.prevention_fund import judge_fund
from rules.reporting import annual_plan_gate
from rules.vocabulary import choices, label
from store.fund_rules import fund_choice_for
from store.fund_year import fund_years
from store.plan_basis import plan_basis
from store.tables import AnnualPlan, FundPlan, Organization
from workflows.acts import Act
from workflows.catalogue import Inputs, Outputs, operation
from workflows.errors import AnswersRefusedError
from workflows.operations.answers import Answers
from workflows.planned_year import WRITTEN, newest_plan, parts_of, versions_of
from workflows.subjects import existing
from workflows.values import json_object

RETURN = "return"
KEPT = ("insurers", "visits_owed", "trainings", *WRITTEN)
"""What a next version takes along from the one before it."""


@operation("修订年度计划", inputs=(), outputs=("period", "correction_reason"))
def begin_plan_revision(act: Act, inputs: Inputs) -> Outputs:
    """Begin another version of this year's plan, which must have been filed (第十六条)."""
    year = act.today.year
    before = newest_plan(act, year)
    if before is None or before.state != "filed":
        raise AnswersRefusedError({"reason": f"{year} 年还没有备案的年度计划，不用修订；在待办里编计划即可"})
    act.case.title = f"{act.case.title} {year} 年修订"
    return {"period": str(year), "correction_reason": Answers(inputs).text("reason")}


@operation("冻结年度计划依据", inputs=("period", "reason"), outputs=("plan_id", "version"))
def freeze_plan_basis(act: Act, inputs: Inputs) -> Outputs:
    """Freeze last year's premium, units by tier and the visits that they would be owed; begin a version of the plan."""
    year = int(str(inputs["period"])[:4])
    return _begin(act, year, str(inputs.get("reason") or ""), newest_plan(act, year))


@operation("另起一版年度计划", inputs=("plan_id", "reason"), outputs=("plan_id", "version"))
def correct_annual_plan(act: Act, inputs: Inputs) -> Outputs:
    """Begin the next version of a plan that came back, with the reason for which it did."""
    before = _plan(act, inputs)
    return _begin(act, before.year, str(inputs.get("reason") or ""), before)


def _begin(act: Act, year: int, reason: str, before: AnnualPlan | None) -> Outputs:
    plan = AnnualPlan(year=year, case_id=act.case.id, reason=reason, opinion=reason, org_id=act.case.org_id)
    plan.basis = dict(json_object(plan_basis(act.session, act.case.org_id, year)))
    if before is not None:
        plan.version = before.version + 1
        for name in KEPT:
            setattr(plan, name, getattr(before, name))
    act.session.add(plan)
    act.session.flush()
    basis = plan.basis
    act.say(
        "plan.frozen",
        f"冻结 {year} 年计划第 {plan.version} 版的依据：{basis['year']} 年保费 {basis['premium']} 元、"
        f"{basis['units']} 家单位、应服务 {basis['visits']} 次",
        plan_id=plan.id,
    )
    return {"plan_id": str(plan.id), "version": plan.version}


def _plan(act: Act, inputs: Inputs) -> AnnualPlan:
    return existing(act.session, AnnualPlan, inputs["plan_id"])


@operation("记年度计划", inputs=("plan_id",))
def record_annual_plan(act: Act, inputs: Inputs) -> Outputs:
    """Keep what is planned: no fewer visits than foreseen, enough trainings (第十五、十六条)."""
    answers, plan = Answers(inputs), _plan(act, inputs)
    visits, foreseen = answers.whole("visits_owed") or 0, int(plan.basis["visits"])
    if visits < foreseen:
        raise AnswersRefusedError(
            {"visits_owed": f"不能少于按上年保单估计的应服务 {foreseen} 次（第十四条）"}
        )
    plan.insurers, plan.visits_owed = answers.many("insurers"), visits
    plan.trainings = [dict(json_object(row)) for row in _trainings(answers, plan.year)]
    for name in WRITTEN:
        setattr(plan, name, answers.text(name))
    return {}


def _trainings(answers: Answers, year: int) -> list[Mapping[str, object]]:
    rows = answers.rows("trainings")
    least = number("group_trainings_per_year", date(year, 1, 1)).value
    if len(rows) < least:
        raise AnswersRefusedError(
            {"trainings": f"集中培训每年不少于 {least} 次（第十五条），现在只有 {len(rows)} 次"}
        )
    if any((row.day("planned_on") or date.min).year != year for row in rows):
        raise AnswersRefusedError({"trainings": f"培训日期都要在 {year} 年内"})
    return [row.plain() for row in rows]


@operation("记费用计划", inputs=("plan_id",))
def record_fund_plans(act: Act, inputs: Inputs) -> Outputs:
    """Keep the fund of each insurer by item; the items add up to its total (第六条)."""
    plan, rows = _plan(act, inputs), Answers(inputs).rows("funds")
    for row in rows:
        insurer = existing(act.session, Organization, row.text("item"))
        items = [{"category": code, "amount": str(row.amount(code))} for code, _ in _items(row)]
        total, added = (
            row.amount("total") or Decimal(),
            sum((Decimal(item["amount"]) for item in items), Decimal()),
        )
        if total != added:
            text = f"{insurer.name}：各项合计 {added:,.2f} 元，与总额 {total:,.2f} 元不符"
            raise AnswersRefusedError({"funds": text})
        if total < (spent := _spent(act, plan, insurer.id)):
            text = f"{insurer.name}：已经支出 {spent:,.2f} 元，总额不能比它少"
            raise AnswersRefusedError({"funds": text})
        if text := _beyond_share(act, plan, insurer, total):
            raise AnswersRefusedError({"funds": text})
        _fund_plan(act, plan, insurer.id, total, items)
    return {}


def _beyond_share(act: Act, plan: AnnualPlan, insurer: Organization, total: Decimal) -> str:
    """Return what is said of a total beyond what the governing rules allow of the premium known (第六条, D8).

    Nothing is said while nobody has chosen which rules govern, or where the plan rests on no premium.
    """
    choice = fund_choice_for(act.session, plan.year)
    known = {part["id"]: Decimal(str(part["premium"])) for part in plan.basis["insurers"]}
    premium = known.get(str(insurer.id), Decimal())
    if choice is None or not premium:
        return ""
    (rule,) = judge_fund(
        premium, total, date(plan.year, 12, 31), (choice.profile,), collected=premium
    ).profiles
    if rule.maximum is None or total <= rule.maximum:
        return ""
    name = label("rule_profile", choice.profile)
    return (
        f"{insurer.name}：总额 {total:,.2f} 元超过“{name}”的上限 {rule.maximum:,.2f} 元"
        f"（依据的上年保费 {premium:,.2f} 元）"
    )


def _spent(act: Act, plan: AnnualPlan, insurer_id: UUID) -> Decimal:
    found = fund_years(act.session, plan.year, insurer_id, plan.org_id)
    return sum((year.spent_in_all for year in found), Decimal())


def _items(row: Answers) -> list[tuple[str, str]]:
    return [(code, word) for code, word in choices("fund_category") if row.amount(code)]


def _fund_plan(
    act: Act, plan: AnnualPlan, insurer_id: UUID, total: Decimal, items: Sequence[Mapping[str, object]]
) -> None:
    """Write the insurer's part anew; one that was approved before stays, and this one is its revision."""
    part = act.session.scalar(_of(plan, insurer_id).order_by(FundPlan.version.desc()).limit(1))
    if part is None or part.annual_plan_id != plan.id or part.state == "approved":
        part = FundPlan(
            year=plan.year,
            version=part.version + 1 if part is not None else 1,
            revision_of_id=part.id if part is not None else None,
            reason=plan.reason,
            annual_plan_id=plan.id,
            org_id=plan.org_id,
            insurer_id=insurer_id,
        )
        act.session.add(part)
    part.total, part.items, part.state, part.agreement = total, list(items), "draft", {}
    act.session.flush()


def _of(plan: AnnualPlan, insurer_id: UUID) -> Select[FundPlan]:
    return select(FundPlan).where(
        FundPlan.org_id == plan.org_id, FundPlan.insurer_id == insurer_id, FundPlan.year == plan.year
    )


@operation("找下一份费用计划", inputs=("plan_id",), outputs=("fund_plan_id",))
def next_fund_plan(act: Act, inputs: Inputs) -> Outputs:
    """Turn to the next insurer that has not agreed: from here on the case is also its business."""
    waiting = [part for part in parts_of(act, _plan(act, inputs)) if part.state == "draft"]
    part = waiting[0]
    act.case.insurer_id = part.insurer_id
    act.session.flush()
    return {"fund_plan_id": str(part.id)}


@operation("记费用计划意见", inputs=("fund_plan_id",), outputs=("fund_plans_open",))
def record_fund_agreement(act: Act, inputs: Inputs) -> Outputs:
    """Keep whether the insurer agrees to its part, and count those that are still to be asked (第六条)."""
    answers, part = Answers(inputs), existing(act.session, FundPlan, inputs["fund_plan_id"])
    plan = existing(act.session, AnnualPlan, part.annual_plan_id)
    decision = answers.text("decision")
    part.state = "returned" if decision == RETURN else "agreed"
    part.agreement = {
        "decision": decision,
        "opinion": answers.text("opinion"),
        "by": act.actor.name,
        "at": act.now.isoformat(),
        "seal": answers.many("seal"),
    }
    plan.opinion = answers.text("opinion") if decision == RETURN else ""
    insurer = existing(act.session, Organization, part.insurer_id)
    act.say(
        f"plan.fund.{part.state}",
        f"{insurer.name}{label('plan_decision', decision)}费用计划 {part.total:,.2f} 元",
    )
    return {"fund_plans_open": sum(one.state == "draft" for one in parts_of(act, plan))}


@operation("记年度计划审批", inputs=("plan_id",))
def record_plan_approval(act: Act, inputs: Inputs) -> Outputs:
    """Keep the manager's word; what is approved is the fund of the year from now on (第六条)."""
    answers, plan = Answers(inputs), _plan(act, inputs)
    if answers.text("decision") == RETURN:
        plan.opinion = answers.text("opinion")
        return {}
    plan.approved_by, plan.opinion = act.actor.person_id, ""
    for part in parts_of(act, plan):
        part.state, part.approved_by, part.approved_at = "approved", act.actor.person_id, act.now
    return {}


@operation("报送年度计划", inputs=("plan_id",))
def submit_annual_plan(act: Act, inputs: Inputs) -> Outputs:
    """Submit a plan that has all that article 16 asks for (第十六条)."""
    answers, plan = Answers(inputs), _plan(act, inputs)
    elements = {
        "insurers": plan.insurers,
        "prior_premium": plan.basis["premium"],
        "units_by_tier": "none" if not plan.basis["tiers"] else plan.basis["tiers"],
        "visits_owed": plan.visits_owed is not None,
        "fund_plan": [part.id for part in parts_of(act, plan)],
        "trainings": plan.trainings,
    }
    if missing := annual_plan_gate(elements).missing:
        words = "、".join(label("plan_element", code) for code in missing)
        raise AnswersRefusedError({"recipient": f"要素不全，不能报送（第十六条）：{words}"})
    plan.recipient, plan.materials = answers.text("recipient"), answers.many("materials")
    plan.submitted_on, plan.state = act.today, "submitted"
    act.say("plan.submitted", f"报送 {plan.year} 年度工作计划第 {plan.version} 版", plan_id=plan.id)
    return {}


@operation("接收年度计划", inputs=("plan_id",))
def receive_annual_plan(act: Act, inputs: Inputs) -> Outputs:
    """Keep the filing number, or why the plan goes back (第十六条)."""
    answers, plan = Answers(inputs), _plan(act, inputs)
    plan.received_on, plan.received_by = act.today, act.actor.person_id
    plan.filing_no, plan.opinion = answers.text("filing_no"), answers.text("opinion")
    if answers.text("receipt") == RETURN:
        plan.state = "returned"
        act.say("plan.returned", f"退回年度工作计划第 {plan.version} 版：{plan.opinion}")
        return {}
    for before in versions_of(act, plan):
        before.state = "superseded" if before.state == "filed" else before.state
    plan.state = "filed"
    act.say("plan.filed", f"年度工作计划第 {plan.version} 版备案，备案号 {plan.filing_no}", plan_id=plan.id)
    act.notify(f"{act.case.title}已备案", role="provider_manager")
    return {}
