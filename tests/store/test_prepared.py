"""Statements that run together: in their order, counted one by one, all or nothing."""

import pytest
from sqlalchemy import bindparam, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from store.errors import MissingScopeError
from store.prepared import run, run_together
from store.scope import Scope
from store.tables import CalendarDay
from tests.store.builders import EVERYTHING, NOW

DAYS = CalendarDay.__table__
ADD = insert(DAYS)
RENAME = update(DAYS).where(DAYS.c.name == bindparam("old")).values(name=bindparam("new"))
REMOVE = delete(DAYS).where(DAYS.c.name == bindparam("old"))


def days(*ordinals):
    return [{"day": NOW.date().replace(day=n), "kind": "rest", "name": "a", "source": "s"} for n in ordinals]


def names(database):
    with database.read(EVERYTHING) as session:
        return session.scalars(select(DAYS.c.name).order_by(DAYS.c.day)).all()


def test_each_statement_tells_how_many_rows_it_touched(database):
    with database.write(EVERYTHING) as session:
        touched = run_together(
            session,
            [
                (ADD, days(1, 2, 3)),
                (RENAME, {"old": "a", "new": "b"}),
                (ADD, days(4)),
                (REMOVE, {"old": "a"}),
                (REMOVE, {"old": "nothing of this name"}),
            ],
        )
    assert touched[1:] == [3, 1, 1, 0]
    assert names(database) == ["b", "b", "b"]


def test_a_row_that_breaks_a_rule_undoes_all_and_is_told_as_such(database):
    with pytest.raises(IntegrityError), database.write(EVERYTHING) as session:
        run_together(session, [(ADD, days(1)), (ADD, days(1)), (REMOVE, {"old": "a"})])
    assert names(database) == []


def test_the_session_reads_on_after_an_exchange(database):
    with database.write(EVERYTHING) as session:
        run_together(session, [(ADD, days(1, 2))])
        assert len(run(session, select(DAYS.c.day)).all()) == 2


def test_who_sees_only_a_part_may_not(database):
    with pytest.raises(MissingScopeError), database.write(Scope()) as session:
        run_together(session, [(ADD, days(1))])
