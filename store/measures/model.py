"""What a measure is: rows that carry a part and a whole; a figure is the sums of its rows."""

from calendar import monthrange
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, cast
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Date,
    Integer,
    Select,
    String,
    Uuid,
    and_,
    false,
    literal,
    null,
    select,
    true,
)
from sqlalchemy import cast as sql_cast
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.types import TypeEngine

from rules.amounts import percent
from rules.working_days import LEGAL_ZONE

COUNT, PERCENT, MEAN, YUAN = "count", "percent", "mean", "yuan"
OWNERS = ("org_id", "insurer_id", "region_code", "industry")
"""The owner columns by which a window may be narrowed and figures told apart."""
_TENTH = Decimal("0.1")

Rows = Select[*tuple[object, ...]]
AllRows = Rows | CompoundSelect[*tuple[object, ...]]
Condition = ColumnElement[bool]
Day = (
    InstrumentedAttribute[date]
    | InstrumentedAttribute[date | None]
    | ColumnElement[date]
    | ColumnElement[date | None]
)


class Window(Struct, frozen=True):
    """The days that are looked at, both inclusive, as things stood on the last of them; of those alone that are named.

    `apart`: a unit counts once for each of its insurers and providers, since they are told apart.
    """

    first_day: date
    last_day: date
    org_id: UUID | None = None
    insurer_id: UUID | None = None
    region_code: str | None = None
    industry: str | None = None
    apart: bool = False

    def holds(self, day: Day) -> Condition:
        """Return the condition that a day lies in the window."""
        return day.between(self.first_day, self.last_day)

    def holds_moment(
        self, at: InstrumentedAttribute[datetime] | InstrumentedAttribute[datetime | None]
    ) -> Condition:
        """Return the condition that a moment lies on a day of the window, in Wenzhou."""
        begin, end = (
            datetime.combine(day, time(), LEGAL_ZONE)
            for day in (self.first_day, self.last_day + timedelta(days=1))
        )
        return (at >= begin) & (at < end)

    def owns(self, owner: Any, *names: str) -> Condition:  # noqa: ANN401  # a class with owner columns, or an alias
        """Return the condition that a row is of those who are named, by these owner columns, else by all."""
        given = {name: getattr(self, name) for name in names or OWNERS}
        return and_(
            true(),
            *(
                getattr(owner, name) == value if hasattr(owner, name) else false()
                for name, value in given.items()
                if value is not None
            ),
        )

    @property
    def named(self) -> Mapping[str, UUID | str]:
        """Return who is named, by the name of the owner column."""
        return {name: getattr(self, name) for name in OWNERS if getattr(self, name) is not None}

    @property
    def a_year_before(self) -> "Window":
        """Return the same days of the year before."""
        return replace(self, first_day=_earlier(self.first_day), last_day=_earlier(self.last_day))


class Measure(Struct, frozen=True):
    """A measure: `about` defines it in one sentence; `word` is what it counts; `rows` are as `counted` makes them.

    `per`: rows of whatever kind whose parts make the whole, where it is another kind of record.
    `source`: measures of one source select from the same table, so that one pass adds up several; `per_source`: as to
    the rows of `per`.
    `category`: the vocabulary of the rows' categories. `by_month`: its rows have a day; a state on a day has none.
    """

    name: str
    title: str
    about: str
    unit: str
    word: str
    rows: Callable[[Window], Rows]
    per: Callable[[Window], Rows] | None = None
    source: str = ""
    per_source: str = ""
    category: str = ""
    by_month: bool = True

    @property
    def nothing(self) -> Decimal | None:
        """Return what is shown where nothing counts: none of something, no share of nothing."""
        return Decimal(0) if self.unit in {COUNT, YUAN} else None

    def all_rows(self, window: Window) -> AllRows:
        """Return every row that adds to the part or to the whole."""
        rows = self.rows(window)
        if self.per is None:
            return rows
        over, under = rows.subquery(), self.per(window).subquery()
        kept = [column.key for column in over.c if column.key not in {"part", "whole"}]
        nothing = sql_cast(null(), under.c.part.type).label("whole")
        none = sql_cast(literal(0), over.c.part.type).label("part")
        parts = select(*(over.c[name] for name in kept), over.c.part, nothing)
        return parts.union_all(select(*(under.c[name] for name in kept), none, under.c.part.label("whole")))


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
    row_id: ColumnElement[UUID] | InstrumentedAttribute[UUID],
    label: ColumnElement[str] | InstrumentedAttribute[str],
    owner: object,
    *,
    part: object = 1,
    whole: object = None,
    day: object = None,
    category: object = None,
    **owners: object,
) -> Rows:
    """Return the columns of a measure's rows; `owner` is the table whose owner columns say whose the record is.

    `day` is the day by which a record belongs to a month; `owners` take the place of the table's own columns.
    """
    nowhere = _column(None, String())
    unit = getattr(owner, "policyholder_id", _column(None, Uuid()))
    given = {name: getattr(owner, name, None) for name in ("org_id", "insurer_id")} | owners
    return select(
        literal(subject).label("subject"),
        row_id.label("subject_id"),
        label.label("label"),
        unit.label("policyholder_id"),
        *(_column(given[name], Uuid()).label(name) for name in ("org_id", "insurer_id")),
        getattr(owner, "industry", nowhere).label("industry"),
        getattr(owner, "region_code", nowhere).label("region_code"),
        _column(category, String()).label("category"),
        _column(day, Date()).label("day"),
        _column(part, Integer()).label("part"),
        _column(whole, Integer()).label("whole"),
    )


def _earlier(day: date) -> date:
    """Return the day a year before; the last of February where there is no 29th."""
    return day.replace(year=day.year - 1, day=min(day.day, monthrange(day.year - 1, day.month)[1]))


def _column(value: object, nothing: TypeEngine[Any]) -> ColumnElement[Any]:  # Any: a column of whatever type
    if isinstance(value, ColumnElement | InstrumentedAttribute):
        return cast("ColumnElement[Any]", value)  # Any: as above
    return sql_cast(null(), nothing) if value is None else literal(value)
