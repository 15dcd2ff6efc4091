"""Reports that are frozen and filed, with the rows behind their figures; the database keeps them as they were."""

import sqlalchemy as sa
from alembic import op

from store.types import Json, Moment, Money

revision = "0009"
down_revision = "0008"

_OWNERS = ("org_id", "insurer_id", "policyholder_id")
_FROZEN = (
    "kind, period, period_name, first_day, last_day, version, case_id, snapshot, sha256, frozen_at,"
    " reason_of_correction"
)
_FILED = "sections, submitted_on, submitted_by"
_RECEIVED = "receipt, receipt_opinion, received_on, received_by"
_SQLITE = """
CREATE TRIGGER IF NOT EXISTS filed_report_row_keep_update BEFORE UPDATE ON filed_report_row \
BEGIN SELECT RAISE(ABORT, 'filed_report_row is append-only'); END
CREATE TRIGGER IF NOT EXISTS filed_report_row_keep_delete BEFORE DELETE ON filed_report_row \
BEGIN SELECT RAISE(ABORT, 'filed_report_row is append-only'); END
CREATE TRIGGER IF NOT EXISTS filed_report_keep_update BEFORE UPDATE OF {frozen} ON filed_report \
BEGIN SELECT RAISE(ABORT, 'filed_report is frozen'); END
CREATE TRIGGER IF NOT EXISTS filed_report_keep_delete BEFORE DELETE ON filed_report \
BEGIN SELECT RAISE(ABORT, 'filed_report is frozen'); END
CREATE TRIGGER IF NOT EXISTS filed_report_keep_filed BEFORE UPDATE OF {filed} ON filed_report \
WHEN OLD.submitted_on IS NOT NULL BEGIN SELECT RAISE(ABORT, 'filed_report is filed'); END
CREATE TRIGGER IF NOT EXISTS filed_report_keep_received BEFORE UPDATE OF {received} ON filed_report \
WHEN OLD.receipt IS NOT NULL BEGIN SELECT RAISE(ABORT, 'filed_report is received'); END
"""
_POSTGRESQL = """
CREATE TRIGGER filed_report_row_keep_rows BEFORE UPDATE OR DELETE ON filed_report_row \
FOR EACH ROW EXECUTE FUNCTION weiran_refuse('append-only')
CREATE TRIGGER filed_report_row_keep_all BEFORE TRUNCATE ON filed_report_row \
FOR EACH STATEMENT EXECUTE FUNCTION weiran_refuse('append-only')
CREATE TRIGGER filed_report_keep_rows BEFORE UPDATE OF {frozen} OR DELETE ON filed_report \
FOR EACH ROW EXECUTE FUNCTION weiran_refuse('frozen')
CREATE TRIGGER filed_report_keep_filed BEFORE UPDATE OF {filed} ON filed_report \
FOR EACH ROW WHEN (OLD.submitted_on IS NOT NULL) EXECUTE FUNCTION weiran_refuse('filed')
CREATE TRIGGER filed_report_keep_received BEFORE UPDATE OF {received} ON filed_report \
FOR EACH ROW WHEN (OLD.receipt IS NOT NULL) EXECUTE FUNCTION weiran_refuse('received')
"""
_TRIGGERS = {"sqlite": _SQLITE, "postgresql": _POSTGRESQL}


def upgrade() -> None:
    """Go forward."""
    _reports()
    _rows()
    statements = _TRIGGERS[op.get_bind().dialect.name].format(
        frozen=_FROZEN, filed=_FILED, received=_RECEIVED
    )
    for statement in statements.strip().splitlines():
        op.execute(statement)


def _reports() -> None:
    op.create_table(
        "filed_report",
        sa.Column("id", sa.Uuid(), nullable=False),
        *_texts("kind", "period", "period_name"),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("snapshot", Json(), nullable=False),
        *_texts("sha256"),
        sa.Column("frozen_at", Moment(), nullable=False),
        *_texts("reason_of_correction"),
        sa.Column("sections", Json(), nullable=False),
        sa.Column("submitted_on", sa.Date(), nullable=True),
        sa.Column("submitted_by", sa.Uuid(), nullable=True),
        sa.Column("receipt", sa.String(), nullable=True),
        *_texts("receipt_opinion"),
        sa.Column("received_on", sa.Date(), nullable=True),
        sa.Column("received_by", sa.Uuid(), nullable=True),
        sa.Column("progress", Json(), nullable=False),
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("insurer_id", sa.Uuid(), nullable=True),
        sa.Column("policyholder_id", sa.Uuid(), nullable=True),
        sa.Column("region_code", sa.String(), nullable=True),
        sa.Column("industry", sa.String(), nullable=True),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_filed_report"),
        _key("filed_report", "case_id", "cases.id"),
        *(_key("filed_report", column, "organization.id") for column in _OWNERS),
        sa.UniqueConstraint(
            "org_id", "kind", "period", "version", name="uq_filed_report_org_id_kind_period_version"
        ),
    )
    for column in ("case_id", *_OWNERS, "region_code", "industry"):
        op.create_index(f"ix_filed_report_{column}", "filed_report", [column])
    op.create_index("ix_filed_report_kind_first_day", "filed_report", ["kind", "first_day"])


def _rows() -> None:
    op.create_table(
        "filed_report_row",
        sa.Column("report_id", sa.Uuid(), nullable=False),
        *_texts("figure"),
        sa.Column("position", sa.Integer(), nullable=False),
        *_texts("subject"),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        *_texts("label", "unit"),
        *(sa.Column(name, sa.String(), nullable=True) for name in ("industry", "region_code", "category")),
        sa.Column("part", Money(), nullable=False),
        sa.Column("whole", Money(), nullable=True),
        sa.PrimaryKeyConstraint("report_id", "figure", "position", name="pk_filed_report_row"),
        _key("filed_report_row", "report_id", "filed_report.id"),
    )


def _texts(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.String(), nullable=False) for name in names]


def _key(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [target], f"fk_{table}_{column}", deferrable=True, initially="DEFERRED"
    )


def downgrade() -> None:
    """Go back."""
    op.drop_table("filed_report_row")
    op.drop_table("filed_report")
