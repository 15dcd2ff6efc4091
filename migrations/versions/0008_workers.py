"""Workers tell that they live and what they do; PostgreSQL rings when a job is queued."""

import sqlalchemy as sa
from alembic import op

from store.types import Moment

revision = "0008"
down_revision = "0007"

_RING = """
CREATE FUNCTION weiran_ring() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN PERFORM pg_notify('weiran_job', ''); RETURN NULL; END $$
"""
_AT_EACH_INSERT = (
    "CREATE TRIGGER job_ring AFTER INSERT ON job FOR EACH STATEMENT EXECUTE FUNCTION weiran_ring()"
)


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "worker",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("started_at", Moment(), nullable=False),
        sa.Column("seen_at", Moment(), nullable=False),
        sa.Column("busy_with", sa.String(), nullable=False),
        sa.Column("busy_since", Moment(), nullable=True),
        *(
            sa.Column(name, sa.BigInteger(), nullable=False)
            for name in ("jobs_done", "jobs_failed", "timers_tried")
        ),
        sa.PrimaryKeyConstraint("name", name="pk_worker"),
    )
    op.add_column("job", sa.Column("worker", sa.String(), nullable=False, server_default=""))
    if op.get_bind().dialect.name == "postgresql":
        op.execute(_RING)
        op.execute(_AT_EACH_INSERT)


def downgrade() -> None:
    """Go back."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP TRIGGER job_ring ON job")
        op.execute("DROP FUNCTION weiran_ring")
    op.drop_column("job", "worker")
    op.drop_table("worker")
