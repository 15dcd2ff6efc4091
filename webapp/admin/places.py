"""Regions, zones and industries to choose from, by their Chinese names."""

from collections.abc import Mapping
from functools import cache

from rules import vocabulary
from rules.codes import NO_HIGH_RISK, regions, zones


@cache
def places() -> Mapping[str, str]:
    """Return the regions and zones of today, by code."""
    current = {code: region.name for code, region in regions().items() if region.is_valid(None)}
    return current | {code: zone.name for code, zone in zones().items()}


def place_name(code: str) -> str:
    """Return the name of a region or zone, past ones included; the code itself when it is no known one."""
    known = regions().get(code) or zones().get(code)
    return known.name if known is not None else code


def industries() -> Mapping[str, str]:
    """Return the high-risk industries by code."""
    return {code: word for code, word in vocabulary.choices("high_risk_kind") if code != NO_HIGH_RISK}
