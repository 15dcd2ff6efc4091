"""How long those who were sent on a visit see it (architecture.md §12)."""

from datetime import timedelta
from typing import Any  # Any: `table.c`, whose attributes are the columns

from sqlalchemy import ColumnElement, and_, or_, select

from rules.working_days import LEGAL_ZONE
from store.scope import Scope
from store.tables import Engagement, Expert

STAYS_VISIBLE = timedelta(days=30)
"""How long an archived visit stays with those who were sent on it."""


def still(c: Any, scope: Scope) -> ColumnElement[bool]:  # noqa: ANN401  # see above
    """Until the visit is archived, and 30 days on if the scope knows the time."""
    if scope.now is None:
        is_open: ColumnElement[bool] = c.archived_at.is_(None)
        return is_open
    return or_(c.archived_at.is_(None), c.archived_at > scope.now - STAYS_VISIBLE)


def hired(scope: Scope) -> list[ColumnElement[bool]]:
    """Whether an expert from outside has a contract that lasts (第五、十条); own people need none."""
    if scope.now is None or scope.person_id is None:
        return []
    expert: Any = Expert.__table__.alias()
    contract: Any = Engagement.__table__.alias()
    today = scope.now.astimezone(LEGAL_ZONE).date()
    outside = select(expert.c.person_id).where(
        expert.c.person_id == scope.person_id, expert.c.source == "external"
    )
    lasts = and_(contract.c.start <= today, contract.c.end >= today)
    signed = select(contract.c.id).where(contract.c.person_id == scope.person_id, lasts)
    return [or_(~outside.exists(), signed.exists())]


def engaged(c: Any, scope: Scope) -> list[ColumnElement[bool]]:  # noqa: ANN401  # see above
    """As long as a contract with the provider lasts, if the scope knows the time: its last day included (第五条)."""
    if scope.now is None:
        return []
    contract: Any = Engagement.__table__.alias()
    today = scope.now.astimezone(LEGAL_ZONE).date()
    parties = and_(contract.c.party_a_id == c.org_id, contract.c.party_b_id == scope.org_id)
    lasts = and_(contract.c.start <= today, contract.c.end >= today)
    return [select(contract.c.id).where(parties, lasts).exists()]
