"""Deadlines: computed from `rules` before a step begins, and written down with the row that says so."""

from datetime import date

from sqlalchemy import select

from rules.deadlines import Deadline as Computed
from rules.deadlines import deadline
from store.tables import Deadline
from workflows.acts import Act
from workflows.catalogue import Inputs, Outputs, operation


def write_deadline(act: Act, computed: Computed) -> None:
    """Keep a deadline with its anchor, its parameter row and whether the calendar may still move it."""
    case = act.case
    act.owed.pop(computed.kind, None)
    act.owed[computed.kind] = computed
    act.session.add(
        Deadline(
            case_id=case.id,
            hazard_id=case.hazard_id,
            visit_id=case.visit_id,
            kind=computed.kind,
            anchor=computed.anchor,
            due=computed.due,
            provisional=computed.provisional,
            calendar_version=computed.calendar_version,
            parameter_row=computed.parameter_row,
            statutory=computed.statutory,
            working_days=computed.working_days,
            set_at=act.now,
            **act.owners(),
        )
    )


def owe(
    act: Act,
    kind: str,
    anchor: date,
    *,
    due: date | None = None,
    level: str | None = None,
    not_after: date | None = None,
) -> Computed:
    """Compute a deadline, keep it, and return it (第十三、十七至十九条)."""
    computed = deadline(kind, anchor, act.calendar, due=due, level=level).no_later_than(not_after)
    write_deadline(act, computed)
    return computed


def meet(act: Act, kind: str, on: date) -> None:
    """Mark the case's open deadlines of the kind as met on that day."""
    for row in _open(act, kind):
        row.met_on = on


def meet_in_time(act: Act, kind: str) -> None:
    """Mark the case's open deadlines of the kind as met on their last day: what nobody had to do is not late."""
    for row in _open(act, kind):
        row.met_on = row.due


def _open(act: Act, kind: str) -> list[Deadline]:
    act.settle()
    query = select(Deadline).where(
        Deadline.case_id == act.case.id, Deadline.kind == kind, Deadline.met_on.is_(None)
    )
    return list(act.session.scalars(query))


def as_day(value: object) -> date | None:
    """Return a day given as a date or as ISO text."""
    if value is None or isinstance(value, date):
        return value
    return date.fromisoformat(str(value)[:10])


@operation(
    "算期限",
    inputs=("kind", "anchor", "due", "level", "not_after"),
    outputs=("due", "provisional", "parameter_row"),
)
def set_deadline(act: Act, inputs: Inputs) -> Outputs:
    """Compute the deadline of a kind from its anchor (today if none is given), at the latest `not_after`."""
    level = inputs.get("level")
    computed = owe(
        act,
        str(inputs["kind"]),
        as_day(inputs.get("anchor")) or act.today,
        due=as_day(inputs.get("due")),
        level=str(level) if level else None,
        not_after=as_day(inputs.get("not_after")),
    )
    return {"due": computed.due, "provisional": computed.provisional, "parameter_row": computed.parameter_row}
