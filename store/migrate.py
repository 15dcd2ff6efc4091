"""Bring a database to the newest schema, and tell whether it is there."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text
from sqlalchemy.schema import SchemaItem

from store import triggers
from store.database import Database

FOLDER = Path(__file__).parent.parent / "migrations"
_LOCK = 0x57454952414E  # "WEIRAN": one migration at a time on PostgreSQL

__all__ = ["configuration", "is_current", "is_ours", "newest", "present", "upgrade"]


def upgrade(database: Database) -> None:
    """Run what is missing, in one transaction; a second process waits and then finds nothing to do."""
    with database.writing() as connection:
        if database.dialect == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
        settings = configuration()
        settings.attributes["connection"] = connection
        command.upgrade(settings, "head")


def is_current(database: Database) -> bool:
    """Tell whether the schema is the newest one."""
    return present(database) == newest()


def present(database: Database) -> str | None:
    """Return the revision of this database, or None before the first migration."""
    with database.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def newest() -> str | None:
    """Return the newest revision that the product knows."""
    return ScriptDirectory.from_config(configuration()).get_current_head()


def configuration() -> Config:
    """Return Alembic's configuration; there is no file of it."""
    settings = Config()
    settings.set_main_option("script_location", str(FOLDER))
    settings.set_main_option("path_separator", "os")
    return settings


def is_ours(
    _item: SchemaItem,
    name: str | None,
    kind: str,
    _reflected: bool,  # noqa: FBT001  # signature of Alembic
    _compared: SchemaItem | None,
) -> bool:
    """Tell whether Alembic should compare this object; the search indexes are made by statements."""
    searches = tuple(f"{table}_search" for table in triggers.SEARCHED)
    return kind not in {"table", "index"} or not str(name).startswith(searches)
