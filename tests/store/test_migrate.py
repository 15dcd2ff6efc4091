"""Schema from migrations = schema from tables, on both databases."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

from store import migrate, revision, triggers
from store.database import Database
from store.tables import Base


def test_a_migrated_database_is_current_and_a_second_run_changes_nothing(database):
    assert revision.is_current(database)
    migrate.upgrade(database)
    with database.engine.connect() as connection:
        assert MigrationContext.configure(connection).get_current_revision() == revision.present(database)


def test_the_newest_file_is_the_head_of_the_migrations():
    assert ScriptDirectory.from_config(migrate.configuration()).get_current_head() == revision.newest()


def test_an_empty_database_is_not_current(tmp_path):
    database = Database(f"sqlite:///{tmp_path}/empty.db")
    assert not revision.is_current(database)
    database.close()


def test_the_migrated_schema_is_the_schema_of_the_tables(database):
    with database.engine.connect() as connection:
        options = {"compare_type": True, "include_object": migrate.is_ours}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, Base.metadata) == []


@pytest.fixture
def made_by_tables(database_url, tmp_path, request):
    if database_url.startswith("sqlite"):
        made = Database(f"sqlite:///{tmp_path}/made.db")
    else:
        made = _empty_twin(Database(database_url))
    Base.metadata.create_all(made.engine)
    yield made
    made.close()


def _empty_twin(database):
    """Empty the clone: what is left is a database without our schema."""
    with database.engine.begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    return database


def test_guards_and_search_are_the_same_from_migrations_as_from_tables(database_url, made_by_tables):
    migrated = Database(made_by_tables.url.render_as_string(hide_password=False))
    if made_by_tables.dialect == "sqlite":
        migrated = Database(database_url)
        assert _catalogue(migrated) == _catalogue(made_by_tables)
    else:
        from_tables = _catalogue(made_by_tables)
        _empty_twin(migrated)
        migrate.upgrade(migrated)
        assert _catalogue(migrated) == from_tables
    migrated.close()


def test_the_statements_may_run_twice(database):
    with database.writing() as connection:
        before = len(inspect(connection).get_table_names())
        triggers.execute(connection)
        assert len(inspect(connection).get_table_names()) == before


def _catalogue(database):
    """List everything that the database keeps beside tables, as it words it."""
    sqlite = (
        "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' OR name LIKE '%_search' ORDER BY name"
    )
    postgres = (
        "SELECT tgname || tgrelid::regclass, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal "
        "UNION ALL SELECT proname, prosrc FROM pg_proc WHERE proname LIKE 'weiran%' "
        "UNION ALL SELECT indexname, indexdef FROM pg_indexes WHERE indexname LIKE '%_search' ORDER BY 1"
    )
    with database.engine.connect() as connection:
        rows = connection.execute(
            text(sqlite if database.dialect == "sqlite" else postgres.replace("::", r"\:\:"))
        )
        return dict(rows.all())
