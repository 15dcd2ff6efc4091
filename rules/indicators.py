"""The indicators that a new set begins with, and what stands against publishing a set (第二十四条、第二十五条)."""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from msgspec import Struct

from rules.assessment import ZERO, are_weights_valid
from rules.parameters import number
from rules.roles import Party
from rules.vocabulary import choices

INDICATORS = Path(__file__).parent / "indicators.toml"
ASSESSED = (Party.INSURER, Party.PROVIDER)
"""Who is assessed (第二十四条)."""

BONUS_ASPECT = "innovation"
"""The only aspect whose indicators add to the hundred (第二十四条第八项)."""


class IndicatorRow(Struct, frozen=True):
    """One indicator of a set, as it is edited; a bonus is counted beside the hundred."""

    aspect: str
    title: str
    requirement: str
    weight: Decimal
    measure: str = ""

    @property
    def is_bonus(self) -> bool:
        """Whether it adds to the hundred: innovation alone does (第二十四条)."""
        return self.aspect == BONUS_ASPECT


def default_indicators(kind: str) -> tuple[IndicatorRow, ...]:
    """Return what a new set of a kind of organization begins with, aspect by aspect (第二十四条)."""
    order = [code for code, _ in choices("assessment_aspect")]
    rows = [row for kinds, row in _shipped() if kind in kinds]
    return tuple(sorted(rows, key=lambda row: order.index(row.aspect)))


def publishing_problems(rows: Iterable[IndicatorRow], on: date) -> Iterator[str]:
    """Yield what stands against publishing a set (第二十四条、第二十五条), each as a sentence."""
    known = tuple(rows)
    base = [row.weight for row in known if not row.is_bonus]
    bonus = sum((row.weight for row in known if row.is_bonus), ZERO)
    wanted, most = number("score_base", on).value, number("score_bonus_max", on).value
    if not are_weights_valid(base, on=on):
        yield f"基本指标的分值合计要正好是 {wanted} 分，现在是 {sum(base, ZERO):f} 分（第二十五条）"
    if not are_weights_valid([Decimal(wanted)], bonus, on):
        yield f"创新加分合计不能超过 {most} 分，现在是 {bonus:f} 分（第二十五条）"
    here = {row.aspect for row in known}
    if missing := [word for code, word in choices("assessment_aspect") if code not in here]:
        yield f"九个方面都要有指标，还缺：{'、'.join(missing)}（第二十四条）"


@cache
def _shipped() -> tuple[tuple[tuple[str, ...], IndicatorRow], ...]:
    rows = tomllib.loads(INDICATORS.read_text(encoding="utf-8"))["indicator"]
    return tuple((tuple(row["kinds"]), _parse(row)) for row in rows)


def _parse(row: Mapping[str, Any]) -> IndicatorRow:  # Any: TOML, whose shape the tests hold
    return IndicatorRow(
        row["aspect"], row["title"], row["requirement"], Decimal(row["weight"]), row.get("measure", "")
    )
