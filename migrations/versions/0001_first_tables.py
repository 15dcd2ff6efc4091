"""All tables of the first release."""

from alembic import op

from store.tables import Base

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Go forward."""
    Base.metadata.create_all(op.get_bind())


def downgrade() -> None:
    """Go back."""
    Base.metadata.drop_all(op.get_bind())
