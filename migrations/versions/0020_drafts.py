"""Drafts: where they stand, what their publication is proposed with; from which day on a release is in force."""

import sqlalchemy as sa
from alembic import op

from store.types import Moment

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    """Go forward."""
    op.add_column("draft", sa.Column("status", sa.String(), nullable=False, server_default="open"))
    op.add_column("draft", sa.Column("note", sa.String(), nullable=False, server_default=""))
    op.add_column("draft", sa.Column("effective_on", sa.Date(), nullable=True))
    op.add_column("draft", sa.Column("proposed_by", sa.Uuid(), nullable=True))
    op.add_column("draft", sa.Column("proposed_at", Moment(), nullable=True))
    op.add_column("release", sa.Column("effective_on", sa.Date(), nullable=True))


def downgrade() -> None:
    """Go back."""
    op.drop_column("release", "effective_on")
    for name in ("proposed_at", "proposed_by", "effective_on", "note", "status"):
        op.drop_column("draft", name)
