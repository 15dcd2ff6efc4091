"""From a question that names rows to how many there are and which."""

from typing import Any  # Any: rows of questions with these five columns

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from store.compliance.catalogue import Asked, Trace, Traces


def traced(
    session: Session, asked: Asked, kind: str, query: Select[*tuple[Any, ...]]
) -> Traces:  # Any: see above
    """Return the rows of a question for `id`, `title`, `detail` and `day`, the earliest day first."""
    count = session.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0
    if not count:
        return Traces()
    named = query.limit(asked.most) if asked.most is not None else query
    rows = tuple(
        Trace(kind, row.id, row.title or "", row.detail or "", row.day) for row in session.execute(named)
    )
    return Traces(count, rows)
