"""Meetings with agencies and experts; what is pushed to units, and to whom."""

import sqlalchemy as sa
from alembic import op

from store.types import Json, Moment

revision = "0013"
down_revision = "0012"

_OWNERS = ("org_id", "insurer_id", "policyholder_id")


def upgrade() -> None:
    """Go forward."""
    _create_meetings()
    _create_pushes()


def downgrade() -> None:
    """Go back."""
    op.drop_table("push_delivery")
    op.drop_table("push_content")
    op.drop_table("exchange_meeting")


def _create_meetings() -> None:
    _create(
        "exchange_meeting",
        *_texts("number"),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        *_texts("kind", "issue"),
        sa.Column("issue_on", sa.Date(), nullable=True),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("planned_on", sa.Date(), nullable=True),
        *_texts("place"),
        *_lists("participants"),
        *_texts("guests"),
        sa.Column("held_on", sa.Date(), nullable=True),
        *_lists("attendance"),
        *_texts("summary"),
        *_lists("minutes"),
        *_texts("opinion"),
        *_lists("issues"),
        *_texts("state"),
        references={"case_id": "cases"},
        unique=(("org_id", "number"), ("case_id",)),
    )
    op.create_index("ix_exchange_meeting_day", "exchange_meeting", ["org_id", "due"])
    for name in ("held_on", "state"):
        op.create_index(f"ix_exchange_meeting_{name}", "exchange_meeting", [name])


def _create_pushes() -> None:
    _create(
        "push_content",
        *_texts("number"),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        *_texts("category", "title", "body"),
        *_lists("files"),
        *_texts("source", "audience_rule"),
        sa.Column("publish_on", sa.Date(), nullable=True),
        sa.Column("expires_on", sa.Date(), nullable=True),
        *_texts("opinion"),
        sa.Column("published_on", sa.Date(), nullable=True),
        *_texts("fixed", "state"),
        references={"case_id": "cases"},
        unique=(("org_id", "number"), ("case_id",)),
    )
    op.create_index("ix_push_content_day", "push_content", ["org_id", "published_on"])
    op.create_index("ix_push_content_published_on", "push_content", ["published_on"])
    _create(
        "push_delivery",
        sa.Column("content_id", sa.Uuid(), nullable=False),
        *_texts("channel"),
        sa.Column("sent_at", Moment(), nullable=False),
        sa.Column("delivered_at", Moment(), nullable=True),
        sa.Column("read_at", Moment(), nullable=True),
        references={"content_id": "push_content"},
        unique=(("content_id", "policyholder_id"),),
    )
    op.create_index("ix_push_delivery_sent_at", "push_delivery", ["sent_at"])


def _texts(*names: str) -> tuple[sa.Column[str], ...]:
    return tuple(sa.Column(name, sa.String(), nullable=False) for name in names)


def _lists(*names: str) -> tuple[sa.Column[list[object]], ...]:
    return tuple(sa.Column(name, Json(), nullable=False) for name in names)


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
