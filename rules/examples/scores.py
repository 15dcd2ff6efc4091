"""Questions on the assessment's points and weights (第二十四条、第二十五条)."""

from decimal import Decimal

from rules.assessment import (
    Indicator,
    IndicatorGroup,
    are_weights_valid,
    base_points,
    missing_evidence,
    total_score,
)
from rules.examples.reading import Answer, Input, Question, decimal, optional_decimal, score


def total(given: Input) -> Answer:
    """Answer the total of an assessment (第二十五条, D14)."""
    items = [_item(item) for item in given.get("items") or ()]
    base = decimal(given["base"]) if "base" in given else base_points(items)
    found = total_score(base, _sum(given.get("bonus")), _sum(given.get("deduction")))
    return {
        "base": score(found.base),
        "bonus_counted": score(found.bonus_counted),
        "total": str(found.total),
        "missing_evidence": missing_evidence(items),
    }


def weights(given: Input) -> Answer:
    """Answer whether weights may be published (第二十五条)."""
    known = [decimal(weight) for weight in given["weights"]]
    valid = are_weights_valid(known, optional_decimal(given, "bonus_max"))
    return {"valid": valid, "sum": str(sum(known, Decimal(0)))}


def _item(item: list[object] | Input) -> Indicator | IndicatorGroup:
    if isinstance(item, list):
        maximum, points = item
        return IndicatorGroup(decimal(maximum), decimal(points))
    return Indicator(decimal(item["max"]), bool(item["satisfied"]), item.get("evidence_count"))


def _sum(points: object) -> Decimal:
    """Add up the points given as one number, as a list, or not at all."""
    given = points if isinstance(points, list) else [points or 0]
    return sum((decimal(item) for item in given), Decimal(0))


QUESTIONS = (
    Question("assessment", weights, frozenset({"weights"})),
    Question("assessment", total, any_of=frozenset({"items", "base"})),
)
