"""The pages of checklists: what is in force for which industry, what is drafted, what a draft changes."""

from collections.abc import Iterator
from datetime import date
from uuid import UUID

from msgspec import Struct
from sqlalchemy import select
from sqlalchemy.orm import Session

from rules.checklists import Checklist, ChecklistItem, checklists
from store.checklists import PUBLISHED, read_checklist
from store.tables import IndustryChecklist

MOST = 200
"""So many versions are listed, the newest first."""


class ChecklistLine(Struct, frozen=True):
    """A version: of annex 2 itself (no `id`), drafted, to come, in force, or followed by another."""

    id: UUID | None
    checklist: Checklist
    standing: str


class Difference(Struct, frozen=True):
    """A provision that a version adds, words anew or leaves out; `before` is how it stood."""

    kind: str
    number: int
    text: str
    before: str


def checklist_lines(session: Session, today: date) -> list[ChecklistLine]:
    """Return every checklist, those of annex 2 first."""
    query = select(IndustryChecklist).order_by(
        IndustryChecklist.industry, IndustryChecklist.title, IndustryChecklist.first_day.desc()
    )
    rows = session.scalars(query.limit(MOST)).all()
    in_force: dict[tuple[str, str], UUID] = {}
    for row in rows:
        if row.state == PUBLISHED and row.first_day <= today:
            in_force.setdefault((row.industry, row.title), row.id)
    annex = [ChecklistLine(None, one, "in_force") for one in checklists().values()]
    return annex + [
        ChecklistLine(row.id, read_checklist(row), _standing(row, today, set(in_force.values())))
        for row in rows
    ]


def checklist_line(session: Session, checklist_id: UUID, today: date) -> ChecklistLine | None:
    """Return one version."""
    return next((one for one in checklist_lines(session, today) if one.id == checklist_id), None)


def differences(session: Session, found: Checklist) -> list[Difference]:
    """Return what a version changes against the one before it, provision by provision."""
    before = session.scalar(
        select(IndustryChecklist)
        .where(
            IndustryChecklist.industry == found.industry,
            IndustryChecklist.title == found.title,
            IndustryChecklist.state == PUBLISHED,
            IndustryChecklist.first_day < found.first_day,
        )
        .order_by(IndustryChecklist.first_day.desc())
        .limit(1)
    )
    old = {item.number: item for item in read_checklist(before).items} if before is not None else {}
    return list(_compared(old, {item.number: item for item in found.items}))


def _compared(old: dict[int, ChecklistItem], new: dict[int, ChecklistItem]) -> Iterator[Difference]:
    for number in sorted(old.keys() | new.keys()):
        was, now = old.get(number), new.get(number)
        if was is None and now is not None:
            yield Difference("added", number, now.text, "")
        elif now is None and was is not None:
            yield Difference("removed", number, "", was.text)
        elif was is not None and now is not None and _said(was) != _said(now):
            yield Difference("changed", number, now.text, was.text)


def _said(item: ChecklistItem) -> tuple[str, str]:
    return item.text, item.hazard_class


def _standing(row: IndustryChecklist, today: date, in_force: set[UUID]) -> str:
    if row.state != PUBLISHED:
        return "draft"
    if row.first_day > today:
        return "to_come"
    return "in_force" if row.id in in_force else "followed"
