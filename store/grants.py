"""Grants by which an auditor looks into the business (调阅授权, 第八条): which of them are in force."""

from datetime import datetime
from typing import Any  # Any: `table.c`, whose attributes are the columns

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from rules.working_days import LEGAL_ZONE
from store.tables import OfficeRecord

GRANT = "inspection_grant"
MOST = 50


def in_force(c: Any, now: datetime) -> tuple[ColumnElement[bool], ...]:  # noqa: ANN401  # see above
    """Return the conditions under which a grant lasts at a moment: its first and its last day included."""
    today = now.astimezone(LEGAL_ZONE).date()
    return c.kind == GRANT, c.day <= today, c.until >= today


def numbers_in_force(session: Session, now: datetime) -> list[str]:
    """Return the numbers of the grants in force."""
    columns: Any = OfficeRecord  # Any: the class has its columns as attributes
    query = (
        select(OfficeRecord.number).where(*in_force(columns, now)).order_by(OfficeRecord.number).limit(MOST)
    )
    return [number for number in session.scalars(query) if number]
