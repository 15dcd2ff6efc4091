"""Bring a database to the newest schema."""

from alembic import command
from alembic.config import Config
from sqlalchemy import text
from sqlalchemy.schema import SchemaItem

from store import triggers
from store.database import Database
from store.revision import MIGRATIONS

_LOCK = 0x57454952414E  # "WEIRAN": one migration at a time on PostgreSQL


def upgrade(database: Database) -> None:
    """Run what is missing, in one transaction; a second process waits and then finds nothing to do."""
    with database.writing() as connection:
        if database.dialect == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
        settings = configuration()
        settings.attributes["connection"] = connection
        command.upgrade(settings, "head")


def configuration() -> Config:
    """Return Alembic's configuration; there is no file of it."""
    settings = Config()
    settings.set_main_option("script_location", str(MIGRATIONS))
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
