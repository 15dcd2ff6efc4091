"""The inbox reads one index range per principal, however many items there are."""

import pytest
from sqlalchemy import event

from store.pages.inbox import Cursor, View, inbox_counts, inbox_page
from webapp.identity import actor_of
from webapp.inbox.listing import reader_of
from webapp.sessions import SignedIn
from workflows.people import Actor


@pytest.fixture
def reader(city):
    """A coordinator as the page sees the person, with the session's scope."""
    world = city.world
    who = SignedIn(
        session_id=world.offices.people["coordinator"],
        seen_at=world.clock(),
        stepped_up_at=None,
        person_id=world.offices.people["coordinator"],
        name="林若衡",
        login="coordinator",
        must_change_password=False,
        org_id=world.offices.provider,
        org_name="",
        org_kind="provider",
        org_region=None,
        org_industry=None,
        roles=frozenset({"coordinator", "provider_manager"}),
        regions=frozenset(),
    )
    with city.web.app.app_context():
        acting: Actor = actor_of(who)
    return reader_of(who, world.clock()), acting.scope


def plan(database, scope, question) -> list[str]:
    """Return SQLite's plan of the first statement that a question asks."""
    asked: list[tuple[str, object]] = []

    def note(_connection, _cursor, statement, parameters, _context, _many):
        asked.append((statement, parameters))

    event.listen(database.engine, "before_cursor_execute", note)
    with database.read(scope) as session:
        question(session)
    event.remove(database.engine, "before_cursor_execute", note)
    statement, parameters = next(each for each in asked if "work_item" in each[0])
    with database.engine.connect() as connection:
        rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
        return [row[3] for row in rows]


@pytest.mark.parametrize("view", [View.MINE, View.POOL, View.TODAY, View.OVERDUE])
def test_a_page_never_scans_all_work_items(city, reader, view):
    who, scope = reader
    steps = plan(city.world.runtime.database, scope, lambda session: inbox_page(session, who, view))
    assert not any(step.startswith("SCAN work_item") for step in steps)
    assert any("ix_work_item_mine" in step or "ix_work_item_pool" in step for step in steps)


def test_a_later_page_begins_where_the_one_before_ended(city, reader):
    who, scope = reader
    last = Cursor(who.midnight, who.person_id)
    steps = plan(
        city.world.runtime.database, scope, lambda session: inbox_page(session, who, View.POOL, after=last)
    )
    assert any("ix_work_item_pool" in step and "(due_at,id)>(?,?)" in step for step in steps)


def test_a_search_looks_at_the_cases_of_the_own_items_alone(city, reader):
    who, scope = reader
    steps = plan(
        city.world.runtime.database, scope, lambda session: inbox_page(session, who, View.POOL, query="公司")
    )
    assert not any("cases_search" in step or step.startswith("SCAN cases") for step in steps)
    assert any(step.startswith("SEARCH cases") and "(id=?)" in step for step in steps)


def test_counts_never_scan_all_work_items(city, reader):
    who, scope = reader
    steps = plan(city.world.runtime.database, scope, lambda session: inbox_counts(session, who))
    assert not any(step.startswith("SCAN work_item") for step in steps)
