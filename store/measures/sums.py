"""Figures added up by the database, several in one pass, told apart by dimensions; and the rows behind one."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any, cast  # Any: what tells figures apart is an id, a code, a month
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import (
    Cast,
    ColumnElement,
    CompoundSelect,
    Null,
    Subquery,
    extract,
    func,
    literal,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy import cast as sql_cast
from sqlalchemy.orm import Session

from rules.amounts import to_fen
from store.measures.model import OWNERS, AllRows, Figure, Measure, Rows, Window
from store.tables import Organization

DIMENSIONS = (*OWNERS, "category", "month")
"""What may tell figures apart; a month is its year times a hundred and its number."""

Place = tuple[Any, ...]  # Any: see above
Request = tuple[Measure, Window, tuple[str, ...]]
Sum = int | Decimal | None
Key = tuple[str, Window, tuple[str, ...]]
_HUNDRED = 100


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


class _Term(Struct, frozen=True):
    """A part of a figure that is added up: of which figure, from which rows, by which columns, and as what.

    `source` is what terms have in common that are added up together; `is_shared`, that it is a table.
    """

    key: Key
    rows: Rows
    places: tuple[str, ...]
    source: tuple[object, ...]
    is_shared: bool
    is_whole: bool = False


def figures(
    session: Session, asked: Iterable[tuple[Measure, Window]], by: Sequence[str] = ()
) -> dict[tuple[str, Window], dict[Place, Figure]]:
    """Return each measure in its window, in all or told apart by these dimensions; no place where nothing counts."""
    by = tuple(by)
    found = figures_by(session, [(measure, window, by) for measure, window in asked])
    return {(name, window): places for (name, window, _), places in found.items()}


def figures_by(session: Session, asked: Iterable[Request]) -> dict[Key, dict[Place, Figure]]:
    """Return each measure in its window, told apart by its own dimensions.

    What is counted from one table in one window is added up in one pass, by all dimensions that are asked of it, and
    the places of each figure are added up from that: sums of sums. What is counted otherwise is one statement for
    all counts and one for all amounts.
    """
    asked = list(asked)
    passes: dict[tuple[object, ...], list[_Term]] = defaultdict(list)
    for measure, window, by in asked:
        for term in _terms(measure, window, by):
            passes[term.source].append(term)
    sums: dict[Key, dict[Place, list[Sum]]] = {
        (measure.name, window, by): {} for measure, window, by in asked
    }
    for terms in passes.values():
        dimensions = tuple(dict.fromkeys(name for term in terms for name in term.places))
        statement = _together if terms[0].is_shared else _one_by_one
        for term, row, part, whole in _read(session.execute(statement(terms, dimensions)), terms, dimensions):
            place = tuple(_month(row[name]) if name == "day" else row[name] for name in term.places)
            _add(sums[term.key].setdefault(place, [None, None]), term, part, whole)
    return {
        key: {
            place: Figure(Decimal(part or 0), None if whole is None else Decimal(whole))
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


def _terms(measure: Measure, window: Window, by: tuple[str, ...]) -> Iterator[_Term]:
    """Yield what is added up for a figure; a month is added up from its days, which each measure has its own."""
    seen = replace(window, apart=True) if {"org_id", "insurer_id"} & set(by) else window
    places = tuple("day" if name == "month" else name for name in by)
    parts = [(_rows(measure.rows, seen), measure.source, False)]
    if measure.per is not None:
        parts.append((_rows(measure.per, seen), measure.per_source, True))
    for rows, source, is_whole in parts:
        own = measure.name if "day" in places else ""
        common: tuple[object, ...] = (source, window, own) if source else _kind(rows)
        yield _Term((measure.name, window, by), rows, places, common, bool(source), is_whole)


@lru_cache(maxsize=512)
def _rows(rows: Callable[[Window], Rows], window: Window) -> Rows:
    """Return the same statement for the same rows, so that they are added up once whatever asks for them."""
    return rows(window)


def _together(terms: Sequence[_Term], dimensions: Sequence[str]) -> Rows:
    """Add up several terms of one table in one pass: a row for each place, two sums for each kind of rows."""
    places = [_element(terms[0].rows, name) for name in dimensions]
    kinds = _kinds(terms)
    conditions = [_condition(rows) for rows in kinds]
    sums = [
        _summed(_element(rows, name), such if len(kinds) > 1 else None)
        for rows, such in zip(kinds, conditions, strict=True)
        for name in ("part", "whole")
    ]
    sums = [each.label(f"sum_{number}") for number, each in enumerate(sums)]
    # a FILTER hides the class of its columns: unnamed, the statement would be one of tables, which no scope narrows
    source = _class_of(kinds[0])
    statement = select(*places, *sums) if source is None else select(*places, *sums).select_from(source)
    return statement.where(or_(*conditions)).group_by(*places)


def _class_of(rows: Rows) -> Any:  # noqa: ANN401  # the class of some table
    """Return the class whose records the rows are; None of a part of the statement, which has its own classes."""
    return next(one["entity"] for one in rows.column_descriptions if one["name"] == "subject_id")


def _kinds(terms: Iterable[_Term]) -> list[Rows]:
    """Return the rows that several terms add up, each once."""
    return list({id(term.rows): term.rows for term in terms}.values())


def _summed(added: ColumnElement[Any], such: ColumnElement[bool] | None) -> ColumnElement[Any]:
    """Return the sum of a column where rows are such; of a column that is always empty, nothing."""
    if isinstance(added, Cast) and isinstance(added.clause, Null):
        return added
    return func.sum(added) if such is None else func.sum(added).filter(such)


def _one_by_one(terms: Sequence[_Term], dimensions: Sequence[str]) -> CompoundSelect[*tuple[object, ...]]:
    """Add up each term by itself, with its number before it; a place that it does not know is empty."""
    added = []
    for number, term in enumerate(terms):
        rows = term.rows.subquery()
        own = [rows.c[name] for name in term.places]
        places = [
            rows.c[name] if name in term.places else sql_cast(null(), rows.c[name].type)
            for name in dimensions
        ]
        sums = (func.sum(rows.c.part), func.sum(rows.c.whole))
        added.append(select(literal(number), *places, *sums).group_by(*own))
    return union_all(*added)


def _read(
    rows: Iterable[Any],  # Any: as the database gives them
    terms: Sequence[_Term],
    dimensions: Sequence[str],
) -> Iterator[tuple[_Term, Mapping[str, object], object, object]]:
    """Yield what was summed of each term, with the place by the names of the columns."""
    count = len(dimensions)
    kinds = [id(rows) for rows in _kinds(terms)]
    for row in rows:
        if not terms[0].is_shared:
            yield terms[int(row[0])], dict(zip(dimensions, row[1 : count + 1], strict=True)), *row[-2:]
            continue
        place = dict(zip(dimensions, row[:count], strict=True))
        pairs = zip(row[count::2], row[count + 1 :: 2], strict=True)
        sums = dict(zip(kinds, pairs, strict=True))
        for term in terms:
            part, whole = sums[id(term.rows)]
            if part is not None or whole is not None:
                yield term, place, part, whole


def _month(day: object) -> int | None:
    """Return the month of a day, None without one."""
    return day.year * _HUNDRED + day.month if isinstance(day, date) else None


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


def _add(sums: list[Sum], term: _Term, part: object, whole: object) -> None:
    """Add what was summed of a term to the part and the whole of its figure."""
    for at, value in enumerate((None, part) if term.is_whole else (part, whole)):
        if value is not None:
            exact = value if isinstance(value, int | Decimal) else Decimal(str(value))
            sums[at] = exact if (before := sums[at]) is None else before + exact
