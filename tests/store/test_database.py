"""Transactions: all or nothing, writers in turn, references checked at the end."""

from contextlib import suppress
from datetime import date
from decimal import Decimal
from threading import Thread
from uuid import uuid4

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError, InternalError

from rules.working_days import published_calendar
from store import database as database_module
from store import tables as t
from store.calendar import load_calendar
from store.database import Database
from tests.store.builders import EVERYTHING, NOW


def word(code, **more):
    return t.Dictionary(name="n", code=code, label="l", **more)


def test_an_error_rolls_everything_back(database):
    def fail():
        with database.write(EVERYTHING) as session:
            session.add(word("a"))
            session.flush()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    with database.read(EVERYTHING) as session:
        assert session.scalars(select(t.Dictionary)).all() == []


def test_a_reading_session_keeps_nothing(database):
    with suppress(InternalError), database.read(EVERYTHING) as session:  # PostgreSQL refuses it at once
        session.add(word("a"))
        session.flush()
    with database.read(EVERYTHING) as session:
        session.add(word("a"))
    with database.read(EVERYTHING) as session:
        assert session.scalars(select(t.Dictionary)).all() == []


def test_a_connection_keeps_its_prepared_statements_from_one_reading_session_to_the_next(postgres_url):
    database = Database(postgres_url)
    for _ in range(8):
        with database.read(EVERYTHING) as session:
            session.scalars(select(t.Dictionary)).all()
    with database.write(EVERYTHING) as session:
        prepared = session.scalars(text("SELECT statement FROM pg_prepared_statements")).all()
    database.close()
    assert any("FROM dictionary" in statement for statement in prepared)


def test_rows_may_come_in_any_order_but_must_fit_in_the_end(database):
    provider = uuid4()
    with database.write(EVERYTHING) as session:
        session.add(t.Person(name="甲", org_id=provider))
        session.flush()
        session.add(t.Organization(id=provider, kind="provider", name="乙"))
    with pytest.raises(IntegrityError), database.write(EVERYTHING) as session:
        session.add(t.Person(name="丙", org_id=uuid4()))


def test_two_writers_take_turns(database):
    with database.write(EVERYTHING) as session:
        session.add(t.Setting(key="count", value={"n": 0}, set_at=NOW))

    def work():
        for _ in range(20):
            with database.write(EVERYTHING) as session:
                row = session.scalars(select(t.Setting).with_for_update()).one()
                row.value = {"n": row.value["n"] + 1}

    threads = [Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.read(EVERYTHING) as session:
        assert session.get(t.Setting, "count").value == {"n": 60}


def test_sqlite_writes_ahead_and_syncs_fully(sqlite_database, monkeypatch):
    """As the product runs it: tests leave the disk to the system (see conftest)."""
    monkeypatch.setattr(database_module, "SYNCHRONOUS", "FULL")
    sqlite_database.engine.dispose()
    with sqlite_database.engine.connect() as connection:
        assert connection.scalar(text("PRAGMA journal_mode")) == "wal"
        assert connection.scalar(text("PRAGMA synchronous")) == 2
        assert connection.scalar(text("PRAGMA foreign_keys")) == 1


def test_urls_name_their_driver_and_folders_are_made(tmp_path):
    assert Database("postgresql://u@h/d").url.drivername == "postgresql+psycopg"
    assert Database("postgresql+psycopg://u@h/d").dialect == "postgresql"
    Database(f"sqlite:///{tmp_path}/deep/er/weiran.db")
    assert (tmp_path / "deep" / "er").is_dir()
    assert Database("sqlite://").dialect == "sqlite"


def test_the_calendar_is_the_published_one_until_the_office_adds_days(database):
    day = date(2027, 1, 4)
    with database.write(EVERYTHING) as session:
        assert load_calendar(session) is published_calendar()
        session.add(t.CalendarDay(day=day, kind="rest"))
        session.add(t.CalendarDay(day=date(2027, 12, 31), kind="work"))
        session.add(t.CalendarDay(day=date(2027, 3, 1), kind="rest", provisional=True))
    with database.read(EVERYTHING) as session:
        calendar = load_calendar(session)
    assert not calendar.is_working_day(day)
    assert calendar.is_working_day(date(2027, 3, 1))
    assert not calendar.is_provisional(day)
    assert calendar.version != published_calendar().version


def test_the_visits_of_a_policy_are_not_sought_among_all_of_a_provider(sqlite_database):
    provider, unit = uuid4(), {"policyholder_id": None, "insurer_id": None}
    days = {"term_start": date(2026, 1, 1), "term_end": date(2026, 12, 31), "written_premium": Decimal(1)}
    with sqlite_database.write(EVERYTHING) as session:
        session.add(t.Organization(id=provider, kind="provider", name="甲", bigrams=""))
        for number in range(200):
            policy = t.Policy(id=uuid4(), number=str(number), org_id=provider, **days, **unit)
            visit = t.Visit(number=str(number), policy_id=policy.id, org_id=provider, **unit)
            visit.responsible_org_id = provider
            session.add_all((policy, visit))
    sqlite_database.note_sizes()
    asked = "SELECT 1 FROM visit WHERE policy_id = 'x' AND state <> 'archived' AND org_id = 'y'"
    with sqlite_database.engine.connect() as connection:
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {asked}").all()
    assert "policy_id=?" in str(plan)


def test_sizes_are_noted_on_either_database(database):
    database.note_sizes()


def test_a_connection_that_was_lost_while_it_rested_is_made_anew(postgres_url, monkeypatch):
    monkeypatch.setattr("store.database.RESTED_SECONDS", 0)
    database, other = Database(postgres_url), Database(postgres_url)
    backend = text("SELECT pg_backend_pid()")
    with database.read(EVERYTHING) as session:
        lost = session.scalar(backend)
    with other.write(EVERYTHING) as session:
        session.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": lost})
    with database.read(EVERYTHING) as session:
        assert session.scalar(backend) != lost
    database.close()
    other.close()
