"""Disposal of case files: proposals that stay as they were, and what went with them. Checklists of more industries."""

import sqlalchemy as sa
from alembic import op

from store.types import Json, Moment

revision = "0019"
down_revision = "0018"

_TABLE, _CHECKLISTS = "disposal", "industry_checklist"
_OWNERS = ("org_id", "insurer_id", "policyholder_id")
_PEOPLE = ("proposed_by", "reviewed_by", "decided_by")
_FROZEN = "number, org_id, insurer_id, reason, volumes, list_sha256, proposed_by, proposed_at"
_UNDUE = (
    "OLD.disposed_at IS NOT NULL OR"
    " (NEW.disposed_at IS NOT NULL AND (OLD.retain_until IS NULL OR {} <= OLD.retain_until))"
)
_GONE_ON_SQLITE = "date(NEW.disposed_at, '+8 hours')"
_GONE_ON_POSTGRESQL = "(NEW.disposed_at AT TIME ZONE 'Asia/Shanghai')::date"
_SQLITE = (
    (
        f"CREATE TRIGGER IF NOT EXISTS disposal_keep_update BEFORE UPDATE OF {_FROZEN} ON disposal"
        " BEGIN SELECT RAISE(ABORT, 'disposal is frozen'); END"
    ),
    (
        "CREATE TRIGGER IF NOT EXISTS disposal_keep_delete BEFORE DELETE ON disposal"
        " BEGIN SELECT RAISE(ABORT, 'disposal is frozen'); END"
    ),
    (
        "CREATE TRIGGER IF NOT EXISTS case_file_keep_disposal BEFORE UPDATE OF disposed_at ON case_file"
        f" WHEN {_UNDUE.format(_GONE_ON_SQLITE)}"
        " BEGIN SELECT RAISE(ABORT, 'case_file is kept'); END"
    ),
)
_POSTGRESQL = (
    (
        f"CREATE OR REPLACE TRIGGER disposal_keep_rows BEFORE UPDATE OF {_FROZEN} OR DELETE ON disposal"
        " FOR EACH ROW EXECUTE FUNCTION weiran_refuse('frozen')"
    ),
    (
        "CREATE OR REPLACE TRIGGER case_file_keep_disposal BEFORE UPDATE OF disposed_at ON case_file"
        f" FOR EACH ROW WHEN ({_UNDUE.format(_GONE_ON_POSTGRESQL)})"
        " EXECUTE FUNCTION weiran_refuse('kept')"
    ),
)


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        _TABLE,
        sa.Column("id", sa.Uuid(), nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("number", "reason", "state")),
        sa.Column("volumes", Json(), nullable=False),
        sa.Column("list_sha256", sa.String(), nullable=False),
        *(sa.Column(name, sa.Uuid(), nullable=name != "proposed_by") for name in _PEOPLE),
        sa.Column("proposed_at", Moment(), nullable=False),
        *(sa.Column(name, Moment(), nullable=True) for name in ("reviewed_at", "decided_at", "removed_at")),
        sa.Column("opinion", sa.String(), nullable=False),
        *(sa.Column(name, sa.Uuid(), nullable=name != "org_id") for name in _OWNERS),
        *(sa.Column(name, sa.String(), nullable=True) for name in ("region_code", "industry")),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=f"pk_{_TABLE}"),
        *(
            sa.ForeignKeyConstraint(
                [name], [f"{target}.id"], f"fk_{_TABLE}_{name}", deferrable=True, initially="DEFERRED"
            )
            for name, target in {
                **dict.fromkeys(_OWNERS, "organization"),
                **dict.fromkeys(_PEOPLE, "person"),
            }.items()
        ),
    )
    for name in (*_OWNERS, "region_code", "industry"):
        op.create_index(f"ix_{_TABLE}_{name}", _TABLE, [name])
    for table in ("file", "document", "case_file"):
        op.add_column(table, sa.Column("disposed_at", Moment(), nullable=True))
    op.add_column("case_file", sa.Column("disposal_id", sa.Uuid(), nullable=True))
    op.create_index("ix_case_file_disposal_id", "case_file", ["disposal_id"])
    _create_checklists()
    for statement in _SQLITE if op.get_bind().dialect.name == "sqlite" else _POSTGRESQL:
        op.execute(sa.text(statement.replace(":", r"\:")))


def _create_checklists() -> None:
    op.create_table(
        _CHECKLISTS,
        sa.Column("id", sa.Uuid(), nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("code", "industry", "title", "source")),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("items", Json(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("published_at", Moment(), nullable=True),
        sa.Column("published_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=f"pk_{_CHECKLISTS}"),
        sa.UniqueConstraint("code", name=f"uq_{_CHECKLISTS}_code"),
    )
    op.create_index(f"ix_{_CHECKLISTS}_industry", _CHECKLISTS, ["industry"])


def downgrade() -> None:
    """Go back; what was disposed of does not come back."""
    op.drop_table(_CHECKLISTS)
    on_table = " ON case_file" if op.get_bind().dialect.name == "postgresql" else ""
    op.execute(f"DROP TRIGGER case_file_keep_disposal{on_table}")
    op.drop_index("ix_case_file_disposal_id", "case_file")
    op.drop_column("case_file", "disposal_id")
    for table in ("case_file", "document", "file"):
        op.drop_column(table, "disposed_at")
    op.drop_table(_TABLE)
