"""A statement compiled once for one database: its text, how values go into it, how rows come out of it.

SQLAlchemy makes the text and converts the values by the columns' types, as ever; what is spared is the context,
cursor and result that it builds for each run, which cost more than the database takes for a small statement.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from itertools import repeat
from typing import Any, NamedTuple  # Any: values and cursors of the drivers are untyped

from sqlalchemy import Dialect, Executable, Select
from sqlalchemy.schema import Column
from sqlalchemy.sql.compiler import SQLCompiler

Values = Mapping[str, object]
Convert = Callable[[Any], Any]  # Any: to or from what a driver takes
_Make = Callable[[], object]


class _Place(NamedTuple):
    """One place of a statement: the name by which its value is given, and what stands there if none is."""

    place: str
    name: str
    convert: Convert | None
    otherwise: _Make | None


class Plan:
    """What is sent of a statement whose values have these names."""

    def __init__(self, statement: Executable, dialect: Dialect, names: frozenset[str]) -> None:
        """Compile; no list in the statement may change its length from run to run (`expanding`)."""
        compiled = statement.compile(dialect=dialect, column_keys=sorted(names))  # type: ignore[attr-defined]  # all compile
        self.text: str = compiled.string
        self._order: Sequence[str] | None = compiled.positiontup
        self._places = _places(compiled, dialect, names)
        self._types = (
            [column.type for column in statement.selected_columns] if isinstance(statement, Select) else []
        )
        self._dialect = dialect
        self._converts: list[tuple[int, Convert]] | None = None

    def arguments(self, values: Values) -> Mapping[str, object] | Sequence[object]:
        """Return what the driver takes for these values."""
        sent: dict[str, object] = {}
        for place, name, convert, otherwise in self._places:
            value = values[name] if otherwise is None else otherwise()
            sent[place] = value if value is None or convert is None else convert(value)
        return sent if self._order is None else [sent[place] for place in self._order]

    def rows(self, cursor: Any) -> list[tuple[Any, ...]]:  # noqa: ANN401  # a driver's cursor, and its values
        """Return the rows that a cursor has found, each value as its column's type has it."""
        if self._converts is None:
            codes = [column[1] for column in cursor.description]
            self._converts = _converts(self._types, codes, self._dialect)
        found = []
        for source in cursor.fetchall():
            values = list(source)
            for n, convert in self._converts:
                values[n] = convert(values[n])
            found.append(tuple(values))
        return found


@lru_cache(maxsize=512)
def plan(statement: Executable, dialect: Dialect, names: frozenset[str]) -> Plan:
    """Return the plan of a statement, made with its first run."""
    return Plan(statement, dialect, names)


def _places(compiled: SQLCompiler, dialect: Dialect, names: frozenset[str]) -> list[_Place]:
    made = {column.key: _default(column) for column in compiled.insert_prefetch}
    places = []
    for bound, place in compiled.bind_names.items():
        convert = bound.type.dialect_impl(dialect).bind_processor(dialect)
        otherwise: _Make | None = None
        if bound.key not in names and not bound.required:
            otherwise = made.get(bound.key) or repeat(bound.value).__next__
        places.append(_Place(place, bound.key, convert, otherwise))
    return places


def _default(column: Column[Any]) -> _Make:  # Any: of whatever type
    """Return what makes the value that a new row has where none is given."""
    default: Any = column.default  # Any: SQLAlchemy keeps a constant or a function of its context here
    return (lambda: default.arg(None)) if default.is_callable else repeat(default.arg).__next__


def _converts(types: Sequence[Any], codes: Sequence[Any], dialect: Dialect) -> list[tuple[int, Convert]]:
    found = []
    for n, (type_, code) in enumerate(zip(types, codes, strict=True)):
        convert = type_.dialect_impl(dialect).result_processor(dialect, code)
        if convert is not None:
            found.append((n, convert))
    return found
