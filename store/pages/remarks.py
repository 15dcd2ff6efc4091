"""What others said when they sent a piece of work to somebody: the reason of a return, an opinion, an urge."""

import orjson
from sqlalchemy import select
from sqlalchemy.orm import Session

from store.tables import CaseEvent, WorkItem

_SENT_BACK = ("step.returned",)
_OF_ITEM = ("item.transferred", "item.delegated", "item.handed_back", "item.urged")
_LOOKED_AT = 20
_SHOWN = 2


def remarks_of(session: Session, item: WorkItem) -> tuple[str, ...]:
    """Return the last sentences that came with an item, the latest first; only while it is open.

    A session that sees everything asks: whoever sees the item may read them.
    """
    if item.status >= 2:
        return ()
    rows = session.execute(
        select(CaseEvent.kind, CaseEvent.at, CaseEvent.body)
        .where(CaseEvent.case_id == item.case_id, CaseEvent.kind.in_((*_SENT_BACK, *_OF_ITEM)))
        .order_by(CaseEvent.version.desc(), CaseEvent.n)
        .limit(_LOOKED_AT)
    )
    found = []
    for kind, at, body in rows:
        data = orjson.loads(body)["data"]
        is_its = data.get("work_item") == str(item.id)
        if is_its or (kind in _SENT_BACK and data.get("to") == item.step and at == item.opened_at):
            found.append(str(data["text"]))
    return tuple(found[:_SHOWN])
