"""The yearly assessment: indicator sets, assessments with their scores, breaches."""

import sqlalchemy as sa
from alembic import op

from store.types import Json, Moment, Money

revision = "0010"
down_revision = "0009"

OWNERS = ("org_id", "insurer_id", "policyholder_id")
INDEXES = {
    "assessment": (*OWNERS, "region_code", "industry", "case_id", "set_id"),
    "assessment_score": (*OWNERS, "region_code", "industry", "indicator_id"),
    "breach": (*OWNERS, "region_code", "industry", "assessment_id"),
}


def upgrade() -> None:
    """Go forward."""
    _table(
        "indicator_set",
        _column("year", sa.Integer()),
        _column("object_kind"),
        _column("version", sa.Integer()),
        _column("state"),
        _column("published_at", Moment(), nullable=True),
        _column("published_by", sa.Uuid(), nullable=True),
        sa.UniqueConstraint(
            "year", "object_kind", "version", name="uq_indicator_set_year_object_kind_version"
        ),
    )
    _table(
        "indicator",
        _column("set_id", sa.Uuid()),
        _column("position", sa.Integer()),
        *(_column(name) for name in ("aspect", "title", "requirement", "measure")),
        _column("weight", Money()),
        _column("is_bonus", sa.Boolean()),
        _reference("indicator", "set_id", "indicator_set.id"),
        sa.UniqueConstraint("set_id", "position", name="uq_indicator_set_id_position"),
    )
    _assessment()
    _score()
    _breach()
    for table, columns in INDEXES.items():
        for column in columns:
            op.create_index(f"ix_{table}_{column}", table, [column])


def downgrade() -> None:
    """Go back."""
    for table in ("breach", "assessment_score", "assessment", "indicator", "indicator_set"):
        op.drop_table(table)


def _assessment() -> None:
    people = ("first_scorer_id", "second_scorer_id", "finalized_by")
    _table(
        "assessment",
        _column("year", sa.Integer()),
        _column("object_id", sa.Uuid()),
        _column("set_id", sa.Uuid()),
        _column("case_id", sa.Uuid(), nullable=True),
        *(_column(name, sa.Uuid(), nullable=True) for name in people),
        *(_column(name) for name in ("object_kind", "state", "appeal_reason", "appeal_answer", "conclusion")),
        *(_column(name, Json()) for name in ("measures", "appeal_evidence")),
        *(_column(name, Money(), nullable=True) for name in ("base", "bonus", "deducted", "total")),
        _column("appeal_decision", nullable=True),
        _column("is_passed_on", sa.Boolean()),
        _column("passed_on_reason"),
        _column("finalized_on", sa.Date(), nullable=True),
        *_owners("assessment"),
        _reference("assessment", "object_id", "organization.id"),
        _reference("assessment", "set_id", "indicator_set.id"),
        _reference("assessment", "case_id", "cases.id"),
        *(_reference("assessment", name, "person.id") for name in people),
        sa.UniqueConstraint("object_id", "year", name="uq_assessment_object_id_year"),
    )


def _score() -> None:
    _table(
        "assessment_score",
        _column("assessment_id", sa.Uuid()),
        _column("indicator_id", sa.Uuid()),
        *(_column(name) for name in ("statement", "first_reason", "second_reason", "reason")),
        _column("evidence", Json()),
        *(
            _column(name, sa.Boolean(), nullable=True)
            for name in ("first_satisfied", "second_satisfied", "satisfied")
        ),
        *_owners("assessment_score"),
        _reference("assessment_score", "assessment_id", "assessment.id"),
        _reference("assessment_score", "indicator_id", "indicator.id"),
        sa.UniqueConstraint(
            "assessment_id", "indicator_id", name="uq_assessment_score_assessment_id_indicator_id"
        ),
    )


def _breach() -> None:
    people = ("recorded_by", "decided_by")
    _table(
        "breach",
        _column("assessment_id", sa.Uuid()),
        *(_column(name) for name in ("kind", "description", "defence", "decision_reason")),
        *(_column(name, Json()) for name in ("evidence", "defence_evidence")),
        _column("points", Money()),
        *(_column(name, sa.Uuid(), nullable=True) for name in people),
        _column("recorded_at", Moment()),
        *(_column(name, Moment(), nullable=True) for name in ("defended_at", "decided_at")),
        _column("decision", nullable=True),
        *_owners("breach"),
        _reference("breach", "assessment_id", "assessment.id"),
        *(_reference("breach", name, "person.id") for name in people),
    )


def _table(name: str, *parts: sa.Column[object] | sa.Constraint) -> None:
    op.create_table(
        name,
        _column("id", sa.Uuid()),
        *parts,
        _column("created_at", Moment()),
        _column("created_by", sa.Uuid(), nullable=True),
        _column("row_version", sa.Integer()),
        sa.PrimaryKeyConstraint("id", name=f"pk_{name}"),
    )


def _column(
    name: str, kind: sa.types.TypeEngine[object] | None = None, *, nullable: bool = False
) -> sa.Column[object]:
    return sa.Column(name, sa.String() if kind is None else kind, nullable=nullable)


def _reference(table: str, column: str, target: str) -> sa.Constraint:
    return sa.ForeignKeyConstraint(
        [column], [target], f"fk_{table}_{column}", deferrable=True, initially="DEFERRED"
    )


def _owners(table: str) -> list[sa.Column[object] | sa.Constraint]:
    return [
        _column("org_id", sa.Uuid()),
        *(_column(name, sa.Uuid(), nullable=True) for name in OWNERS[1:]),
        *(_column(name, nullable=True) for name in ("region_code", "industry")),
        *(_reference(table, name, "organization.id") for name in OWNERS),
    ]
