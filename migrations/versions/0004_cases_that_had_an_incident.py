"""A case remembers that it had an incident, so that only such cases look for one to settle."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Go forward."""
    op.add_column("cases", sa.Column("had_incident", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.execute(
        "UPDATE cases SET had_incident = true WHERE EXISTS (SELECT 1 FROM incident WHERE case_id = cases.id)"
    )


def downgrade() -> None:
    """Go back: nothing else rests on it."""
    op.drop_column("cases", "had_incident")
