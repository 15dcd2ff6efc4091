"""Regions and zones are known by name in the database too, so that lists may join them."""

import sqlalchemy as sa
from alembic import op

from rules.codes import regions, zones

revision = "0016"
down_revision = "0012"

_REGION = sa.table(
    "region",
    *(sa.column(name, sa.String()) for name in ("code", "name", "kind", "parent_code", "successor_of")),
    *(sa.column(name, sa.Date()) for name in ("valid_from", "valid_to")),
)


def upgrade() -> None:
    """Go forward; what an office has written itself stays."""
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
    op.execute(sa.delete(_REGION).where(_REGION.c.code.in_([*regions(), *zones()])))
