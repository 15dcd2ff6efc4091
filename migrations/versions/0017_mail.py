"""Where people want their notices by mail: the address, what for, and from when on."""

import sqlalchemy as sa
from alembic import op

from store.types import Json, Moment

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    """Go forward."""
    op.add_column("person", sa.Column("mail", sa.Text(), nullable=True))
    op.add_column("person", sa.Column("mail_kinds", Json(), nullable=False, server_default="[]"))
    op.add_column("person", sa.Column("mail_since", Moment(), nullable=True))
    op.create_index("ix_person_mail_since", "person", ["mail_since"])


def downgrade() -> None:
    """Go back."""
    op.drop_index("ix_person_mail_since", table_name="person")
    for name in ("mail_since", "mail_kinds", "mail"):
        op.drop_column("person", name)
