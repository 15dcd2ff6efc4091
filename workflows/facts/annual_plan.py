"""Facts of a yearly plan: its basis, what is planned, each insurer's fund under both rule sets (第十六、六条)."""

from datetime import date
from decimal import Decimal

from forms.context import Choice
from rules.parameters import LOCAL_PROFILE, NATIONAL_PROFILE, number
from rules.reporting import JOINT_OFFICE
from rules.vocabulary import label
from store.tables import AnnualPlan, FundPlan, Organization
from workflows.acts import Act
from workflows.facts.groups import about
from workflows.fund_words import conflict_line, item_line, profile_lines, yuan
from workflows.planned_year import WRITTEN, parts_of, plan_verdict
from workflows.reading import Facts, found


def plan_of(act: Act) -> AnnualPlan | None:
    """Return the plan that the case is about, in its version of now."""
    return found(act, AnnualPlan, act.case.variables.get("plan_id"))


def _part_of(act: Act) -> FundPlan | None:
    return found(act, FundPlan, act.case.variables.get("fund_plan_id"))


def _basis(_act: Act, plan: AnnualPlan) -> Facts:
    basis = plan.basis
    tiers = (f"{tier['tier']} {tier['units']} 家，保费 {yuan(tier['premium'])}" for tier in basis["tiers"])
    return {
        "plan_year": plan.year,
        "plan_version": f"{plan.year} 年第 {plan.version} 版",
        "plan_reason": plan.reason,
        "plan_return_reason": plan.opinion if plan.opinion != plan.reason else "",
        "basis_premium": f"{basis['year']} 年 {yuan(basis['premium'])}",
        "basis_units": f"{basis['units']} 家",
        "basis_visits": f"{basis['visits']} 次",
        "basis_tiers": "；".join(tiers) or "上年没有签单的保单",
    }


def _planned(act: Act, plan: AnnualPlan) -> Facts:
    trainings = [training_line(row) for row in plan.trainings]
    return {
        "plan_insurers_named": "、".join(choice.label for choice in plan_insurers(act)),
        "plan_visits": f"{plan.visits_owed or 0} 次",
        "plan_trainings": "\n".join(trainings),
        **{f"plan_{name}": getattr(plan, name) for name in WRITTEN},
        "plan_funds": "\n".join(_part_line(act, part) for part in parts_of(act, plan)),
    }


def training_line(row: dict[str, object]) -> str:
    """Return a planned training in one line."""
    return f"{row['planned_on']}　{row['topic']}（{label('training_audience', str(row['audience']))}：{row['focus']}）"


def _part_line(act: Act, part: FundPlan) -> str:
    insurer = found(act, Organization, part.insurer_id)
    name = insurer.name if insurer is not None else ""
    return f"{name}　总额 {yuan(part.total)}：{item_line(part.items)}"


def _part(act: Act, part: FundPlan) -> Facts:
    plan, insurer = found(act, AnnualPlan, part.annual_plan_id), found(act, Organization, part.insurer_id)
    verdict = plan_verdict(plan, str(part.insurer_id), part.total) if plan is not None else None
    return {
        "part_insurer": insurer.name if insurer is not None else "",
        "part_total": yuan(part.total),
        "part_items": item_line(part.items),
        "part_profiles": "\n".join(profile_lines(verdict)) if verdict is not None else "",
        "part_conflict": conflict_line(verdict) if verdict is not None else "",
    }


def served_insurers(act: Act) -> list[Choice]:
    """Return the insurers that the provider serves, with their premium of the year before."""
    plan = plan_of(act)
    rows = plan.basis["insurers"] if plan is not None else []
    return [Choice(row["id"], row["name"], note=f"上年保费 {yuan(row['premium'])}") for row in rows]


def plan_insurers(act: Act) -> list[Choice]:
    """Return the insurers of the plan, each with what both rule sets say of its premium."""
    plan = plan_of(act)
    if plan is None:
        return []
    served = {choice.value: choice for choice in served_insurers(act)}
    return [
        Choice(one.value, one.label, note=one.note, about=_limits(plan, one.value))
        for one in (served[value] for value in plan.insurers if value in served)
    ]


def _limits(plan: AnnualPlan, insurer_id: str) -> str:
    verdict = plan_verdict(plan, insurer_id, Decimal())
    low, high = verdict.minimum or Decimal(), verdict.maximum or Decimal()
    local, national = label("rule_profile", LOCAL_PROFILE), label("rule_profile", NATIONAL_PROFILE)
    said = f"按上年保费估算：{local}不低于 {yuan(low)}，{national}不高于 {yuan(high)}"
    return f"{said}；{conflict_line(verdict)}" if verdict.is_conflict else said


def plan_prefill(act: Act) -> dict[str, object]:
    """Return what the forms of a plan are filled with: what was written before, else what is foreseen."""
    if (plan := plan_of(act)) is None:
        return {}
    kept = {name: getattr(plan, name) for name in WRITTEN}
    visits = plan.visits_owed if plan.visits_owed is not None else plan.basis["visits"]
    return {
        **kept,
        "trainings": plan.trainings or [{}] * number("group_trainings_per_year", date(plan.year, 1, 1)).value,
        "insurers": plan.insurers or [row["id"] for row in plan.basis["insurers"]],
        "visits_owed": visits,
        "funds": {
            str(part.insurer_id): {"total": part.total, **{i["category"]: i["amount"] for i in part.items}}
            for part in parts_of(act, plan)
        },
        "recipient": plan.recipient or JOINT_OFFICE,
    }


PLAN_FACTS = (
    about(
        plan_of,
        _basis,
        *("plan_year", "plan_version", "plan_reason", "plan_return_reason"),
        *("basis_premium", "basis_units", "basis_visits", "basis_tiers"),
    ),
    about(
        plan_of,
        _planned,
        *("plan_insurers_named", "plan_visits", "plan_trainings", "plan_funds"),
        *(f"plan_{name}" for name in WRITTEN),
    ),
    about(_part_of, _part, "part_insurer", "part_total", "part_items", "part_profiles", "part_conflict"),
)
"""What forms may read of a yearly plan."""
