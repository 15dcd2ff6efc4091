"""Hit policies of decision tables: which of the rules that hold give the result, and in what form."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from enum import StrEnum

from msgspec import Struct

from feel.builtins.registry import RefusedError
from feel.builtins.statistics import maximum, minimum, total
from feel.limits import Run
from feel.order import equal
from feel.values import Value


class HitPolicy(StrEnum):
    """The policies of DMN."""

    UNIQUE = "UNIQUE"
    ANY = "ANY"
    PRIORITY = "PRIORITY"
    FIRST = "FIRST"
    RULE_ORDER = "RULE ORDER"
    OUTPUT_ORDER = "OUTPUT ORDER"
    COLLECT = "COLLECT"


class Aggregation(StrEnum):
    """What COLLECT may do with its one output."""

    NONE = ""
    SUM = "SUM"
    MIN = "MIN"
    MAX = "MAX"
    COUNT = "COUNT"


SHORT_POLICIES = {
    "U": HitPolicy.UNIQUE,
    "A": HitPolicy.ANY,
    "P": HitPolicy.PRIORITY,
    "F": HitPolicy.FIRST,
    "R": HitPolicy.RULE_ORDER,
    "O": HitPolicy.OUTPUT_ORDER,
    "C": HitPolicy.COLLECT,
}
SHORT_AGGREGATIONS = {
    "+": Aggregation.SUM,
    "<": Aggregation.MIN,
    ">": Aggregation.MAX,
    "#": Aggregation.COUNT,
}
AGGREGATED = {Aggregation.SUM: total, Aggregation.MIN: minimum, Aggregation.MAX: maximum}
"""Aggregations are the built-in functions of their name (DMN §8.2.10)."""
ONE_HIT = frozenset({HitPolicy.UNIQUE, HitPolicy.ANY, HitPolicy.PRIORITY, HitPolicy.FIRST})


class OverlapError(Exception):
    """Several rules hold where the policy allows one, or one result; `rules` counts from 1."""

    def __init__(self, rules: Sequence[int]) -> None:
        super().__init__(", ".join(map(str, rules)))
        self.rules = tuple(rules)


class Hit(Struct, frozen=True):
    """A rule that holds: its number from 1, and its outputs."""

    rule: int
    outputs: tuple[Value, ...]


class Outputs(Struct, frozen=True):
    """The output columns: names (one nameless column gives bare values) and their values in order of priority."""

    names: tuple[str, ...]
    priorities: tuple[tuple[Value, ...], ...]

    def result(self, hit: Hit) -> Value:
        """Return the value of one hit: bare, or a context of the columns."""
        if len(self.names) == 1:
            return hit.outputs[0]
        return dict(zip(self.names, hit.outputs, strict=True))


def settle(
    run: Run, policy: HitPolicy, aggregation: Aggregation, outputs: Outputs, hits: Sequence[Hit]
) -> Value:
    """Return the result of a table for at least one hit; raises OverlapError."""
    if policy is HitPolicy.UNIQUE and len(hits) > 1:
        raise OverlapError([hit.rule for hit in hits])
    if policy is HitPolicy.ANY:
        _refuse_different(run, hits)
    if policy in (HitPolicy.PRIORITY, HitPolicy.OUTPUT_ORDER):
        hits = sorted(hits, key=lambda hit: _rank(run, outputs, hit))
    if policy in ONE_HIT:
        return outputs.result(hits[0])
    values = run.sized_list([outputs.result(hit) for hit in hits])
    return _aggregated(run, aggregation, values)


def _refuse_different(run: Run, hits: Sequence[Hit]) -> None:
    first = list(hits[0].outputs)
    for hit in hits[1:]:
        if equal(run, list(hit.outputs), first) is not True:
            raise OverlapError([hits[0].rule, hit.rule])


def _rank(run: Run, outputs: Outputs, hit: Hit) -> tuple[int, ...]:
    """Return the places of the outputs in their lists of values; what is in no list comes last."""
    return tuple(
        next((place for place, value in enumerate(values) if equal(run, value, output) is True), len(values))
        for output, values in zip(hit.outputs, outputs.priorities, strict=True)
    )


def _aggregated(run: Run, aggregation: Aggregation, values: list[Value]) -> Value:
    if aggregation is Aggregation.NONE:
        return values
    if aggregation is Aggregation.COUNT:
        return Decimal(len(values))
    try:
        return AGGREGATED[aggregation](run, values)
    except RefusedError:
        return run.warn("type", (0, 0), aggregation.value)
