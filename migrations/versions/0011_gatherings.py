"""What is done for many units at once: group trainings and whom they invite."""

import sqlalchemy as sa
from alembic import op

from store.types import Fixed, Json, Moment, Money

revision = "0011"
down_revision = "0010"

_OWNERS = ("org_id", "insurer_id", "policyholder_id")


def upgrade() -> None:
    """Go forward."""
    _create(
        "group_training",
        *_texts("number"),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        *_texts("topic", "audience", "focus", "audience_rule"),
        sa.Column("planned_on", sa.Date(), nullable=False),
        *_texts("starts_at", "mode", "place", "speaker"),
        sa.Column("budget", Money(), nullable=True),
        *_texts("opinion", "state"),
        sa.Column("held_on", sa.Date(), nullable=True),
        *_texts("reason"),
        *(sa.Column(name, Json(), nullable=False) for name in ("sheet", "material", "photos")),
        sa.Column("score", Fixed(1), nullable=True),
        *_texts("improvements"),
        references={"case_id": "cases"},
        unique=(("org_id", "number"), ("case_id",)),
    )
    op.create_index("ix_group_training_day", "group_training", ["org_id", "planned_on"])
    op.create_index("ix_group_training_state", "group_training", ["state"])
    _create(
        "training_invitation",
        sa.Column("training_id", sa.Uuid(), nullable=False),
        *_texts("channel"),
        sa.Column("invited_at", Moment(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        references={"training_id": "group_training"},
        unique=(("training_id", "policyholder_id"),),
    )


def downgrade() -> None:
    """Go back."""
    op.drop_table("training_invitation")
    op.drop_table("group_training")


def _texts(*names: str) -> tuple[sa.Column[str], ...]:
    return tuple(sa.Column(name, sa.String(), nullable=False) for name in names)


def _create(
    table: str,
    *columns: sa.Column[object],
    references: dict[str, str],
    unique: tuple[tuple[str, ...], ...],
) -> None:
    """Create a table of records that belong to somebody, with their owners, stamps and versions."""
    targets = {**references, **dict.fromkeys(_OWNERS, "organization")}
    op.create_table(
        table,
        sa.Column("id", sa.Uuid(), nullable=False),
        *columns,
        *(sa.Column(name, sa.Uuid(), nullable=name != "org_id") for name in _OWNERS),
        *(sa.Column(name, sa.String(), nullable=True) for name in ("region_code", "industry")),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
        *(
            sa.ForeignKeyConstraint(
                [column], [f"{target}.id"], f"fk_{table}_{column}", deferrable=True, initially="DEFERRED"
            )
            for column, target in targets.items()
        ),
        *(sa.UniqueConstraint(*names, name=f"uq_{table}_{'_'.join(names)}") for names in unique),
    )
    for name in (*_OWNERS, "region_code", "industry"):
        op.create_index(f"ix_{table}_{name}", table, [name])
