"""The hook that puts the scope into every statement, and the stamp on every new row.

Each SELECT, UPDATE and DELETE of a session is read through before it runs. For every table in it,
wherever it stands, the scope's condition is added; what carries no class (a plain table, a text, a SELECT
that SQLAlchemy does not take for one of classes) cannot be followed and is refused, unless its rows are everybody's.
"""

from collections.abc import Iterator
from datetime import datetime
from functools import cache, lru_cache
from typing import Any  # Any: a SELECT of whatever columns
from uuid import UUID

from sqlalchemy import Alias, ClauseElement, Column, Delete, FromClause, Join, Select, Table, Update, event
from sqlalchemy.orm import Mapper, ORMExecuteState, Session, UOWTransaction, with_loader_criteria
from sqlalchemy.orm.util import LoaderCriteriaOption
from sqlalchemy.sql.elements import TextClause
from sqlalchemy.sql.visitors import HasTraverseInternals

from store.errors import MissingScopeError, UnscopedStatementError
from store.scope import Scope
from store.tables.base import Base, Shared, Stamped
from store.visibility import criterion


class ScopedSession(Session):
    """A session that shows nothing beyond the scope in its `info`."""


def add_scope(state: ORMExecuteState) -> None:
    """Narrow one statement to what the session's scope shows."""
    if state.is_column_load or state.is_insert:
        return
    scope = state.session.info.get("scope")
    if not isinstance(scope, Scope):
        raise MissingScopeError("a statement needs a session with a scope")
    if scope.sees_everything:
        return
    if not isinstance(state.statement, ClauseElement):
        raise UnscopedStatementError(f"{type(state.statement).__name__} cannot be followed")
    criteria = [_narrowed(model, scope) for model in _models_in(state.statement)]
    state.statement = state.statement.options(*criteria)
    if state.is_update or state.is_delete:
        # SQLAlchemy would look up the rows first, by a statement that names no class.
        state.update_execution_options(synchronize_session=False)


@lru_cache(maxsize=512)
def _narrowed(model: type[Base], scope: Scope) -> LoaderCriteriaOption:
    """Return the scope's condition on one class; the same for all statements of a request."""
    return with_loader_criteria(model, criterion(model, scope), include_aliases=True)


def _models_in(statement: ClauseElement) -> list[type[Base]]:
    """Return the scoped classes that a statement reads, in a stable order."""
    found: dict[str, type[Base]] = {}
    if (loaded := _loaded_by_id(statement)) is not None:
        return [] if isinstance(loaded.__scope__, Shared) else [loaded]
    target = _target_of(statement)
    for element in _elements(statement):
        if isinstance(element, TextClause):
            raise UnscopedStatementError("a text statement has no scope")
        if isinstance(element, Column) and element.table is target:
            continue
        for model in _models_of(element):
            if not isinstance(model.__scope__, Shared):
                found[model.__tablename__] = model
    return [found[name] for name in sorted(found)]


def _elements(statement: HasTraverseInternals) -> Iterator[HasTraverseInternals]:
    """Yield each element of a statement once: a CTE stands wherever it is read from, with all that is in it.

    Elements are kept, since another one could get the id of one that is gone and be left out.
    """
    seen: dict[int, HasTraverseInternals] = {}
    waiting = [statement]
    while waiting:
        element = waiting.pop()
        if id(element) not in seen:
            seen[id(element)] = element
            yield element
            waiting.extend(element.get_children())


def _loaded_by_id(statement: ClauseElement) -> type[Base] | None:
    """Return the class that `session.get` loads: its condition is the mapper's own, of plain columns."""
    mapper = statement._propagate_attrs.get("plugin_subject")  # noqa: SLF001  # no public way
    if not isinstance(statement, Select) or not isinstance(mapper, Mapper):
        return None
    own, _ = mapper._get_clause  # noqa: SLF001  # no public way
    conditions = statement._where_criteria  # noqa: SLF001  # no public way
    return mapper.class_ if len(conditions) == 1 and conditions[0] is own else None


def _target_of(statement: ClauseElement) -> object:
    """Return the table that a class's UPDATE or DELETE changes: its own columns come without the class."""
    if isinstance(statement, Update | Delete):
        entity = statement.table._annotations.get("parententity")  # noqa: SLF001  # no public way
        return entity.local_table if entity is not None else None
    return None


def _models_of(element: object) -> Iterator[type[Base]]:
    """Return the class that an element stands for; refuse a column or table that stands for none."""
    entity = getattr(element, "_annotations", {}).get("parententity")
    if entity is not None:
        yield entity.mapper.class_
    elif isinstance(element, Select):
        for part in (*element._raw_columns, *element._from_obj, *(j[0] for j in element._setup_joins)):  # noqa: SLF001  # no public way
            _refuse_plain(part)
        _refuse_classless(element)
    elif isinstance(element, Join):
        _refuse_plain(element.left)
        _refuse_plain(element.right)
    elif isinstance(element, Column):
        _refuse_plain(element.table)


def _refuse_plain(part: object) -> None:
    """Refuse a table, or an alias of one, that does not come from its class."""
    if "parententity" in getattr(part, "_annotations", {}):
        return
    table = part.element if isinstance(part, Alias) else part
    if isinstance(table, Table) and table in _guarded_tables():
        raise UnscopedStatementError(f"{table.name} is read as a plain table, so no scope applies")


def _refuse_classless(select: Select[Any]) -> None:
    """Refuse a SELECT of classes that is compiled as one of tables: the scope's conditions would be left out.

    So is one that hides its class in a FILTER or an AND of conditions: it has to name it by `select_from`.
    """
    if select._propagate_attrs.get("compile_state_plugin") == "orm":  # noqa: SLF001  # no public way
        return
    for source in select.get_final_froms():
        for part in source._from_objects:  # noqa: SLF001  # no public way
            table = part.element if isinstance(part, Alias) else part
            if table in _guarded_tables():
                raise UnscopedStatementError(f"{table} is read without its class, so no scope applies")


@cache
def _guarded_tables() -> frozenset[FromClause]:
    classes = (mapper.class_ for mapper in Base.registry.mappers)
    return frozenset(c.__table__ for c in classes if not isinstance(c.__scope__, Shared))


def stamp(session: Session, _context: UOWTransaction, _instances: object) -> None:
    """Note on new rows when they were made and by whom, if the session knows."""
    now: datetime | None = session.info.get("now")
    actor: UUID | None = session.info.get("actor")
    for row in session.new:
        if isinstance(row, Stamped):
            if row.created_at is None and now is not None:
                row.created_at = now
            if row.created_by is None:
                row.created_by = actor


event.listen(ScopedSession, "do_orm_execute", add_scope)
event.listen(ScopedSession, "before_flush", stamp)
