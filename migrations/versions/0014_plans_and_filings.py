"""The yearly plan of work with the fund plans in it, and the filing of a year's fund; both keep what was frozen."""

import sqlalchemy as sa
from alembic import op

from store.types import Json, Moment

revision = "0014"
down_revision = "0013"

_OWNERS = ("org_id", "insurer_id", "policyholder_id")
_FROZEN = {
    "annual_plan": "year, version, case_id, reason, basis",
    "fund_filing": "year, version, case_id, reason, snapshot, sha256, frozen_at",
}
_SQLITE = """
CREATE TRIGGER IF NOT EXISTS {table}_keep_update BEFORE UPDATE OF {columns} ON {table} \
BEGIN SELECT RAISE(ABORT, '{table} is frozen'); END
CREATE TRIGGER IF NOT EXISTS {table}_keep_delete BEFORE DELETE ON {table} \
BEGIN SELECT RAISE(ABORT, '{table} is frozen'); END
"""
_POSTGRESQL = """
CREATE TRIGGER {table}_keep_rows BEFORE UPDATE OF {columns} OR DELETE ON {table} \
FOR EACH ROW EXECUTE FUNCTION weiran_refuse('frozen')
"""
_TRIGGERS = {"sqlite": _SQLITE, "postgresql": _POSTGRESQL}


def upgrade() -> None:
    """Go forward."""
    _create(
        "annual_plan",
        *_texts("reason"),
        *_lists("basis", "insurers"),
        sa.Column("visits_owed", sa.Integer(), nullable=True),
        *_texts("arrangement"),
        *_lists("trainings"),
        *_texts("online", "goals", "state", "opinion"),
        sa.Column("approved_by", sa.Uuid(), nullable=True),
        *_texts("recipient"),
        *_lists("materials"),
        sa.Column("submitted_on", sa.Date(), nullable=True),
        *_texts("filing_no"),
        *_received(),
        unique=("org_id", "year", "version"),
    )
    _create(
        "fund_filing",
        *_texts("reason"),
        *_lists("snapshot"),
        *_texts("sha256"),
        sa.Column("frozen_at", Moment(), nullable=False),
        *_lists("reconciled"),
        *_texts("balance_use", "profile", "profile_reason", "opinion"),
        sa.Column("approved_by", sa.Uuid(), nullable=True),
        sa.Column("submitted_on", sa.Date(), nullable=True),
        sa.Column("receipt", sa.String(), nullable=True),
        *_texts("receipt_no"),
        *_received(),
        unique=("insurer_id", "year", "version"),
    )
    op.add_column("fund_plan", sa.Column("annual_plan_id", sa.Uuid(), nullable=True))
    op.add_column("fund_plan", sa.Column("agreement", Json(), nullable=False, server_default="{}"))
    op.create_index("ix_fund_plan_annual_plan_id", "fund_plan", ["annual_plan_id"])
    for table, columns in _FROZEN.items():
        statements = _TRIGGERS[op.get_bind().dialect.name].format(table=table, columns=columns)
        for statement in statements.strip().splitlines():
            op.execute(statement)


def downgrade() -> None:
    """Go back."""
    op.drop_index("ix_fund_plan_annual_plan_id", "fund_plan")
    for column in ("agreement", "annual_plan_id"):
        op.drop_column("fund_plan", column)
    op.drop_table("fund_filing")
    op.drop_table("annual_plan")


def _texts(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.String(), nullable=False) for name in names]


def _lists(*names: str) -> list[sa.Column[object]]:
    return [sa.Column(name, Json(), nullable=False) for name in names]


def _received() -> list[sa.Column[object]]:
    return [
        sa.Column("received_on", sa.Date(), nullable=True),
        sa.Column("received_by", sa.Uuid(), nullable=True),
    ]


def _create(table: str, *columns: sa.Column[object], unique: tuple[str, ...]) -> None:
    """Create a table of versions, one case each, that belong to somebody."""
    op.create_table(
        table,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
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
            for column, target in {"case_id": "cases", **dict.fromkeys(_OWNERS, "organization")}.items()
        ),
        sa.UniqueConstraint(*unique, name=f"uq_{table}_{'_'.join(unique)}"),
    )
    for name in ("case_id", *_OWNERS, "region_code", "industry"):
        op.create_index(f"ix_{table}_{name}", table, [name])
