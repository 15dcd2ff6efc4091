"""The ledger of the prevention fund, as far as visits and activities are settled from it (第六条)."""

from collections.abc import Mapping
from decimal import Decimal
from typing import cast
from uuid import UUID

from sqlalchemy import Select, func, select

from rules.fund_ledger import Expense, judge_expense
from rules.vocabulary import label
from store.numbers import take_number
from store.tables import FundEntry, FundPlan, Visit
from workflows.acts import Act
from workflows.catalogue import Inputs, Outputs, operation
from workflows.operations.answers import Answers
from workflows.subjects import existing


@operation("填写服务费", inputs=("visit_id",), outputs=("fee_entry",))
def propose_visit_fee(_act: Act, inputs: Inputs) -> Outputs:
    """Hand the fee on to the ledger: amount, category, payee, voucher."""
    answers = Answers(inputs)
    return {
        "fee_entry": {
            "amount": answers.amount("amount"),
            "category": answers.text("category"),
            "payee": answers.text("payee"),
            "voucher": answers.many("voucher"),
        }
    }


def plan_in_force(act: Act) -> FundPlan | None:
    """Return the insurer's approved plan of the year."""
    return act.session.scalar(_plan_of(act, act.case.insurer_id))


def _plan_of(act: Act, insurer_id: object) -> Select[FundPlan]:
    query = select(FundPlan).where(
        FundPlan.org_id == act.case.org_id,
        FundPlan.insurer_id == insurer_id,
        FundPlan.year == act.today.year,
        FundPlan.state == "approved",
    )
    return query.order_by(FundPlan.version.desc()).limit(1)


def spent(act: Act, plan: FundPlan) -> Decimal:
    """Return what was spent of the year's plan, under whichever version; reversals give back."""
    versions = select(FundPlan.id).where(
        FundPlan.org_id == plan.org_id, FundPlan.insurer_id == plan.insurer_id, FundPlan.year == plan.year
    )
    total = Decimal()
    for kind, amount in act.session.execute(
        select(FundEntry.kind, func.sum(FundEntry.amount))
        .where(FundEntry.plan_id.in_(versions))
        .group_by(FundEntry.kind)
    ):
        total += {"expense": amount, "reversal": -amount}.get(kind, Decimal())
    return total


@operation("记台账", inputs=("visit_id", "entry"), outputs=("accepted", "remaining", "reason"))
def post_fund_entry(act: Act, inputs: Inputs) -> Outputs:
    """Enter the expense if it is for prevention, within the plan, and the visit is archived (第六条).

    The plan is locked until the command is over: what two visits spend of it at once is added up.
    """
    visit = existing(act.session, Visit, inputs["visit_id"])
    entry = cast("Mapping[str, object]", inputs["entry"])
    plan = act.session.scalar(_plan_of(act, act.case.insurer_id).with_for_update())
    row = {"visit_id": visit.id, "policy_id": visit.policy_id}
    return _post(act, plan, entry, row, is_visit_archived=visit.state == "archived")


@operation("活动费用记台账", inputs=("entry",), outputs=("accepted", "remaining", "reason"))
def post_activity_entry(act: Act, inputs: Inputs) -> Outputs:
    """Enter what an activity for many units has cost, in the plan of the insurer that the entry names (第六条)."""
    entry = cast("Mapping[str, object] | None", inputs.get("entry"))
    if not entry:
        return {"accepted": True, "remaining": None, "reason": None}
    plan = act.session.scalar(_plan_of(act, UUID(str(entry["insurer_id"]))).with_for_update())
    return _post(act, plan, entry, {"public_activity": act.case.title})


def _post(
    act: Act,
    plan: FundPlan | None,
    entry: Mapping[str, object],
    row: Mapping[str, object],
    *,
    is_visit_archived: bool | None = None,
) -> Outputs:
    """Enter an expense of a locked plan if nothing forbids it, else say why it is not entered."""
    if plan is None:
        return {"accepted": False, "remaining": None, "reason": f"{act.today.year} 年还没有批准的费用计划"}
    amount, category = Decimal(str(entry["amount"])), str(entry["category"])
    voucher = cast("list[object]", entry.get("voucher") or [])
    verdict = judge_expense(
        Expense(
            amount,
            category,
            plan.total,
            spent(act, plan),
            has_voucher=bool(voucher),
            is_visit_archived=is_visit_archived,
        )
    )
    if verdict.reason is not None:
        reason = label("fund_refusal", verdict.reason.value)
        return {"accepted": False, "remaining": verdict.remaining, "reason": reason}
    act.session.add(_line(act, plan, entry, row))
    act.say("fund.posted", f"费用 {amount:.2f} 元记入台账", amount=amount, category=category)
    return {"accepted": True, "remaining": verdict.remaining, "reason": None}


def _line(act: Act, plan: FundPlan, entry: Mapping[str, object], row: Mapping[str, object]) -> FundEntry:
    """Return the line of the ledger for an expense of the plan."""
    return FundEntry(
        number=take_number(act.session, act.case.org_id, "FY", act.today.year),
        entry_date=act.today,
        kind="expense",
        amount=Decimal(str(entry["amount"])),
        category=str(entry["category"]),
        plan_id=plan.id,
        case_id=act.case.id,
        payee=str(entry.get("payee") or ""),
        voucher=list(cast("list[object]", entry["voucher"])),
        approved_by=act.actor.person_id,
        **{**act.owners(), "insurer_id": plan.insurer_id},
        **row,
    )
