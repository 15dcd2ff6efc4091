"""Statements that run together: in their order, counted one by one, all or nothing."""

import pytest
from sqlalchemy import bindparam, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from store.errors import MissingScopeError, StaleRowError
from store.prepared import Write, run, run_together
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


def test_statements_run_in_their_order(database):
    with database.write(EVERYTHING) as session:
        run_together(
            session,
            [
                Write(ADD, days(1, 2, 3)),
                Write(RENAME, {"old": "a", "new": "b"}),
                Write(ADD, days(4)),
                Write(REMOVE, {"old": "a"}, changes_one=True),
                Write(REMOVE, {"old": "nothing of this name"}),
            ],
        )
    assert names(database) == ["b", "b", "b"]


@pytest.mark.parametrize("there", [0, 2])
def test_what_was_to_change_one_row_and_did_not_undoes_all(database, there):
    with database.write(EVERYTHING) as session:
        run_together(session, [Write(ADD, days(*range(1, there + 1)))] if there else [])
    adding = [Write(ADD, days(9))] if there else []
    renaming = Write(RENAME, {"old": "a", "new": "b"}, changes_one=True)
    with pytest.raises(StaleRowError), database.write(EVERYTHING) as session:
        run_together(session, [*adding, renaming])
    assert names(database) == ["a"] * there


def test_a_row_that_breaks_a_rule_undoes_all_and_is_told_as_such(database):
    with pytest.raises(IntegrityError), database.write(EVERYTHING) as session:
        run_together(session, [Write(ADD, days(1)), Write(ADD, days(1)), Write(REMOVE, {"old": "a"})])
    assert names(database) == []


def test_the_session_reads_on_after_an_exchange(database):
    with database.write(EVERYTHING) as session:
        run_together(session, [Write(ADD, days(1, 2))])
        assert len(run(session, select(DAYS.c.day)).all()) == 2


def test_who_sees_only_a_part_may_not(database):
    with pytest.raises(MissingScopeError), database.write(Scope()) as session:
        run_together(session, [Write(ADD, days(1))])
