"""Checklists in force: those of annex 2, and what an office has published for the industries that it leaves open."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from rules.checklists import Checklist, ChecklistItem, checklists
from rules.checklists import checklist as of_annex_2
from rules.checklists import checklists_for as of_annex_2_for
from rules.errors import UnknownCodeError
from store.tables import IndustryChecklist

PUBLISHED = "published"


def checklist(session: Session, code: str) -> Checklist:
    """Return a checklist by its code, also one that another version has followed. Raises: UnknownCodeError."""
    if code in checklists():
        return of_annex_2(code)
    row = session.scalar(select(IndustryChecklist).where(IndustryChecklist.code == code))
    if row is None:
        raise UnknownCodeError(table="checklist", code=code)
    return read_checklist(row)


def checklist_item(session: Session, key: str) -> ChecklistItem:
    """Return an item by its key, such as chemical-1. Raises: UnknownCodeError."""
    for item in checklist(session, key.rpartition("-")[0]).items:
        if item.key == key:
            return item
    raise UnknownCodeError(table="checklist_item", code=key)


def checklists_for(session: Session, high_risk_kind: str, on: date) -> tuple[Checklist, ...]:
    """Return the checklists for units of that kind on that day (第十四条、附件2): of each title the newest in force."""
    query = select(IndustryChecklist).where(
        IndustryChecklist.industry == high_risk_kind,
        IndustryChecklist.state == PUBLISHED,
        IndustryChecklist.first_day <= on,
    )
    rows = session.scalars(query.order_by(IndustryChecklist.first_day, IndustryChecklist.code))
    return (*of_annex_2_for(high_risk_kind), *newest(rows))


def newest(rows: Iterable[IndustryChecklist]) -> tuple[Checklist, ...]:
    """Return the last version of each title."""
    found = {row.title: row for row in rows}
    return tuple(read_checklist(row) for row in found.values())


def read_checklist(row: IndustryChecklist) -> Checklist:
    """Return a version as the rules know a checklist."""
    items = tuple(ChecklistItem(key=f"{row.code}-{item['number']}", **item) for item in row.items)
    return Checklist(row.code, row.title, row.industry, row.first_day, row.source, items)
