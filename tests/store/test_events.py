"""Events are chained; whoever changes, removes or moves one is found."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import delete, insert, select, text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import undefer

from store import tables as t
from store.events import EventDraft, append, append_record, data_of, link, verify
from tests.store.builders import EVERYTHING, NOW, World, add_world, make_case


@pytest.fixture
def told(database, mine):
    """A case with two commands of two events each, and a record with three."""
    with database.write(EVERYTHING) as session:
        case = session.get(t.Case, mine.case)
        for version in (1, 2):
            case.version = version
            append(session, case, drafts(version), mine.expert, None, NOW)
        for n in range(3):
            append_record(
                session, "organization", mine.unit, "changed", {"n": n}, mine.coordinator, NOW, mine.provider
            )
    return mine


def drafts(version):
    return [
        EventDraft("step.completed", "check_in", {"v": version}),
        EventDraft("engine.end", None, {"名": "结束"}),
    ]


def bad(database):
    with database.read(EVERYTHING) as session:
        return verify(session)


def without_guards(database, statement):
    """Run a statement as a database administrator would who first removes what is in the way."""
    with database.writing() as connection:
        if database.dialect == "sqlite":
            names = connection.scalars(
                text("SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE '%keep%'")
            )
            for name in names.all():
                connection.execute(text(f"DROP TRIGGER {name}"))
        else:
            connection.execute(text("SET session_replication_role = replica"))
        connection.execute(statement)
        if database.dialect == "postgresql":
            connection.execute(text("SET session_replication_role = origin"))


def test_the_chains_of_untouched_events_verify(database, told):
    assert bad(database) is None
    with database.read(EVERYTHING) as session:
        events = session.scalars(select(t.CaseEvent).order_by(t.CaseEvent.version, t.CaseEvent.n)).all()
        case = session.get(t.Case, told.case)
    assert [(e.version, e.n) for e in events] == [(1, 0), (1, 1), (2, 0), (2, 1)]
    assert (case.head_hash, case.event_count) == (events[-1].hash, 4)
    assert data_of(events[1].body) == {"名": "结束"}
    assert events[0].hash == link("", events[0].body)
    assert events[0].at == NOW


def test_a_version_goes_on_counting_within_one_transaction(database, mine):
    with database.write(EVERYTHING) as session:
        case = session.get(t.Case, mine.case)
        append(session, case, drafts(0), None, None, NOW)
        append(session, case, [], None, None, NOW)
        append(session, case, drafts(0), None, mine.expert, NOW)
    with database.read(EVERYTHING) as session:
        assert session.scalars(select(t.CaseEvent.n).order_by(t.CaseEvent.n)).all() == [0, 1, 2, 3]
    assert bad(database) is None


def test_a_moment_in_another_zone_verifies(database, mine):
    here = datetime(2026, 11, 24, 10, 0, 0, 123456, tzinfo=UTC).astimezone(tz=None)
    with database.write(EVERYTHING) as session:
        append(session, session.get(t.Case, mine.case), drafts(0), None, None, here)
    assert bad(database) is None


@pytest.mark.parametrize(
    "tampering",
    [
        update(t.CaseEvent.__table__).where(t.CaseEvent.n == 0, t.CaseEvent.version == 1).values(body=b"{}"),
        update(t.CaseEvent.__table__).where(t.CaseEvent.n == 1).values(kind="other"),
        update(t.CaseEvent.__table__).where(t.CaseEvent.n == 1).values(actor_id=uuid4()),
        update(t.CaseEvent.__table__).where(t.CaseEvent.n == 1).values(at=NOW + timedelta(hours=1)),
        update(t.CaseEvent.__table__).where(t.CaseEvent.version == 2, t.CaseEvent.n == 1).values(n=7),
        delete(t.CaseEvent.__table__).where(t.CaseEvent.version == 1, t.CaseEvent.n == 1),
        delete(t.CaseEvent.__table__).where(t.CaseEvent.version == 2, t.CaseEvent.n == 1),
        delete(t.CaseEvent.__table__),
        delete(t.RecordEvent.__table__).where(t.RecordEvent.number == 2),
        update(t.RecordEvent.__table__).where(t.RecordEvent.number == 2).values(org_id=None),
    ],
)
def test_tampering_behind_the_guards_is_found(database, told, tampering):
    without_guards(database, tampering)
    assert bad(database) is not None


def test_the_first_bad_link_is_named(database, told):
    without_guards(
        database, update(t.RecordEvent.__table__).where(t.RecordEvent.number == 2).values(body=b"{}")
    )
    found = bad(database)
    assert (found.chain, found.number) == (f"organization {told.unit}", "2")


def test_a_case_that_lost_its_whole_chain_is_named_among_others(database, told, theirs):
    with database.write(EVERYTHING) as session:
        append(session, session.get(t.Case, theirs.case), drafts(0), None, None, NOW)
    without_guards(database, delete(t.CaseEvent.__table__).where(t.CaseEvent.case_id == told.case))
    assert bad(database).chain == f"case {told.case}"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE case_event SET kind = 'x'",
        "DELETE FROM case_event",
        "UPDATE record_event SET kind = 'x'",
        "DELETE FROM record_event",
        "UPDATE release SET manifest = 'x'",
        "DELETE FROM release",
    ],
)
def test_the_database_refuses_to_change_what_was_written(database, told, statement):
    with pytest.raises(IntegrityError, match=r"append-only|frozen"), database.writing() as connection:
        connection.execute(text(statement))


def test_postgresql_refuses_to_empty_a_log(database, told):
    if database.dialect == "postgresql":
        with pytest.raises(IntegrityError, match="append-only"), database.writing() as connection:
            connection.execute(text("TRUNCATE case_event"))


def test_postgresql_refuses_a_forged_event(database, told):
    forged = t.CaseEvent(
        case_id=told.case,
        version=9,
        n=0,
        org_id=told.provider,
        kind="x",
        at=NOW,
        body=b"{}",
        prev_hash="",
        hash="0" * 64,
    )
    if database.dialect == "postgresql":
        with pytest.raises(IntegrityError, match="forged"), database.write(EVERYTHING) as session:
            session.add(forged)


def test_two_who_append_to_one_record_do_not_both_succeed(database, told):
    with database.read(EVERYTHING) as session:
        last = session.scalars(select(t.RecordEvent).order_by(t.RecordEvent.number.desc()).limit(1)).one()
        again = {name: getattr(last, name) for name in t.RecordEvent.__table__.columns.keys()}  # noqa: SIM118  # no dict
    with pytest.raises(IntegrityError), database.write(EVERYTHING) as session:
        session.execute(insert(t.RecordEvent), [again])


def test_the_state_of_a_case_is_not_loaded_unasked(database, mine):
    other = World(provider=mine.provider, insurer=mine.insurer, unit=mine.unit, release=mine.release)
    with database.write(EVERYTHING) as session:
        session.add(make_case(other, state=b"W", visit_id=None))
    with database.read(EVERYTHING) as session:
        found = session.get(t.Case, other.case)
        assert "state" not in found.__dict__
    with database.read(EVERYTHING) as session:
        assert (
            session.scalars(select(t.Case).where(t.Case.id == other.case).options(undefer(t.Case.state)))
            .one()
            .state
            == b"W"
        )


def test_a_second_world_has_a_chain_of_its_own(database, told):
    other = add_world(database, World())
    with database.write(EVERYTHING) as session:
        append(session, session.get(t.Case, other.case), drafts(0), None, None, NOW)
    assert bad(database) is None
