"""The basic provisions of annex 2 (附件2), industry by industry, word for word, as checklists."""

import tomllib
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from types import MappingProxyType

from msgspec import Struct

from rules.errors import UnknownCodeError

CHECKLISTS = Path(__file__).parent / "checklists"


class ChecklistItem(Struct, frozen=True):
    """One provision; `hazard_class` is proposed for the hazard that an unmet one becomes."""

    key: str
    number: int
    text: str
    hazard_class: str


class Checklist(Struct, frozen=True):
    """The provisions of one industry (附件2); `industry` is a word of high_risk_kind."""

    code: str
    title: str
    industry: str
    first_day: date
    source: str
    items: tuple[ChecklistItem, ...]


def checklist(code: str) -> Checklist:
    """Return a checklist of annex 2 (附件2) by its code; UnknownCodeError if there is none."""
    if code not in checklists():
        raise UnknownCodeError(table="checklist", code=code)
    return checklists()[code]


def checklist_item(key: str) -> ChecklistItem:
    """Return an item of annex 2 (附件2) by its key, such as chemical-1; UnknownCodeError if there is none."""
    code, _, number = key.rpartition("-")
    for item in checklist(code).items:
        if str(item.number) == number:
            return item
    raise UnknownCodeError(table="checklist_item", code=key)


def checklists_for(high_risk_kind: str) -> tuple[Checklist, ...]:
    """Return the checklists for units of that kind (第十四条、附件2); none where the annex has none."""
    return tuple(found for found in checklists().values() if found.industry == high_risk_kind)


@cache
def checklists() -> Mapping[str, Checklist]:
    """Return every checklist (附件2) by its code."""
    found = (_read(file) for file in sorted(CHECKLISTS.glob("*.toml")))
    return MappingProxyType({item.code: item for item in found})


def _read(file: Path) -> Checklist:
    table = tomllib.loads(file.read_text(encoding="utf-8"))
    code = table["code"]
    items = tuple(ChecklistItem(key=f"{code}-{row['number']}", **row) for row in table.pop("item"))
    return Checklist(**table, items=items)
