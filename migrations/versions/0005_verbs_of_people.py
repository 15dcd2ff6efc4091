"""What people's verbs keep: whose work it is, who opened it, why it is void; and who is away."""

import sqlalchemy as sa
from alembic import op

from store.types import Json, Moment

revision = "0005"
down_revision = "0004"

_HANDED_ON = sa.text("status < 2 AND owner_id IS NOT NULL")


def upgrade() -> None:
    """Go forward."""
    op.add_column("work_item", sa.Column("owner_id", sa.Uuid(), nullable=True))
    op.add_column("work_item", sa.Column("delegates", Json(), nullable=False, server_default="[]"))
    op.add_column("work_item", sa.Column("seen_at", Moment(), nullable=True))
    op.add_column("work_item", sa.Column("urged_at", Moment(), nullable=True))
    op.add_column("work_item", sa.Column("void_reason", sa.String(), nullable=True))
    where = {"sqlite_where": _HANDED_ON, "postgresql_where": _HANDED_ON}
    op.create_index("ix_work_item_owner", "work_item", ["owner_id", "due_at", "id"], **where)
    op.create_index("ix_cases_opened_by", "cases", ["opened_by", "id"])
    op.create_table(
        "absence",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("substitute_id", sa.Uuid(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("returns_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("set_by", sa.Uuid(), nullable=True),
        sa.Column("set_at", Moment(), nullable=False),
        sa.Column("ended_at", Moment(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_absence"),
        *(
            sa.ForeignKeyConstraint(
                [column],
                ["person.id"],
                name=f"fk_absence_{column}",
                deferrable=True,
                initially="DEFERRED",
            )
            for column in ("person_id", "substitute_id")
        ),
    )
    op.create_index("ix_absence_person_id_returns_on", "absence", ["person_id", "returns_on"])
    op.create_index("ix_absence_substitute_id", "absence", ["substitute_id"])


def downgrade() -> None:
    """Refuse: who answers for delegated work would be forgotten."""
    raise NotImplementedError("restore the backup that was made before this release")
