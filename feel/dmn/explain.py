"""Why a decision came out as it did, in Chinese sentences."""

from __future__ import annotations

from collections.abc import Iterator

from feel.dmn.model import Outcome, Step, TableHit
from feel.exchange import format_value

LONGEST = 60


def sentences(outcome: Outcome) -> list[str]:
    """Return a sentence for every decision on the way, every table in it, and every reason for a null."""
    return [sentence for step in outcome.trace for sentence in _of_step(step)]


def reasons(outcome: Outcome) -> list[str]:
    """Return a sentence for every reason for a null, with the part of the decision that it speaks about."""
    told = {reason: reason.sentence(step.text) for step in outcome.trace for reason in step.warnings}
    return [told.get(reason) or reason.sentence() for reason in outcome.warnings]


def _of_step(step: Step) -> Iterator[str]:
    yield f"“{step.decision}”= {_shortened(step.value)}。{_needs(step)}"
    for hit in step.tables:
        yield _of_table(step.decision, hit)
    for reason in step.warnings:
        yield reason.sentence(step.text)


def _needs(step: Step) -> str:
    used = f"看了{_named(step.used)}" if step.used else ""
    unused = f"没有用到{_named(step.unused)}" if step.unused else ""
    told = "，".join(filter(None, (used, unused)))
    return f"{told}。" if told else ""


def _of_table(decision: str, hit: TableHit) -> str:
    given = "，".join(
        f"{label} = {_shortened(value)}" for label, value in zip(hit.labels, hit.inputs, strict=False)
    )
    held = f"第 {'、'.join(map(str, hit.rules))} 行成立" if hit.rules else "没有一行成立"
    return f"“{decision}”的决策表：{given}；{held}。{_columns(hit)}"


def _columns(hit: TableHit) -> str:
    if hit.decisive is None or not hit.labels:
        return ""
    decisive = [label for place, label in enumerate(hit.labels) if place in hit.decisive]
    others = [label for place, label in enumerate(hit.labels) if place not in hit.decisive]
    told = f"起作用的是{_named(decisive)}" if decisive else "没有一列起作用"
    return f"{told}，{_named(others)}换成别的也一样。" if others else f"{told}。"


def _named(names: list[str] | tuple[str, ...]) -> str:
    return "、".join(f"“{name}”" for name in names)


def _shortened(value: object) -> str:
    text = format_value(value)
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
