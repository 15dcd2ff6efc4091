"""What offices write down beside the daily work, in one table."""

import sqlalchemy as sa
from alembic import op

from store.types import Json, Moment

revision = "0015"
down_revision = "0014"

_TABLE = "office_record"
_ORGANIZATIONS = ("org_id", "insurer_id", "policyholder_id", "party_id")


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        _TABLE,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("number", sa.String(), nullable=True),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("party_id", sa.Uuid(), nullable=True),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("state", sa.String(), nullable=True),
        sa.Column("result", sa.String(), nullable=False),
        sa.Column("is_public", sa.Boolean(), nullable=False),
        sa.Column("details", Json(), nullable=False),
        *(sa.Column(name, sa.Uuid(), nullable=name != "org_id") for name in _ORGANIZATIONS[:3]),
        *(sa.Column(name, sa.String(), nullable=True) for name in ("region_code", "industry")),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=f"pk_{_TABLE}"),
        *(
            sa.ForeignKeyConstraint(
                [name], ["organization.id"], f"fk_{_TABLE}_{name}", deferrable=True, initially="DEFERRED"
            )
            for name in _ORGANIZATIONS
        ),
    )
    op.create_index("ix_office_record_kind", _TABLE, ["kind", "org_id"])
    for name in (*_ORGANIZATIONS, "region_code", "industry"):
        op.create_index(f"ix_{_TABLE}_{name}", _TABLE, [name])


def downgrade() -> None:
    """Go back."""
    op.drop_table(_TABLE)
