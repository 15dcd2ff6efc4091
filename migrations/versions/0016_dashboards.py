"""Dashboards: regions and zones by name, so that lists may join them; the days by which visits and hazards count."""

import sqlalchemy as sa
from alembic import op

from rules.codes import regions, zones

revision = "0016"
down_revision = "0015"

_REGION = sa.table(
    "region",
    *(sa.column(name, sa.String()) for name in ("code", "name", "kind", "parent_code", "successor_of")),
    *(sa.column(name, sa.Date()) for name in ("valid_from", "valid_to")),
)


_DAYS = (
    ("hazard", "notified_on"),
    ("hazard", "deadline"),
    ("visit", "completed_on"),
    ("visit", "planned_on"),
)


def upgrade() -> None:
    """Go forward; what an office has written itself stays."""
    for table, day in _DAYS:
        op.create_index(f"ix_{table}_{day}", table, [day])
    known = set(op.get_bind().execute(sa.select(_REGION.c.code)).scalars())
    nothing = {"parent_code": None, "successor_of": None, "valid_from": None, "valid_to": None}
    rows = [
        {
            **nothing,
            "code": one.code,
            "name": one.name,
            "kind": "statutory",
            "successor_of": one.successor_of,
            "valid_from": one.valid_from,
            "valid_to": one.valid_to,
        }
        for one in regions().values()
    ]
    rows += [
        {**nothing, "code": one.code, "name": one.name, "kind": "zone", "parent_code": one.region}
        for one in zones().values()
    ]
    op.bulk_insert(_REGION, [row for row in rows if row["code"] not in known])


def downgrade() -> None:
    """Go back."""
    for table, day in reversed(_DAYS):
        op.drop_index(f"ix_{table}_{day}", table)
    op.execute(sa.delete(_REGION).where(_REGION.c.code.in_([*regions(), *zones()])))
