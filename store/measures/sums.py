"""Figures added up by the database, several in one pass, told apart by dimensions; and the rows behind one."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, cast  # Any: what tells figures apart is an id, a code, a month
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Subquery,
    case,
    extract,
    func,
    literal,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from rules.amounts import to_fen
from store.measures.model import OWNERS, AllRows, Figure, Measure, Rows, Window
from store.tables import Organization

DIMENSIONS = (*OWNERS, "category", "month")
"""What may tell figures apart; a month is its year times a hundred and its number."""

Place = tuple[Any, ...]  # Any: see above


@dataclass(frozen=True, slots=True)
class MeasureRow:
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


@dataclass(frozen=True, slots=True)
class _Term:
    """A part of a figure that is added up: by which measure and window, from which rows, and as what."""

    key: tuple[str, Window]
    rows: Rows
    source: str
    is_whole: bool = False


def figures(
    session: Session, asked: Iterable[tuple[Measure, Window]], by: Sequence[str] = ()
) -> dict[tuple[str, Window], dict[Place, Figure]]:
    """Return each measure in its window, in all or told apart by these dimensions; no place where nothing counts.

    One statement for each table that is counted from, and one for all counts and one for all amounts of other kinds.
    """
    asked = list(asked)
    shared: dict[str, list[_Term]] = defaultdict(list)
    alone: dict[tuple[object, ...], list[_Term]] = defaultdict(list)
    for measure, window in asked:
        for term in _terms(measure, window, by):
            (shared[term.source] if term.source else alone[_kind(term.rows)]).append(term)
    sums: dict[tuple[str, Window], dict[Place, list[Decimal | None]]] = {
        (measure.name, window): {} for measure, window in asked
    }
    for terms in shared.values():
        for row in session.execute(_together(terms, by)):
            place = tuple(row[: len(by)])
            for term, part, whole in zip(terms, row[len(by) :: 2], row[len(by) + 1 :: 2], strict=True):
                _add(sums[term.key].setdefault(place, [None, None]), term, part, whole)
    for terms in alone.values():
        for row in session.execute(_one_by_one(terms, by)):
            term = terms[int(str(row[0]))]
            _add(sums[term.key].setdefault(tuple(row[1:-2]), [None, None]), term, *row[-2:])
    return {
        key: {
            place: Figure(part or Decimal(0), whole)
            for place, (part, whole) in places.items()
            if part is not None or whole is not None
        }
        for key, places in sums.items()
    }


def rows_of(
    session: Session,
    measure: Measure,
    window: Window,
    narrowed: Mapping[str, object] | None = None,
    *,
    limit: int | None = None,
    offset: int = 0,
) -> list[MeasureRow]:
    """Return the rows behind a figure, or behind one place of it, in a settled order."""
    rows = _at(measure, window, narrowed or {})
    named = (
        select(rows, Organization.name.label("unit"))
        .outerjoin(Organization, Organization.id == rows.c.policyholder_id)
        .order_by(rows.c.label, rows.c.subject_id, rows.c.part)
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
        for row in session.execute(named.limit(limit).offset(offset))
    ]


def rows_sum(
    session: Session, measure: Measure, window: Window, narrowed: Mapping[str, object]
) -> tuple[int, Figure]:
    """Return how many rows stand behind a figure or a place of it, and what they add up to."""
    rows = _at(measure, window, narrowed)
    count, part, whole = session.execute(
        select(func.count(), func.sum(rows.c.part), func.sum(rows.c.whole))
    ).one()
    return count, Figure(Decimal(part or 0), None if whole is None else Decimal(whole))


def _at(measure: Measure, window: Window, narrowed: Mapping[str, object]) -> Subquery:
    """Give the rows of one place."""
    rows = _with_places(measure.all_rows(window), narrowed)
    places = [
        rows.c[name].is_(None) if value is None else rows.c[name] == value for name, value in narrowed.items()
    ]
    return select(rows).where(*places).subquery() if places else rows


def _terms(measure: Measure, window: Window, by: Sequence[str]) -> Iterator[_Term]:
    """Yield what is added up for a figure; months differ by the day that counts, so that each is a pass of its own."""
    seen = replace(window, apart=True) if {"org_id", "insurer_id"} & set(by) else window
    key = (measure.name, window)
    of_both = "" if "month" in by else measure.source
    yield _Term(key, measure.rows(seen), of_both)
    if measure.per is not None:
        yield _Term(key, measure.per(seen), "", is_whole=True)


def _together(terms: Sequence[_Term], by: Sequence[str]) -> Rows:
    """Add up several terms of one table in one pass."""
    columns = [terms[0].rows.selected_columns[name] for name in by]
    conditions: list[ColumnElement[bool]] = []
    for number, term in enumerate(terms):
        such = _condition(term.rows)
        conditions.append(such)
        for name in ("part", "whole"):
            value = _element(term.rows, name)
            columns.append(case((such, value)).label(f"{name}_{number}"))
    rows = select(*columns).where(or_(*conditions)).subquery()
    places = [rows.c[name] for name in by]
    sums = [func.sum(column) for column in list(rows.c)[len(by) :]]
    return select(*places, *sums).group_by(*places)


def _one_by_one(terms: Sequence[_Term], by: Sequence[str]) -> CompoundSelect[*tuple[object, ...]]:
    """Add up each term by itself, with its number before it."""
    added = []
    for number, term in enumerate(terms):
        rows = _with_places(term.rows, by)
        places = [rows.c[name] for name in by]
        sums = (func.sum(rows.c.part), func.sum(rows.c.whole))
        added.append(select(literal(number), *places, *sums).group_by(*places))
    return union_all(*added)


def _with_places(rows: AllRows, by: Iterable[str]) -> Subquery:
    """Give rows with the dimensions that are computed."""
    found = rows.subquery()
    if "month" not in by:
        return found
    month = extract("year", found.c.day) * 100 + extract("month", found.c.day)
    return select(found, month.label("month")).subquery()


def _kind(rows: Rows) -> tuple[object, ...]:
    """Return of which types part and whole are: in a union they must be the same, since the first one's are read."""
    return tuple(_element(rows, name).type.__class__ for name in ("part", "whole"))


def _condition(rows: Rows) -> ColumnElement[bool]:
    """Return what makes a record count."""
    condition = rows.whereclause
    if condition is None:
        raise ValueError("a measure says which records count")
    return condition


def _element(rows: Rows, name: str) -> ColumnElement[Any]:  # Any: an amount or a count
    column: Any = rows.selected_columns[name]
    return cast("ColumnElement[Any]", column.element)


def _add(sums: list[Decimal | None], term: _Term, part: object, whole: object) -> None:
    """Add what was summed of a term to the part and the whole of its figure."""
    for at, value in enumerate((None, part) if term.is_whole else (part, whole)):
        if value is not None:
            sums[at] = (sums[at] or Decimal(0)) + Decimal(str(value))
