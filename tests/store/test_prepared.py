"""Statements past the ORM: in their order, counted one by one, all or nothing, with the values that the ORM has."""

from uuid import uuid4

import pytest
from sqlalchemy import bindparam, delete, insert, literal_column, select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from store.errors import MissingScopeError, StaleRowError
from store.prepared import Write, ask, run, run_together
from store.scope import Scope
from store.tables import CalendarDay, Job
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


JOBS = Job.__table__
ADD_JOB = insert(JOBS)
JOB = select(*JOBS.columns).where(JOBS.c.id == bindparam("job"))


def test_values_go_in_and_come_out_as_their_columns_have_them(database):
    row = {"id": uuid4(), "kind": "k", "args": {"名": ["喆", 1]}, "run_at": NOW, "state": "ready"}
    with database.write(EVERYTHING) as session:
        run_together(session, [Write(ADD_JOB, row)])
    with database.write(EVERYTHING) as session:
        (found,) = ask(session, JOB, {"job": row["id"]})
        loaded = session.get_one(Job, row["id"])
        assert dict(zip(JOBS.columns.keys(), found, strict=True)) == {
            name: getattr(loaded, name)
            for name in JOBS.columns.keys()  # noqa: SIM118 - a collection of columns
        }
    assert (loaded.args, loaded.run_at) == (row["args"], NOW)


def test_each_row_gets_its_own_value_where_none_is_given(database):
    rows = [{"kind": "k", "args": {}, "run_at": NOW, "state": "ready"} for _ in range(3)]
    with database.write(EVERYTHING) as session:
        run_together(session, [Write(ADD_JOB, rows), Write(ADD_JOB, rows[:1])])
        found = session.scalars(select(Job)).all()
    assert len({job.id for job in found}) == 4
    assert [(job.attempt, job.last_error) for job in found] == [(0, "")] * 4


def test_a_value_that_is_wanted_and_not_given_is_named(database):
    with pytest.raises(KeyError, match="job"), database.write(EVERYTHING) as session:
        ask(session, JOB, {})


def test_what_the_database_refuses_is_told_as_its_error(database):
    nowhere = select(literal_column("1")).select_from(text("nowhere"))
    with pytest.raises(DBAPIError, match="nowhere"), database.write(EVERYTHING) as session:
        ask(session, nowhere, {})
