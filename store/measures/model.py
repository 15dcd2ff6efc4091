"""What a measure is: rows that carry a part and a whole; a figure is the sums of its rows."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, cast
from uuid import UUID

from msgspec import Struct
from sqlalchemy import ColumnElement, Integer, Select, String, Uuid, func, literal, null, select
from sqlalchemy import cast as sql_cast
from sqlalchemy.orm import InstrumentedAttribute, Session
from sqlalchemy.types import TypeEngine

from rules.amounts import percent, to_fen
from rules.working_days import LEGAL_ZONE
from store.tables import Organization

COUNT, PERCENT, MEAN, YUAN = "count", "percent", "mean", "yuan"
_TENTH = Decimal("0.1")


class Window(Struct, frozen=True):
    """The days that are looked at, both inclusive, as things stood on the last of them; of one provider if named."""

    first_day: date
    last_day: date
    org_id: UUID | None = None

    def holds(
        self, day: InstrumentedAttribute[date] | InstrumentedAttribute[date | None]
    ) -> ColumnElement[bool]:
        """Return the condition that a day lies in the window."""
        return day.between(self.first_day, self.last_day)

    def holds_moment(self, at: InstrumentedAttribute[datetime]) -> ColumnElement[bool]:
        """Return the condition that a moment lies on a day of the window, in Wenzhou."""
        begin, end = (
            datetime.combine(day, time(), LEGAL_ZONE)
            for day in (self.first_day, self.last_day + timedelta(days=1))
        )
        return (at >= begin) & (at < end)

    def owns(self, org_id: InstrumentedAttribute[UUID]) -> ColumnElement[bool]:
        """Return the condition that a row is the named provider's; every row will do if none is named."""
        return org_id == self.org_id if self.org_id is not None else literal(value=True)


class Measure(Struct, frozen=True):
    """A measure: `about` defines it in one sentence; `word` is what it counts; `rows` are as `counted` makes them."""

    name: str
    title: str
    about: str
    unit: str
    word: str
    rows: Callable[[Window], Select[*tuple[object, ...]]]


class MeasureRow(Struct, frozen=True):
    """One record behind a figure, and what it adds to the part and to the whole."""

    subject: str
    subject_id: UUID
    label: str
    unit: str
    industry: str | None
    region_code: str | None
    category: str | None
    part: Decimal
    whole: Decimal | None


class Figure(Struct, frozen=True):
    """The sums of a measure's rows; `whole` is None where it is not a share of anything."""

    part: Decimal
    whole: Decimal | None

    def value(self, unit: str) -> Decimal | None:
        """Return the figure as it is shown: to one digit, rounded once and half up; None where the whole is 0."""
        if unit == PERCENT:
            return percent(self.part, self.whole or 0)
        if unit == MEAN:
            return (self.part / self.whole).quantize(_TENTH, ROUND_HALF_UP) if self.whole else None
        return self.part


def counted(
    subject: str,
    row_id: InstrumentedAttribute[UUID],
    label: ColumnElement[str] | InstrumentedAttribute[str],
    owner: type,
    *,
    part: object = 1,
    whole: object = None,
    category: object = None,
) -> Select[*tuple[object, ...]]:
    """Return the columns of a measure's rows; `owner` is the table whose owner columns say whose the record is."""
    nowhere = _column(None, String())
    unit = getattr(owner, "policyholder_id", _column(None, Uuid()))
    return select(
        literal(subject).label("subject"),
        row_id.label("subject_id"),
        label.label("label"),
        unit.label("policyholder_id"),
        getattr(owner, "industry", nowhere).label("industry"),
        getattr(owner, "region_code", nowhere).label("region_code"),
        _column(category, String()).label("category"),
        _column(part, Integer()).label("part"),
        _column(whole, Integer()).label("whole"),
    )


def rows_of(session: Session, measure: Measure, window: Window) -> list[MeasureRow]:
    """Return the rows behind a figure, in a settled order."""
    rows = measure.rows(window).subquery()
    named = select(rows, Organization.name.label("unit")).outerjoin(
        Organization, Organization.id == rows.c.policyholder_id
    )
    return [
        MeasureRow(
            subject=row.subject,
            subject_id=row.subject_id,
            label=row.label,
            unit=row.unit or "",
            industry=row.industry,
            region_code=row.region_code,
            category=row.category,
            part=to_fen(Decimal(row.part)),
            whole=None if row.whole is None else to_fen(Decimal(row.whole)),
        )
        for row in session.execute(named.order_by(rows.c.label, rows.c.subject_id))
    ]


def figure_of(session: Session, measure: Measure, window: Window) -> Figure:
    """Return the figure, added up by the database."""
    rows = measure.rows(window).subquery()
    part, whole = session.execute(select(func.sum(rows.c.part), func.sum(rows.c.whole))).one()
    return Figure(Decimal(part or 0), None if whole is None else Decimal(whole))


def _column(value: object, nothing: TypeEngine[Any]) -> ColumnElement[Any]:  # Any: a column of whatever type
    if isinstance(value, ColumnElement | InstrumentedAttribute):
        return cast("ColumnElement[Any]", value)  # Any: as above
    return sql_cast(null(), nothing) if value is None else literal(value)
