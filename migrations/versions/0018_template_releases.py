"""Templates of papers that an office has changed, as drafts and releases; papers in the order of their issue."""

import sqlalchemy as sa
from alembic import op

from store.types import Moment

revision = "0018"
down_revision = "0017"

_TABLE = "template_release"
_UNPUBLISHED = sa.text("state <> 'published'")
_PEOPLE = ("saved_by", "proposed_by", "published_by")


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        _TABLE,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("template", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=True),
        *(
            sa.Column(name, sa.String(), nullable=False)
            for name in ("state", "source", "frame", "sha256", "base_sha256", "note", "answer")
        ),
        sa.Column("saved_by", sa.Uuid(), nullable=True),
        sa.Column("saved_at", Moment(), nullable=False),
        sa.Column("proposed_by", sa.Uuid(), nullable=True),
        sa.Column("published_by", sa.Uuid(), nullable=True),
        sa.Column("published_at", Moment(), nullable=True),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=f"pk_{_TABLE}"),
        sa.UniqueConstraint("template", "number", name=f"uq_{_TABLE}_template_number"),
        *(
            sa.ForeignKeyConstraint(
                [name], ["person.id"], f"fk_{_TABLE}_{name}", deferrable=True, initially="DEFERRED"
            )
            for name in _PEOPLE
        ),
    )
    where = {"sqlite_where": _UNPUBLISHED, "postgresql_where": _UNPUBLISHED}
    op.create_index(f"ix_{_TABLE}_open", _TABLE, ["template"], unique=True, **where)
    op.create_index("ix_document_issued_at", "document", ["issued_at", "id"])


def downgrade() -> None:
    """Go back."""
    op.drop_index("ix_document_issued_at", "document")
    op.drop_table(_TABLE)
