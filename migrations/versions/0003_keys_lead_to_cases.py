"""A command's key leads to its case; what the command answered is not kept beside it."""

from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Go forward."""
    op.drop_column("command_key", "result")


def downgrade() -> None:
    """Refuse: a column of answers cannot be filled again."""
    raise NotImplementedError("restore the backup that was made before this release")
