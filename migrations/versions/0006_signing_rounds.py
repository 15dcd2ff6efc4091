"""Rounds of signatures, and what a work item is within one."""

import sqlalchemy as sa
from alembic import op

from store import types

revision = "0006"
down_revision = "0005"

OF_A_SEAT = (
    ("sign_round_id", sa.Uuid()),
    ("order_no", sa.Integer()),
    ("turn", sa.Integer()),
    ("verdict", sa.String()),
    ("signed", types.Json()),
    ("added_to", sa.Uuid()),
    ("added_how", sa.String()),
    ("added_by", sa.Uuid()),
)


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "sign_round",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("task_id", sa.String(), nullable=False),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("mode", sa.String(), nullable=False),
        sa.Column("share", types.Fixed(4), nullable=True),
        sa.Column("veto", types.Json(), nullable=False),
        sa.Column("vote_field", sa.String(), nullable=True),
        sa.Column("vote_approve", sa.String(), nullable=True),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("result", sa.String(), nullable=True),
        sa.Column("opened_at", types.Moment(), nullable=False),
        sa.Column("decided_at", types.Moment(), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], "fk_sign_round_case_id", deferrable=True, initially="DEFERRED"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_sign_round"),
    )
    op.create_index("ix_sign_round_case_id", "sign_round", ["case_id"])
    for name, kind in OF_A_SEAT:
        op.add_column("work_item", sa.Column(name, kind, nullable=True))


def downgrade() -> None:
    """Go back."""
    for name, _ in OF_A_SEAT:
        op.drop_column("work_item", name)
    op.drop_table("sign_round")
