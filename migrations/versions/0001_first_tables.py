"""All tables of the first release, with what guards and searches them.

The statements lie beside this file, one text per database, as they were when the release was made.
"""

from pathlib import Path

from alembic import op
from sqlalchemy import text

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Go forward."""
    connection = op.get_bind()
    script = Path(__file__).with_name(f"0001_{connection.dialect.name}.sql").read_text(encoding="utf-8")
    for statement in script.strip().split("\n\n"):
        connection.execute(text(statement.removesuffix(";").replace(":", r"\:")))


def downgrade() -> None:
    """Refuse: before the first tables there is only the empty database."""
    raise NotImplementedError("the first migration is undone by dropping the database")
