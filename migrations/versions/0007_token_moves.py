"""Moves of tokens by hand, proposed by one administrator and confirmed by another; messages that reached nobody."""

import sqlalchemy as sa
from alembic import op

from store.types import Json, Moment

revision = "0007"
down_revision = "0006"

_UNDELIVERED = sa.text("state IN ('expired', 'incident')")
_REFERENCES = (("case_id", "cases.id"), ("proposed_by", "person.id"), ("decided_by", "person.id"))


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "token_move",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("cancel", Json(), nullable=False),
        sa.Column("start", Json(), nullable=False),
        sa.Column("seen", sa.String(), nullable=False),
        sa.Column("lost", Json(), nullable=False),
        sa.Column("opens", Json(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("proposed_by", sa.Uuid(), nullable=False),
        sa.Column("proposed_at", Moment(), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", Moment(), nullable=True),
        sa.Column("answer", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_token_move"),
        *(
            sa.ForeignKeyConstraint(
                [column], [target], f"fk_token_move_{column}", deferrable=True, initially="DEFERRED"
            )
            for column, target in _REFERENCES
        ),
    )
    op.create_index("ix_token_move_case_id", "token_move", ["case_id"])
    op.create_index("ix_token_move_status", "token_move", ["status", "proposed_at"])
    where = {"sqlite_where": _UNDELIVERED, "postgresql_where": _UNDELIVERED}
    op.create_index("ix_message_undelivered", "message", ["sent_at"], **where)


def downgrade() -> None:
    """Go back."""
    op.drop_index("ix_message_undelivered", "message")
    op.drop_table("token_move")
