"""Run migrations on the connection that `store.migrate` hands over."""

from alembic import context

from store.migrate import is_ours
from store.tables import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    include_object=is_ours,
    compare_type=True,
    user_module_prefix="types.",
)

with context.begin_transaction():
    context.run_migrations()
