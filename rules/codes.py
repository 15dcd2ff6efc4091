"""Codes of units and regions: GB 32100, GB/T 2260 (第八条、第二十一条)."""

import tomllib
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from types import MappingProxyType

from msgspec import Struct

from rules.errors import UnknownCodeError

REGIONS = Path(__file__).parent / "regions.toml"
# GB 32100: digits and capitals without I, O, S, V, Z; each sign stands for its place in this row.
USCC_SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
USCC_LENGTH = 18
_WEIGHTS = tuple(pow(3, place, len(USCC_SIGNS)) for place in range(USCC_LENGTH - 1))
USCC_REGION = slice(2, 8)
NO_HIGH_RISK = "none"


class Region(Struct, frozen=True):
    """A county-level region; valid from and to inclusive days, None = without bound."""

    code: str
    name: str
    valid_from: date | None = None
    valid_to: date | None = None
    successor_of: str | None = None

    def is_valid(self, on: date | None) -> bool:
        """Tell whether the code was in use on that day; without a day, whether it is in use now."""
        if on is None:
            return self.valid_to is None
        return (self.valid_from is None or self.valid_from <= on) and (
            self.valid_to is None or on <= self.valid_to
        )


class Zone(Struct, frozen=True):
    """A functional zone (功能区) with a code of our own, and the region that it lies in by law."""

    code: str
    name: str
    region: str


def is_uscc(code: str) -> bool:
    """Tell whether this is a unified social credit code with its right check sign (第八条; GB 32100)."""
    if len(code) != USCC_LENGTH or any(sign not in USCC_SIGNS for sign in code):
        return False
    return code[USCC_REGION].isdigit() and uscc_check_sign(code[:-1]) == code[-1]


def uscc_check_sign(body: str) -> str:
    """Return the 18th sign for the first 17 (第八条; GB 32100: weights are the powers of 3 modulo 31)."""
    modulus = len(USCC_SIGNS)
    total = sum(USCC_SIGNS.index(sign) * weight for sign, weight in zip(body, _WEIGHTS, strict=False))
    return USCC_SIGNS[-total % modulus]


def is_region(code: str, on: date | None = None) -> bool:
    """Tell whether a county-level code of Wenzhou is valid on that day (第二十一条; GB/T 2260)."""
    found = regions().get(code)
    return found is not None and found.is_valid(on)


def region(code: str) -> Region:
    """Return a region, past ones included (第二十一条); UnknownCodeError if Wenzhou never had it."""
    if code not in regions():
        raise UnknownCodeError(table="region", code=code)
    return regions()[code]


@cache
def regions() -> Mapping[str, Region]:
    """Return every county-level region of Wenzhou by code, past ones included."""
    table = tomllib.loads(REGIONS.read_text(encoding="utf-8"))
    return MappingProxyType({row["code"]: Region(**row) for row in table["region"]})


@cache
def zones() -> Mapping[str, Zone]:
    """Return every functional zone by its code; statistics go by zone and by region (第二十一条)."""
    table = tomllib.loads(REGIONS.read_text(encoding="utf-8"))
    return MappingProxyType({row["code"]: Zone(**row) for row in table["zone"]})
