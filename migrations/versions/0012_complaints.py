"""Complaints keep who is complained about, what was told, what the provider says, and all parts of the answer."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

_TEXTS = {
    "complaint": ("target_person", "told_how", "statement", "restated", "remedy", "comment"),
    "return_visit": ("complaint_content",),
}


def upgrade() -> None:
    """Go forward."""
    for table, names in _TEXTS.items():
        for name in names:
            op.add_column(table, sa.Column(name, sa.String(), nullable=False, server_default=""))


def downgrade() -> None:
    """Go back."""
    for table, names in _TEXTS.items():
        for name in names:
            op.drop_column(table, name)
