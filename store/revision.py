"""Which form of the schema a database has. Every start asks, so it is told without loading Alembic."""

from pathlib import Path

from sqlalchemy import inspect, text

from store.database import Database

MIGRATIONS = Path(__file__).parent.parent / "migrations"


def is_current(database: Database) -> bool:
    """Tell whether the schema is the newest one."""
    return present(database) == newest()


def present(database: Database) -> str | None:
    """Return the revision of this database, or None before the first migration."""
    with database.engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
        return found


def newest() -> str:
    """Return the newest revision that the product knows: files are named by their revision, in order."""
    return max(file.name.partition("_")[0] for file in (MIGRATIONS / "versions").glob("[0-9]*_*.py"))
