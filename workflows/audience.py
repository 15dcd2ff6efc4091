"""Whom a gathering is meant for: a condition in FEEL over the insured units, bounded as every expression is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import feel
from feel import ADVANCE_FUEL, FeelError, Host, Meter
from store.pages.audience import InsuredUnit
from workflows.errors import WorkflowError
from workflows.patterns import compile_pattern

NAMES = (
    "high_risk_kind",
    "risk_level",
    "risk_tags",
    "district",
    "is_key",
    "premium",
    "invited_this_year",
)
"""What a condition may ask of a unit."""
LONGEST = 1000
FUEL = 20 * ADVANCE_FUEL
"""What one condition may take for all units together."""


@dataclass
class AudienceError(WorkflowError):
    """A condition that says no audience; `problem` is a Chinese sentence."""

    problem: str


def select_audience(units: Sequence[InsuredUnit], rule: str, now: datetime) -> list[InsuredUnit]:
    """Return the units for which the condition holds (第十五条: by trade, by risk, by season).

    Raises: AudienceError if it cannot be read, asks for something unknown, or says neither yes nor no.
    """
    if len(rule) > LONGEST:
        raise AudienceError(f"条件最多 {LONGEST} 个字，现在有 {len(rule)} 个")
    try:
        host = Host(patterns=compile_pattern, now=now)
        program = feel.compile(rule, NAMES, host)
        if unknown := sorted(feel.references(rule, NAMES).names - set(NAMES)):
            raise AudienceError(f"没有“{unknown[0]}”这一项，可以用的：{'、'.join(NAMES)}")
        meter = Meter(FUEL)
        return [unit for unit in units if _holds(program, unit, meter)]
    except FeelError as error:
        raise AudienceError(f"这个条件读不了：{error}") from error


def _holds(program: feel.Program, unit: InsuredUnit, meter: Meter) -> bool:
    said = program(unit.facts, meter)
    if said is None or isinstance(said, bool):
        return said is True
    raise AudienceError(f"条件要能回答是或否，对“{unit.name}”得到的是 {feel.format_value(said)}")
